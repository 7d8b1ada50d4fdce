/** Child JVMs. */
package dev.procession.process;
