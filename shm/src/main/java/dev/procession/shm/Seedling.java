package dev.procession.shm;

/** Placeholder, deleted as soon as the first primitive arrives. */
final class Seedling {}
