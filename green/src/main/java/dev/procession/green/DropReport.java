package dev.procession.green;

import dev.procession.green.engine.Engine;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Says so when a greenlet became garbage while it was suspended: nobody can run it again, and its {@code finally} blocks never
 * will. Only where the engine keeps greenlets on the heap; elsewhere a suspended one is a thread, which is no garbage, and its
 * {@link GreenletScope} tells.
 *
 * <p>A report holds nothing of its greenlet, or that would never become garbage.
 */
final class DropReport implements Runnable {
    private static final Logger LOG = System.getLogger("dev.procession.green");
    private static final Cleaner CLEANER = Cleaner.create();

    /** To record where a greenlet is made takes ten times as long as to make it: the first ones, then one in so many. */
    private static final int ALWAYS_RECORDED = 256;

    private static final int RECORDED_ONE_IN = 128;
    private static final boolean RECORD_ALL = "all".equals(System.getProperty("procession.greenlet.trace"));
    private static final AtomicLong MADE = new AtomicLong();

    private final String name;
    private final @Nullable Throwable creation;
    private volatile boolean ended;
    private Cleaner.@Nullable Cleanable cleanable;

    private DropReport(String name, @Nullable Throwable creation) {
        this.name = name;
        this.creation = creation;
    }

    /** Records the current stack, for some of the greenlets. */
    static @Nullable Throwable creationOfNext() {
        long number = MADE.incrementAndGet();
        boolean recorded = RECORD_ALL || number <= ALWAYS_RECORDED || number % RECORDED_ONE_IN == 0;
        return recorded ? new Throwable("made here") : null;
    }

    static @Nullable DropReport watch(Greenlet greenlet, @Nullable Throwable creation) {
        if (!Engine.rung().isInternal()) {
            return null;
        }
        DropReport report = new DropReport(greenlet.toString(), creation);
        report.cleanable = CLEANER.register(greenlet, report);
        return report;
    }

    void cancel() {
        ended = true;
        if (cleanable != null) {
            cleanable.clean();
        }
    }

    @Override
    public void run() {
        if (!ended) {
            log(name, "dropped while suspended: its finally blocks will not run", creation);
        }
    }

    static void log(String name, String what, @Nullable Throwable creation) {
        String where = creation == null ? " (to see where it was made: -Dprocession.greenlet.trace=all)" : "";
        LOG.log(Level.WARNING, name + " was " + what + where, creation);
    }
}
