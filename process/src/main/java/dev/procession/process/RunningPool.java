package dev.procession.process;

import dev.procession.core.spi.Backlog;
import dev.procession.shm.channel.ChannelGlance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A {@link ProcessPool} of any process of this user, as it is seen from outside at one moment: what {@code ./procession
 * doctor} shows. Looking at it takes nothing from it and waits for nobody, so one that hangs can be looked at too. Pools of one
 * process that have the same name are seen as one.
 *
 * @param pid the process whose pool it is
 * @param name the pool's name
 * @param waiting how many tasks wait for a worker
 * @param capacity how many may wait; empty for any number
 * @param workers those that live, by number; a pool that has none cannot be seen
 */
public record RunningPool(long pid, String name, int waiting, OptionalLong capacity, List<Worker> workers) {
    /**
     * A worker.
     *
     * @param number its number in the pool
     * @param pid its process; empty as long as that starts
     * @param working for how long it has been at its task; empty if it is at none
     * @param spare whether it gets no tasks until another worker dies or more are wanted
     * @param ahead how many more tasks it was given, and has not begun
     */
    public record Worker(int number, OptionalLong pid, Optional<Duration> working, boolean spare, int ahead) {}

    /** Makes the list its own. */
    public RunningPool {
        workers = List.copyOf(workers);
    }

    /**
     * Whether a task that is submitted now finds no room.
     *
     * @return true if so; false if the pool has room for any number, or never lets one wait
     */
    public boolean isFull() {
        return capacity.isPresent() && capacity.getAsLong() > 0 && waiting >= capacity.getAsLong();
    }

    /**
     * Looks at all pools. Those of other users, other containers and other versions of Procession are left out.
     *
     * @return what was seen, by process and name; may be out of date on return
     */
    public static List<RunningPool> all() {
        Map<Long, Map<String, List<ChannelGlance>>> channels = ChannelGlance.all().stream()
                .collect(Collectors.groupingBy(
                        glance -> glance.host().pid(),
                        TreeMap::new,
                        Collectors.groupingBy(glance -> glance.purpose().name(), TreeMap::new, Collectors.toList())));
        List<RunningPool> pools = new ArrayList<>();
        channels.forEach((pid, ofProcess) -> ofProcess.forEach((name, each) -> pools.add(of(pid, name, each))));
        return List.copyOf(pools);
    }

    private static RunningPool of(long pid, String name, List<ChannelGlance> channels) {
        int limit = channels.getFirst().purpose().backlogLimit();
        return new RunningPool(
                pid,
                name,
                channels.stream()
                        .mapToInt(ChannelGlance::backlog)
                        .max()
                        .orElse(0), // one that is new has not heard of any
                limit == Backlog.UNBOUNDED ? OptionalLong.empty() : OptionalLong.of(limit),
                channels.stream()
                        .sorted(Comparator.comparingInt(
                                glance -> glance.purpose().worker()))
                        .map(RunningPool::worker)
                        .toList());
    }

    private static Worker worker(ChannelGlance glance) {
        return new Worker(
                glance.purpose().worker(),
                glance.guest().map(guest -> OptionalLong.of(guest.pid())).orElse(OptionalLong.empty()),
                glance.work() ? Optional.of(Duration.ofNanos(glance.workNanos())) : Optional.empty(),
                glance.reserve(),
                glance.ahead());
    }
}
