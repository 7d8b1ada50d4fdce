package dev.procession.shm.map;

import dev.procession.core.codec.Encoded;

/**
 * A key and its value, as they were at some time.
 *
 * @param key the key
 * @param value the value
 */
public record Binding(Key key, Encoded value) {}
