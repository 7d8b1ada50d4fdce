package dev.procession.process.manager;

/** A proxy that is a class of its own, with a {@link Remote} inside. */
interface RemoteBacked {
    Remote remote();
}
