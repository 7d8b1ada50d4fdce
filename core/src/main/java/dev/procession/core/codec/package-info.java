/** How values become bytes for another JVM, and come back. Start with {@link dev.procession.core.codec.Codec}. */
package dev.procession.core.codec;
