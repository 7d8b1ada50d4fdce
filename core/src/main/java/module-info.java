import org.jspecify.annotations.NullMarked;

/** The contracts every other module speaks: serializable lambdas and the codec that carries them between JVMs. */
@NullMarked
module dev.procession.core {
    requires static org.jspecify;

    exports dev.procession.core;
    exports dev.procession.core.codec;
}
