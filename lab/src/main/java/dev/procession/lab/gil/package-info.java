/**
 * The global interpreter lock: {@link dev.procession.lab.gil.GlobalLock} is a model of it, {@link
 * dev.procession.lab.gil.Interpreter} runs work under it or without, {@link dev.procession.lab.gil.Gil} compares.
 */
package dev.procession.lab.gil;
