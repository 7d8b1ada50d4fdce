package dev.procession.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.Background;
import dev.procession.conformance.LoggedWarnings;
import dev.procession.conformance.LoggedWarnings.Warning;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What greenlets do where they are kept on the heap, on the two engines that use the JDK's continuations. */
class GreenletOnHeapTest {
    private static final Object MONITOR = new Object();

    @Test
    void aSwitchWithAMonitorHeldIsAnErrorThatNamesTheFrame() {
        Greenlet main = Greenlet.current();
        Greenlet holder = Greenlet.of(value -> holdAndSwitch(main));

        assertThatThrownBy(holder::switchTo)
                .isInstanceOf(GreenletException.class)
                .hasMessageContaining("a monitor is held by")
                .hasMessageContaining("GreenletOnHeapTest.holdAndSwitch");
        assertThat(holder.isDead()).isTrue();
        synchronized (MONITOR) {
            assertThat(Thread.holdsLock(MONITOR)).isTrue(); // it was given back
        }
    }

    private static Object holdAndSwitch(Greenlet main) {
        synchronized (MONITOR) {
            return main.switchTo();
        }
    }

    @Test
    void theErrorLeavesTheGreenletRunningAndAbleToSwitchLater() {
        Greenlet main = Greenlet.current();
        Greenlet holder = Greenlet.of(value -> {
            try {
                return holdAndSwitch(main);
            } catch (GreenletException refused) {
                return main.switchTo("went on");
            }
        });

        assertThat(holder.switchTo()).isEqualTo("went on");
        assertThat(holder.switchTo("end")).isEqualTo("end");
    }

    private static final class SwitchesWhenInitialized {
        static final Object VALUE = Greenlet.current().parent().switchTo("from the initializer");

        private SwitchesWhenInitialized() {}
    }

    @Test
    void aSwitchInsideAClassInitializerIsAnErrorThatNamesIt() {
        Greenlet greenlet = Greenlet.of(value -> SwitchesWhenInitialized.VALUE);

        assertThatThrownBy(greenlet::switchTo)
                .isInstanceOf(ExceptionInInitializerError.class)
                .cause()
                .isInstanceOf(GreenletException.class)
                .hasMessageContaining("SwitchesWhenInitialized.<clinit>");
    }

    @Test
    void aGreenletDroppedWhileSuspendedIsReportedWithTheStackOfItsCreation() {
        List<Warning> warnings;
        try (LoggedWarnings logged = LoggedWarnings.of("dev.procession.green")) {
            WeakReference<Greenlet> dropped = makeAndDrop();
            Background.until(() -> {
                System.gc();
                return dropped.refersTo(null) && logged.heard().stream().anyMatch(GreenletOnHeapTest::isOfDropped);
            });
            warnings = logged.heard();
        }
        assertThat(warnings)
                .filteredOn(GreenletOnHeapTest::isOfDropped)
                .anySatisfy(warning -> assertThat(warning.thrown().getStackTrace())
                        .anySatisfy(frame -> assertThat(frame.getMethodName()).isEqualTo("makeAndDrop")));
    }

    private static boolean isOfDropped(Warning warning) {
        return warning.message().contains("dropped while suspended");
    }

    private static WeakReference<Greenlet> makeAndDrop() {
        Greenlet main = Greenlet.current();
        Greenlet greenlet = Greenlet.of(value -> main.switchTo());
        greenlet.switchTo();
        return new WeakReference<>(greenlet);
    }
}
