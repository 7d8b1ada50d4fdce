package dev.procession.shm.channel;

/**
 * What a channel is for, told to whoever looks at it from outside.
 *
 * @param name of what the host keeps it for, such as a pool
 * @param worker the guest's number there
 * @param backlogLimit how much may wait there for a guest
 */
public record ChannelPurpose(String name, int worker, int backlogLimit) {}
