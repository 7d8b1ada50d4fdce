package dev.procession.process.manager;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/** A list in the manager. No call waits. */
final class ServedList implements ListCalls {
    /** Whether elements may come and go. */
    enum Size {
        VARIABLE,
        FIXED
    }

    private static final class Item {
        final long stamp;
        final byte[] element;

        Item(long stamp, byte[] element) {
            this.stamp = stamp;
            this.element = element;
        }
    }

    private final Size kind;

    /** Guarded by this. */
    private final List<Item> items = new ArrayList<>();

    /** Counts changes; also makes stamps. Guarded by this. */
    private long version;

    ServedList() {
        this.kind = Size.VARIABLE;
    }

    /** A list that keeps its size. */
    ServedList(Object[] elements) {
        this.kind = Size.FIXED;
        items.addAll(stamped(elements));
    }

    private void ensureVariable() {
        if (kind == Size.FIXED) {
            throw new UnsupportedOperationException("an array keeps its size");
        }
    }

    private Item stamped(byte[] element) {
        return new Item(++version, element);
    }

    private List<Item> stamped(Object[] elements) {
        List<Item> made = new ArrayList<>(elements.length);
        for (Object each : elements) {
            made.add(stamped((byte[]) each));
        }
        return made;
    }

    @Override
    public synchronized int size() {
        return items.size();
    }

    @Override
    public synchronized byte[] get(int index) {
        return items.get(index).element;
    }

    @Override
    public synchronized byte[] set(int index, byte[] element) {
        return items.set(index, stamped(element)).element;
    }

    @Override
    public synchronized long setStamped(long stamp, byte[] element) {
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).stamp == stamp) {
                items.set(i, stamped(element));
                return version;
            }
        }
        return -1L;
    }

    @Override
    public synchronized void add(byte[] element) {
        ensureVariable();
        items.add(stamped(element));
    }

    @Override
    public synchronized void add(int index, byte[] element) {
        ensureVariable();
        items.add(index, stamped(element));
    }

    @Override
    public synchronized long insert(int index, byte[] element) {
        ensureVariable();
        items.add(Math.min(index, items.size()), stamped(element));
        return version;
    }

    @Override
    public synchronized void addAll(Object[] elements) {
        ensureVariable();
        items.addAll(stamped(elements));
    }

    @Override
    public synchronized void addAll(int index, Object[] elements) {
        ensureVariable();
        items.addAll(index, stamped(elements));
    }

    @Override
    public synchronized byte[] remove(int index) {
        ensureVariable();
        version++;
        return items.remove(index).element;
    }

    @Override
    public synchronized void removeRange(int from, int to) {
        ensureVariable();
        version++;
        items.subList(from, to).clear();
    }

    @Override
    public synchronized int removeStamped(long[] stamps) {
        ensureVariable();
        Set<Long> doomed = new HashSet<>();
        for (long each : stamps) {
            doomed.add(each);
        }
        int before = items.size();
        items.removeIf(item -> doomed.contains(item.stamp));
        version++;
        return before - items.size();
    }

    @Override
    public synchronized byte[] getFirst() {
        ensureNotEmpty();
        return items.getFirst().element;
    }

    @Override
    public synchronized byte[] getLast() {
        ensureNotEmpty();
        return items.getLast().element;
    }

    @Override
    public synchronized byte[] removeFirst() {
        ensureVariable();
        ensureNotEmpty();
        version++;
        return items.removeFirst().element;
    }

    @Override
    public synchronized byte[] removeLast() {
        ensureVariable();
        ensureNotEmpty();
        version++;
        return items.removeLast().element;
    }

    private void ensureNotEmpty() {
        if (items.isEmpty()) {
            throw new NoSuchElementException("the list is empty");
        }
    }

    @Override
    public synchronized void clear() {
        ensureVariable();
        version++;
        items.clear();
    }

    @Override
    public synchronized Object[] snapshot() {
        return new Object[] {
            version,
            items.stream().mapToLong(item -> item.stamp).toArray(),
            items.stream().map(item -> item.element).toArray()
        };
    }

    @Override
    public synchronized boolean setAll(long expected, Object[] elements) {
        if (version != expected || elements.length != items.size()) {
            return false;
        }
        for (int i = 0; i < elements.length; i++) {
            items.set(i, stamped((byte[]) elements[i]));
        }
        return true;
    }
}
