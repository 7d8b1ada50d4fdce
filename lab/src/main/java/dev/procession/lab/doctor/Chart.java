package dev.procession.lab.doctor;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Paper;
import dev.procession.lab.picture.Table;
import dev.procession.process.RunningPool;
import dev.procession.process.RunningPool.Worker;
import dev.procession.shm.Examination;
import dev.procession.shm.Examination.Lock;
import dev.procession.shm.Examination.Queue;
import dev.procession.shm.Examination.Waiter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Spaces and pools, and what was found in them, for people and for programs.
 *
 * @param spaces the spaces that were seen
 * @param pools the pools that were seen
 * @param findings what is wrong
 */
public record Chart(List<Examination> spaces, List<RunningPool> pools, List<Finding> findings) {
    /**
     * For people.
     *
     * @param paper what it is drawn on
     * @return lines
     */
    public List<String> draw(Paper paper) {
        List<String> lines = new ArrayList<>();
        for (Examination space : spaces) {
            lines.add(paper.ink(Ink.BOLD, "space " + space.name()) + " (deadlocks: " + space.deadlockPolicy() + ")");
            lines.addAll(members(space).draw(paper));
            if (!space.locks().isEmpty()) {
                lines.addAll(locks(space).draw(paper));
            }
            if (!space.queues().isEmpty()) {
                lines.addAll(queues(space).draw(paper));
            }
            for (Waiter waiter : space.otherWaits()) {
                lines.add(paper.legible(Diagnosis.describe(waiter) + " waits"));
            }
            lines.add("");
        }
        for (RunningPool pool : pools) {
            lines.add(paper.ink(Ink.BOLD, Diagnosis.describe(pool)) + ": " + paper.legible(waitingIn(pool)));
            lines.addAll(workers(pool).draw(paper));
            lines.add("");
        }
        for (Finding finding : findings) {
            Ink ink = finding.kind().severity() == Severity.DEADLOCK ? Ink.RED : Ink.YELLOW;
            lines.add(paper.ink(ink, finding.kind().words()) + " in " + finding.space() + ": "
                    + paper.legible(finding.message()));
        }
        if (findings.isEmpty()) {
            lines.add(paper.ink(Ink.GREEN, "healthy"));
        }
        return lines;
    }

    private static Table members(Examination space) {
        List<List<String>> rows = space.members().stream()
                .map(member -> List.of(Long.toString(member.pid()), member.name(), member.alive() ? "alive" : "dead"))
                .toList();
        return new Table(List.of("pid", "process", ""), rows.isEmpty() ? List.of(List.of("-", "nobody", "")) : rows);
    }

    private static Table locks(Examination space) {
        List<List<String>> rows = new ArrayList<>();
        for (Lock lock : space.locks()) {
            rows.add(List.of(
                    lock.label() + (lock.inDoubt() ? " (in doubt)" : ""),
                    lock.owner().map(Diagnosis::describe).orElse("free"),
                    lock.waiters().isEmpty()
                            ? "-"
                            : String.join(
                                    ", ",
                                    lock.waiters().stream()
                                            .map(waiter -> Diagnosis.describe(waiter) + " for "
                                                    + waiter.waited().toMillis() + " ms")
                                            .toList())));
        }
        return new Table(List.of("lock", "held by", "waited for by"), rows);
    }

    private static Table queues(Examination space) {
        List<List<String>> rows = new ArrayList<>();
        for (Queue queue : space.queues()) {
            rows.add(List.of(
                    queue.label(),
                    queue.waiting() + " of " + queue.capacity(),
                    Integer.toString(queue.leased()),
                    Integer.toString(queue.deadLetters())));
        }
        return new Table(List.of("queue", "items", "leased", "dead letters"), rows);
    }

    private static String waitingIn(RunningPool pool) {
        return pool.waiting()
                + (pool.capacity().isPresent() ? " of " + pool.capacity().getAsLong() : "") + " tasks wait";
    }

    private static Table workers(RunningPool pool) {
        List<List<String>> rows = new ArrayList<>();
        for (Worker worker : pool.workers()) {
            rows.add(List.of(
                    Integer.toString(worker.number()),
                    worker.pid().isPresent() ? Long.toString(worker.pid().getAsLong()) : "-",
                    doing(worker),
                    Integer.toString(worker.ahead())));
        }
        return new Table(List.of("worker", "pid", "", "tasks ahead"), rows);
    }

    private static String doing(Worker worker) {
        if (worker.pid().isEmpty()) {
            return "starting";
        }
        return worker.working()
                .map(since -> "in a task for " + since.toMillis() + " ms")
                .orElse(worker.spare() ? "spare" : "idle");
    }

    /**
     * For programs: {@code state}, {@code findings}, {@code spaces} and {@code pools}.
     *
     * @return an object for JSON
     */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("state", Severity.ofWorst(findings).name().toLowerCase(Locale.ROOT));
        map.put("findings", findings.stream().map(Chart::asMap).toList());
        map.put("spaces", spaces.stream().map(Chart::asMap).toList());
        map.put("pools", pools.stream().map(Chart::asMap).toList());
        return map;
    }

    private static Map<String, Object> asMap(RunningPool pool) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("pid", pool.pid());
        map.put("name", pool.name());
        map.put("waiting", pool.waiting());
        pool.capacity().ifPresent(capacity -> map.put("capacity", capacity));
        map.put("workers", pool.workers().stream().map(Chart::asMap).toList());
        return map;
    }

    private static Map<String, Object> asMap(Worker worker) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("number", worker.number());
        worker.pid().ifPresent(pid -> map.put("pid", pid));
        worker.working().ifPresent(since -> map.put("workingMillis", since.toMillis()));
        map.put("spare", worker.spare());
        map.put("ahead", worker.ahead());
        return map;
    }

    private static Map<String, Object> asMap(Finding finding) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kind", finding.kind().words());
        map.put("space", finding.space());
        map.put("message", finding.message());
        return map;
    }

    private static Map<String, Object> asMap(Examination space) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", space.name());
        map.put("deadlockPolicy", space.deadlockPolicy());
        map.put("members", space.members());
        map.put("locks", space.locks().stream().map(Chart::asMap).toList());
        map.put("queues", space.queues());
        map.put("otherWaits", space.otherWaits().stream().map(Chart::asMap).toList());
        return map;
    }

    private static Map<String, Object> asMap(Lock lock) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("label", lock.label());
        map.put("type", lock.type());
        lock.owner().ifPresent(owner -> map.put("owner", owner));
        map.put("inDoubt", lock.inDoubt());
        map.put("waiters", lock.waiters().stream().map(Chart::asMap).toList());
        return map;
    }

    private static Map<String, Object> asMap(Waiter waiter) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("pid", waiter.pid());
        map.put("process", waiter.process());
        map.put("thread", waiter.thread());
        map.put("frame", waiter.frame());
        map.put("waitedMillis", waiter.waited().toMillis());
        map.put("endless", waiter.endless());
        return map;
    }
}
