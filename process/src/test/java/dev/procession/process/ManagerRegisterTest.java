package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.procession.conformance.Background;
import dev.procession.core.codec.UndecodableException;
import dev.procession.core.codec.UnencodableException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Objects of the user's own in a manager. Rules G5 and G6 of docs/contracts/manager.md. */
class ManagerRegisterTest {
    private static Manager manager;

    @BeforeAll
    static void start() {
        manager = Manager.start();
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    interface Ledger {
        void enter(String line);

        List<String> lines();

        long pid();

        default int count() {
            return lines().size();
        }

        void fail(Kind kind) throws IOException;

        void copyTo(List<String> target);

        String sleep() throws InterruptedException;

        Object unserializable();

        Object made(Serializable parameter);
    }

    enum Kind {
        CHECKED,
        UNSERIALIZABLE,
        WITH_CAUSE
    }

    /** Cannot travel. */
    private static final class Stubborn extends RuntimeException {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("unused")
        private final Object inside = new Object();

        Stubborn() {
            super("it is inside");
        }
    }

    private static final class Book implements Ledger {
        private final List<String> lines = new ArrayList<>();
        private final BlockingQueue<String> asleep;

        Book(BlockingQueue<String> asleep) {
            this.asleep = asleep;
        }

        @Override
        public synchronized void enter(String line) {
            lines.add(line);
        }

        @Override
        public synchronized List<String> lines() {
            return List.copyOf(lines);
        }

        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }

        @Override
        public void fail(Kind kind) throws IOException {
            switch (kind) {
                case CHECKED -> throw new IOException("no more paper");
                case UNSERIALIZABLE -> throw new Stubborn();
                case WITH_CAUSE -> throw new IllegalStateException("above", new IOException("below"));
            }
        }

        @Override
        public void copyTo(List<String> target) {
            target.addAll(lines());
        }

        @Override
        public String sleep() throws InterruptedException {
            asleep.put("asleep");
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                asleep.put("interrupted");
                throw e;
            }
            return "never";
        }

        @Override
        public Object unserializable() {
            return new Object();
        }

        @Override
        public Object made(Serializable parameter) {
            return parameter;
        }
    }

    private static Ledger ledger() {
        BlockingQueue<String> asleep = manager.queue();
        return manager.register(Ledger.class, () -> new Book(asleep));
    }

    @Test
    void objectLivesInTheManagersProcessAndIsTheSameForAll() throws Exception {
        Ledger ledger = ledger();
        ledger.enter("first");
        ChildProcess.start(() -> ledger.enter("by pid " + Processes.current().pid()))
                .joinOrThrow();

        assertThat(ledger.lines()).hasSize(2).first().isEqualTo("first");
        assertThat(ledger.count()).isEqualTo(2);
        assertThat(ledger.pid()).isEqualTo(manager.process().orElseThrow().pid());
    }

    @Test
    void proxiesAsArgumentsWorkInTheManagersProcessToo() {
        Ledger ledger = ledger();
        ledger.enter("one");
        ledger.enter("two");
        List<String> target = manager.list();

        ledger.copyTo(target);

        assertThat(target).containsExactly("one", "two");
    }

    @Test
    void exceptionsCrossWithBothStacks() {
        Ledger ledger = ledger();
        String self = ManagerRegisterTest.class.getName();

        Throwable checked = catchThrowable(() -> ledger.fail(Kind.CHECKED));
        assertThat(checked).isExactlyInstanceOf(IOException.class).hasMessage("no more paper");
        assertThat(checked.getStackTrace()[0].getClassName()).doesNotContain("process.manager");
        assertThat(classes(checked)).contains(self).doesNotContain(Book.class.getName());
        assertThat(checked.getCause()).isInstanceOf(RemoteThrowable.class);
        assertThat(classes(checked.getCause())).contains(Book.class.getName()).doesNotContain(self);

        Throwable withCause = catchThrowable(() -> ledger.fail(Kind.WITH_CAUSE));
        assertThat(withCause).isExactlyInstanceOf(IllegalStateException.class).hasRootCauseMessage("below");
        assertThat(withCause.getSuppressed()).singleElement().isInstanceOf(RemoteThrowable.class);

        Throwable standIn = catchThrowable(() -> ledger.fail(Kind.UNSERIALIZABLE));
        assertThat(standIn.getCause()).isInstanceOf(RemoteThrowable.class).hasMessage("it is inside");
        assertThat(((RemoteThrowable) standIn.getCause()).className()).isEqualTo(Stubborn.class.getName());
    }

    private static List<String> classes(Throwable thrown) {
        return java.util.Arrays.stream(thrown.getStackTrace())
                .map(StackTraceElement::getClassName)
                .toList();
    }

    @Test
    void interruptReachesACallThatSaysItCanBeInterrupted() throws Exception {
        BlockingQueue<String> asleep = manager.queue();
        Ledger ledger = manager.register(Ledger.class, () -> new Book(asleep));
        var call = Background.call(ledger::sleep);
        assertThat(asleep.take()).isEqualTo("asleep");

        call.interrupt();

        call.failure(InterruptedException.class);
        assertThat(asleep.take()).isEqualTo("interrupted");
    }

    @Test
    void endOfTheCallingProcessInterruptsItsCalls() throws Exception {
        BlockingQueue<String> asleep = manager.queue();
        Ledger ledger = manager.register(Ledger.class, () -> new Book(asleep));
        ChildProcess caller = ChildProcess.start(ledger::sleep);
        assertThat(asleep.take()).isEqualTo("asleep");

        caller.kill();

        assertThat(asleep.take()).isEqualTo("interrupted");
        caller.join();
    }

    @Test
    void whatCannotTravelIsSaid() {
        Ledger ledger = ledger();

        assertThatExceptionOfType(UnencodableException.class).isThrownBy(ledger::unserializable);
        Object[] captured = {new Object()};
        assertThatExceptionOfType(UnencodableException.class)
                .isThrownBy(() -> manager.register(Supplier.class, () -> () -> captured));
        assertThatIllegalArgumentException().isThrownBy(() -> manager.register(String.class, () -> "no interface"));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> manager.register(Runnable.class, () -> {
                    throw new ArithmeticException("no object");
                }));
    }

    /** What a filter does not let pass. */
    record Forbidden(String text) implements Serializable {}

    record Allowed(String text) implements Serializable {}

    @Test
    void filterDecidesWhatIsBuiltOnBothSides() {
        String self = ManagerRegisterTest.class.getName();
        try (Manager wary = Manager.builder()
                .classFilter(self + ";" + self + "$Ledger;" + self + "$Book;" + self + "$Allowed;java.util.*;!*")
                .start()) {
            BlockingQueue<String> asleep = wary.queue();
            Ledger ledger = wary.register(Ledger.class, () -> new Book(asleep));
            BlockingQueue<Object> queue = wary.queue();

            assertThat(ledger.made(new Allowed("fine"))).isEqualTo(new Allowed("fine"));
            Throwable inTheManager = catchThrowable(() -> ledger.made(new Forbidden("no")));
            queue.add(new Forbidden("no")); // there it is bytes alone
            queue.add(new Allowed("fine"));
            Throwable inTheClient = catchThrowable(queue::take);

            assertThat(inTheManager).isInstanceOf(UndecodableException.class).hasMessageContaining("Forbidden");
            assertThat(inTheManager.getSuppressed()).singleElement().isInstanceOf(RemoteThrowable.class);
            assertThat(inTheClient).isInstanceOf(UndecodableException.class).hasMessageContaining("Forbidden");
            assertThat(queue.poll()).isEqualTo(new Allowed("fine"));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Manager.builder().classFilter("maxdepth=x"));
    }
}
