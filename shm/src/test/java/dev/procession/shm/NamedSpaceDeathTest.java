package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.core.FencedLock;
import dev.procession.core.Space;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Creators, openers and removers of named spaces that are killed, and that get in each other's way. */
@SuppressWarnings("LockNotBeforeTry") // a child that throws is to die holding the lock
class NamedSpaceDeathTest {
    private static final URI SHOP = URI.create("shm:shop");

    @TempDir(factory = InSharedMemory.class)
    @SuppressWarnings("NullAway.Init")
    private Path place;

    private static Space open(String place) {
        return Space.open(SHOP, Map.of("dir", place));
    }

    @Test
    void a_creator_killed_at_any_time_leaves_a_whole_space_or_none() throws Exception {
        killCreators(6);
    }

    @Test
    @Tag("soak")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void creators_killed_at_any_time_leave_whole_spaces_or_none() throws Exception {
        killCreators(200);
    }

    /** Children that make, use, leave and remove the space in a loop, killed at random; each time we use what is left. */
    private void killCreators(int times) throws Exception {
        String place = this.place.toString();
        int found = 0;
        for (int i = 0; i < times; i++) {
            try (ChildJvm creator = ChildJvm.start(() -> {
                NamedSpaces spaces = NamedSpaces.in(Path.of(place));
                for (int round = 0; ; round++) {
                    if (round == 1) {
                        say("warm");
                    }
                    try (Space space = open(place)) {
                        for (String name : List.of("a", "b", "c")) {
                            space.lock(name).lock();
                        }
                    }
                    spaces.remove("shop");
                }
            })) {
                creator.hear();
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(100)));
                creator.kill();
            }
            NamedSpaces spaces = NamedSpaces.in(this.place);
            found += spaces.list().size();
            assertThat(spaces.list())
                    .allSatisfy(space -> assertThat(space.fault()).isNull());
            try (Space space = open(place)) {
                for (String name : List.of("a", "b", "c", "d")) {
                    FencedLock lock = space.lock(name);
                    assertThat(lock.tryLock(10, TimeUnit.SECONDS)).as(name).isTrue();
                    lock.unlock();
                }
            }
            assertThat(spaces.remove("shop")).isTrue();
            try (var files = Files.list(spaces.folder())) {
                assertThat(files).as("nothing half-made").isEmpty();
            }
        }
        System.out.println("spaces left by killed creators: " + found + " of " + times);
    }

    /** Whoever is let in together is in one space: a counter in no lock's memory but the file's would show another. */
    @Test
    void openers_and_removers_that_race_never_end_up_in_two_spaces() throws Exception {
        String place = this.place.toString();
        Path log = this.place.resolve("log");
        Files.createFile(log);
        String logFile = log.toString();
        List<ChildJvm> children = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                children.add(ChildJvm.start(() -> {
                    NamedSpaces spaces = NamedSpaces.in(Path.of(place));
                    int removed = 0;
                    for (int round = 0; round < 150; round++) {
                        try (Space space = open(place)) {
                            FencedLock lock = space.lock("l");
                            lock.lock();
                            // In two spaces two would be in here at once, or fences would not grow.
                            Path inside = Path.of(place, "inside");
                            Files.createFile(inside);
                            Files.writeString(
                                    Path.of(logFile), lock.getFence() + "\n", java.nio.file.StandardOpenOption.APPEND);
                            Files.delete(inside);
                            lock.unlock();
                        }
                        try {
                            removed += spaces.remove("shop") ? 1 : 0;
                        } catch (IllegalStateException inUse) {
                            // by the others
                        }
                    }
                    say(removed);
                }));
            }
            int removed = 0;
            for (ChildJvm child : children) {
                removed += Integer.parseInt(child.hear());
                assertThat(child.join()).isZero();
            }
            List<Long> fences =
                    Files.readAllLines(log).stream().map(Long::valueOf).toList();
            assertThat(fences).hasSize(3 * 150).isSorted().doesNotHaveDuplicates();
            assertThat(removed).as("removals").isPositive();
        } finally {
            for (ChildJvm child : children) {
                child.close();
            }
        }
    }
}
