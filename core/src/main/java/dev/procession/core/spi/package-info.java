/**
 * What others hook into core. {@link dev.procession.core.spi.SpaceProvider} opens a URI scheme; an {@link
 * dev.procession.core.spi.Interleaving} decides the order in which tasks take their steps.
 */
package dev.procession.core.spi;
