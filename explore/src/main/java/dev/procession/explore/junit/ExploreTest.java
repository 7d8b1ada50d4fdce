package dev.procession.explore.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs in every order of its tasks' steps, and fails with the shortest order that fails.
 *
 * <pre>{@code
 * @ExploreTest
 * void nobodyTakesTheSameElement(Program program) {
 *     var queue = new LifoBlockingQueue<>(List.of("only"));
 *     program.task("ada", () -> taken.add(queue.poll()));
 *     program.task("ben", () -> taken.add(queue.poll()));
 *     program.check("one of them has it", () -> ...);
 * }
 * }</pre>
 *
 * <p>The method describes the {@link dev.procession.explore.Program} it is given; it is called anew for each schedule, on the
 * same instance of the test class, so what tasks share should be its local variables. {@code -Dprocession.explore.replay=TOKEN}
 * runs the one schedule of a token instead.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(ExploreExtension.class)
public @interface ExploreTest {
    /** Which schedules are run. */
    enum Schedules {
        /** All: {@link dev.procession.explore.Explorer#everySchedule}. */
        EVERY,
        /** One of each kind: {@link dev.procession.explore.Explorer#everyKind}. */
        EVERY_KIND,
        /** As many as {@link #max} says, drawn at random. */
        RANDOM
    }

    /**
     * Which schedules are run.
     *
     * @return one of each kind unless said
     */
    Schedules value() default Schedules.EVERY_KIND;

    /**
     * How many schedules are run at most. A test that reaches this without a failure fails too, unless it is a random one: it
     * has proved nothing.
     *
     * @return the limit
     */
    long max() default 100_000;

    /**
     * Where the drawing of random schedules starts.
     *
     * @return the seed
     */
    long seed() default 1;
}
