package dev.procession.process.pool;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The calls no worker has been found for: by priority, and within one in the order in which they came. Any can leave at
 * once. Guarded by the dispatcher's lock.
 */
final class TaskQueue {
    /** Highest priority first; no empty sets. */
    private final NavigableMap<Integer, SequencedSet<Call>> calls = new TreeMap<>(Collections.reverseOrder());

    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(Call call) {
        if (ofPriority(call).add(call)) {
            size++;
        }
    }

    /** Puts back one that had been taken: before all others of its priority. */
    void putBack(Call call) {
        ofPriority(call).addFirst(call);
        size++;
    }

    private SequencedSet<Call> ofPriority(Call call) {
        return calls.computeIfAbsent(call.priority(), _ -> new LinkedHashSet<>());
    }

    @Nullable
    Call peek() {
        return size == 0 ? null : calls.firstEntry().getValue().getFirst();
    }

    @Nullable
    Call poll() {
        Call first = peek();
        if (first != null) {
            boolean _ = remove(first);
        }
        return first;
    }

    boolean remove(Call call) {
        SequencedSet<Call> peers = calls.get(call.priority());
        if (peers == null || !peers.remove(call)) {
            return false;
        }
        if (peers.isEmpty()) {
            calls.remove(call.priority());
        }
        size--;
        return true;
    }

    /** Empties it, in the order of leaving. */
    List<Call> drain() {
        List<Call> all = new ArrayList<>(size);
        calls.values().forEach(all::addAll);
        calls.clear();
        size = 0;
        return all;
    }
}
