package dev.procession.lab;

/** The main. */
final class Lab {}
