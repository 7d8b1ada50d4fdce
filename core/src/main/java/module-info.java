import org.jspecify.annotations.NullMarked;

/**
 * The contracts every other module speaks: serializable lambdas, the codec that carries them between JVMs, queues with
 * leases, and spaces where processes meet.
 */
@NullMarked
module dev.procession.core {
    requires static org.jspecify;

    exports dev.procession.core;
    exports dev.procession.core.codec;
    exports dev.procession.core.spi;

    uses dev.procession.core.spi.SpaceProvider;
}
