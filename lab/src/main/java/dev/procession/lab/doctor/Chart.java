package dev.procession.lab.doctor;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Paper;
import dev.procession.lab.picture.Table;
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
 * Spaces and what was found in them, for people and for programs.
 *
 * @param spaces what was seen
 * @param findings what is wrong
 */
public record Chart(List<Examination> spaces, List<Finding> findings) {
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

    /**
     * For programs: {@code state}, {@code findings} and {@code spaces}.
     *
     * @return an object for JSON
     */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("state", Severity.ofWorst(findings).name().toLowerCase(Locale.ROOT));
        map.put("findings", findings.stream().map(Chart::asMap).toList());
        map.put("spaces", spaces.stream().map(Chart::asMap).toList());
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
