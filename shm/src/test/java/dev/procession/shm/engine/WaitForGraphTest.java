package dev.procession.shm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.shm.engine.Holder.Release;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a search sees of waits that change while it looks. */
class WaitForGraphTest {
    /** A lock that is nothing but the word of who holds it; does something after a search has read that. */
    private static final class Toy implements PrimitiveKind {
        private @Nullable Runnable afterNextLook;

        @Override
        public int number() {
            return 1;
        }

        @Override
        public String label() {
            return "Toy";
        }

        @Override
        public void repair(Remains remains) {}

        @Override
        public void close(Cells payload) {}

        @Override
        public List<Holder> holders(Cells payload) {
            Holder holder = Holder.of(payload.getLongVolatile(0), Release.BY_HOLDER);
            Runnable after = afterNextLook;
            if (after != null) {
                afterNextLook = null;
                after.run();
            }
            return holder == null ? List.of() : List.of(holder);
        }
    }

    private final Toy toy = new Toy();
    private final AttachedSpace space = AttachedSpace.create(_ -> toy);
    private final Entry noodles = space.create(toy, 0, _ -> {}, entry -> entry);
    private final Entry chopsticks = space.create(toy, 0, _ -> {}, entry -> entry);
    private final BlockedThreads blocked = space.deadlocks().blocked();
    private final WaitForGraph graph = new WaitForGraph(
            new SpaceWaits(
                    space.members(),
                    space.directory(),
                    blocked,
                    _ -> toy,
                    new Labels(space.directory(), space.names(), _ -> toy, "toys")),
            List::of);
    private final ExecutorService neighbour = Executors.newSingleThreadExecutor();

    @AfterEach
    void leaveNothing() {
        neighbour.close();
        space.close();
    }

    /** As the calling thread. */
    private void take(Entry thing) {
        thing.payload()
                .setLong(0, Holder.word(space.stamp(), Thread.currentThread().threadId()));
    }

    private int waitFor(Entry thing) {
        return blocked.enter(Awaited.of(thing), BlockedLayout.ENDLESS);
    }

    private void neighbourDoes(Runnable action) {
        try {
            neighbour.submit(action).get();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void a_circle_that_stands_still_is_one() {
        take(noodles);
        neighbourDoes(() -> {
            take(chopsticks);
            int _ = waitFor(noodles);
        });
        WaitForGraph.Cycle cycle = graph.cycleOf(waitFor(chopsticks));
        assertThat(cycle).isNotNull();
        assertThat(cycle.waits()).hasSize(2);
    }

    /**
     * The neighbour holds the chopsticks when the search looks who does, lets go of them, and waits for the noodles when the
     * search looks what the neighbour waits for. Each was so, but not at one moment.
     */
    @Test
    void two_waits_that_were_never_there_at_one_moment_are_no_circle() {
        assertThat(graph.cycleOf(waitWhileTheNeighbourChanges())).isNull();
    }

    /** That the test above is one: what it does misleads a search that is made once. */
    @Test
    void a_single_look_is_misled_by_them() {
        assertThat(graph.glimpseOf(waitWhileTheNeighbourChanges())).isNotNull();
    }

    private int waitWhileTheNeighbourChanges() {
        take(noodles);
        neighbourDoes(() -> take(chopsticks));
        toy.afterNextLook = () -> neighbourDoes(() -> {
            chopsticks.payload().setLong(0, 0);
            int _ = waitFor(noodles);
        });
        return waitFor(chopsticks);
    }
}
