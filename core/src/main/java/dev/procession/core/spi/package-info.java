/** What modules implement to be found by core: {@link dev.procession.core.spi.SpaceProvider} opens a URI scheme. */
package dev.procession.core.spi;
