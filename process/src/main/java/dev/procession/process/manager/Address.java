package dev.procession.process.manager;

import java.io.Serializable;
import java.util.UUID;

/**
 * Where a manager is, which one it is, and what opens its door. Whoever has it may use every object of that manager, if
 * the process runs for the same user.
 *
 * @param manager tells this manager from one that comes to serve at the same place later
 * @param socket the path of its socket
 * @param key the secret
 */
public record Address(UUID manager, String socket, Key key) implements Serializable {}
