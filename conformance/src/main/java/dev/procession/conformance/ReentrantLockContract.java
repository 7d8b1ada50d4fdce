package dev.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

/** What every re-entrant {@link Lock} of ours promises. Rules K1 to K8 of docs/contracts/synchronizers.md. */
@SuppressWarnings("LockNotBeforeTry") // what each single call does is what is tested
public abstract class ReentrantLockContract extends OwnerBoundLockContract {
    /** Starts the suite. */
    protected ReentrantLockContract() {}

    @Test
    final void k8_itsThreadAcquiresItAgainAndReleasesItAsOften() {
        Lock lock = free();
        lock.lock();
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
        assertThat(Background.call(lock::tryLock).result()).isFalse();
        lock.unlock();
        Background.run(() -> {
                    lock.lock();
                    lock.unlock();
                })
                .result();
    }
}
