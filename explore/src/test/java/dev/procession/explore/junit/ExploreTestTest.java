package dev.procession.explore.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.procession.explore.Program;
import dev.procession.explore.junit.ExploreTest.Schedules;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

class ExploreTestTest {
    /** Run by the tests below, each of which says how it ends. */
    static final class Programs {
        @ExploreTest
        void raceIsFound(Program program) {
            var tickets = program.variable("tickets", 1);
            var sold = new ArrayList<String>();
            for (String buyer : List.of("ada", "ben")) {
                program.task(buyer, () -> {
                    if (tickets.get() > 0) {
                        tickets.set(0);
                        sold.add(buyer);
                    }
                });
            }
            program.check("sold once", () -> sold.size() == 1);
        }

        @ExploreTest(Schedules.EVERY)
        void soundProgramPasses(Program program) {
            var lock = program.lock("till");
            var bought = new ArrayList<String>();
            for (String buyer : List.of("ada", "ben")) {
                program.task(buyer, () -> {
                    lock.lock();
                    try {
                        bought.add(buyer);
                    } finally {
                        lock.unlock();
                    }
                });
            }
            program.check("both bought", () -> bought.size() == 2);
        }

        @ExploreTest(value = Schedules.EVERY, max = 3)
        void tooFewSchedulesProveNothing(Program program) {
            soundProgramPasses(program);
        }

        @ExploreTest(value = Schedules.RANDOM, max = 3)
        void randomSchedulesNeedNotBeAll(Program program) {
            soundProgramPasses(program);
        }

        @ExploreTest
        void noParameter() {}
    }

    private static TestExecutionResult resultOf(String method, Class<?>... parameters) {
        List<Event> events = EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(Programs.class, method, parameters))
                .execute()
                .testEvents()
                .finished()
                .list();
        assertThat(events).hasSize(1);
        return events.getFirst().getRequiredPayload(TestExecutionResult.class);
    }

    private static String failureOf(String method, Class<?>... parameters) {
        return resultOf(method, parameters).getThrowable().orElseThrow().getMessage();
    }

    @Test
    void raceFailsWithItsShortestSchedule() {
        assertThat(failureOf("raceIsFound", Program.class))
                .contains("ada           | ben", "read tickets", "not so: sold once", "replay token: x1-");
    }

    @Test
    void soundProgramPasses() {
        assertThat(resultOf("soundProgramPasses", Program.class).getStatus())
                .isEqualTo(TestExecutionResult.Status.SUCCESSFUL);
        assertThat(resultOf("randomSchedulesNeedNotBeAll", Program.class).getStatus())
                .isEqualTo(TestExecutionResult.Status.SUCCESSFUL);
    }

    @Test
    void limitThatIsReachedIsNoProof() {
        assertThat(failureOf("tooFewSchedulesProveNothing", Program.class)).startsWith("proved nothing");
    }

    @Test
    void methodWithoutAProgramIsRefused() {
        assertThat(failureOf("noParameter")).contains("one parameter", "noParameter");
    }

    @Test
    void tokenRunsOneSchedule() {
        String message = failureOf("raceIsFound", Program.class);
        String token = message.substring(message.indexOf("x1-")).strip();
        System.setProperty("procession.explore.replay", token);
        try {
            assertThat(failureOf("raceIsFound", Program.class)).contains("the schedule of the token, 1 fail");
        } finally {
            System.clearProperty("procession.explore.replay");
        }
    }
}
