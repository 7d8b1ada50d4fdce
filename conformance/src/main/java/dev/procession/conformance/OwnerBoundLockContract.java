package dev.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

/** What every {@link Lock} of ours that belongs to a thread promises. Rules K1 to K7 of docs/contracts/synchronizers.md. */
@SuppressWarnings("LockNotBeforeTry") // what each single call does is what is tested
public abstract class OwnerBoundLockContract extends LockContract {
    /** Starts the suite. */
    protected OwnerBoundLockContract() {}

    @Test
    final void k7_itsThreadAloneReleasesIt() {
        Lock lock = free();
        lock.lock();
        Background.run(lock::unlock).failure(IllegalMonitorStateException.class);
        assertThat(Background.call(lock::tryLock).result()).isFalse();
        lock.unlock();
    }

    @Test
    final void k7_itBelongsToItsLatestThreadAlone() {
        Lock lock = free();
        lock.lock();
        lock.unlock();
        Background.run(() -> {
                    lock.lock();
                    Background.run(lock::unlock).failure(IllegalMonitorStateException.class);
                    lock.unlock();
                })
                .result();
        Background.run(lock::lock).result();
        Background.run(lock::unlock).failure(IllegalMonitorStateException.class);
        assertThat(lock.tryLock()).isFalse();
    }
}
