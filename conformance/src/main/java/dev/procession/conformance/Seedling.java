package dev.procession.conformance;

/** Placeholder. */
public final class Seedling {}
