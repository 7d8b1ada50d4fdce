package dev.procession.shm.engine;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The objects of this JVM that stand for primitives, none of which is kept from being collected: for each primitive the
 * usual one, and any number that stand for it apart. An {@link Entry} counts those that hold it.
 *
 * <p>Guarded by the space's monitor.
 */
final class StandIns {
    private final Map<Integer, StandIn> usual = new HashMap<>();
    private final Set<StandIn> apart = new HashSet<>();
    private final ReferenceQueue<Object> unreachable = new ReferenceQueue<>();

    private static final class StandIn extends WeakReference<Object> {
        final Entry entry;

        StandIn(Object primitive, Entry entry, ReferenceQueue<Object> queue) {
            super(primitive, queue);
            this.entry = entry;
        }
    }

    /** The usual one, if there is one and it is still reachable. */
    @Nullable
    Object usualOf(Entry entry) {
        StandIn standIn = usual.get(entry.index());
        return standIn == null ? null : standIn.get();
    }

    void addUsual(Entry entry, Object primitive) {
        entry.holders++;
        usual.put(entry.index(), new StandIn(primitive, entry, unreachable));
    }

    void addApart(Entry entry, Object primitive) {
        entry.holders++;
        apart.add(new StandIn(primitive, entry, unreachable));
    }

    /** The entry has ended. */
    void forget(Entry entry) {
        usual.remove(entry.index());
        apart.removeIf(standIn -> standIn.entry == entry);
    }

    /** Shows the entries that nothing holds any more since this was last asked. */
    void forEachUnheld(Consumer<Entry> action) {
        for (Object ref = unreachable.poll(); ref != null; ref = unreachable.poll()) {
            Entry entry = ((StandIn) ref).entry;
            apart.remove(ref);
            if (--entry.holders == 0) {
                action.accept(entry);
            }
        }
    }
}
