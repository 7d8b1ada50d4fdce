package dev.procession.process.manager;

import dev.procession.process.manager.Turn.Caller;
import dev.procession.process.manager.Turn.CutShort;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A map in the manager. It keeps the order in which keys were first put, as Python's does. */
final class ServedMap implements MapCalls, Bereaved {
    private static final System.Logger LOG = System.getLogger(ServedMap.class.getPackageName());

    /** Guarded by this. */
    private final Map<ByteBuffer, byte[]> bindings = new LinkedHashMap<>();

    /** Keys whose value a client is working out. Guarded by this. */
    private final Map<ByteBuffer, Caller> claims = new HashMap<>();

    /** Waits until nobody else works on a key. */
    private synchronized ByteBuffer free(byte[] key) {
        ByteBuffer found = ByteBuffer.wrap(key);
        ensureNoClaimOf(Turn.current());
        awaitUntil(() -> !claims.containsKey(found));
        return found;
    }

    private synchronized void awaitUntil(BooleanSupplier holds) {
        try {
            while (!holds.getAsBoolean()) {
                Turn.ensureMayWait();
                wait();
            }
        } catch (InterruptedException _) {
            throw new CutShort();
        }
    }

    private void ensureNoClaimOf(Caller caller) {
        if (claims.containsValue(caller)) {
            throw new IllegalStateException("a function that computes a value must not change the map: by=" + caller);
        }
    }

    @Override
    public synchronized int size() {
        return bindings.size();
    }

    @Override
    public synchronized byte @Nullable [] get(byte[] key) {
        return bindings.get(ByteBuffer.wrap(key));
    }

    @Override
    public synchronized byte @Nullable [] put(byte[] key, byte[] value) {
        return bindings.put(free(key), value);
    }

    @Override
    public synchronized void putAll(Object[] keys, Object[] values) {
        awaitNoClaims();
        for (int i = 0; i < keys.length; i++) {
            bindings.put(ByteBuffer.wrap((byte[]) keys[i]), (byte[]) values[i]);
        }
    }

    private void awaitNoClaims() {
        ensureNoClaimOf(Turn.current());
        awaitUntil(claims::isEmpty);
    }

    @Override
    public synchronized byte @Nullable [] putIfAbsent(byte[] key, byte[] value) {
        return bindings.putIfAbsent(free(key), value);
    }

    @Override
    public synchronized byte @Nullable [] remove(byte[] key) {
        return bindings.remove(free(key));
    }

    @Override
    public synchronized boolean removeExactly(byte[] key, byte[] expected) {
        return removeIfEqual(free(key), expected);
    }

    private boolean removeIfEqual(ByteBuffer key, byte[] expected) {
        boolean equal = Arrays.equals(bindings.get(key), expected);
        if (equal) {
            bindings.remove(key);
        }
        return equal;
    }

    @Override
    public synchronized int removeAllExactly(Object[] keys, Object[] expected) {
        awaitNoClaims();
        int removed = 0;
        for (int i = 0; i < keys.length; i++) {
            removed += removeIfEqual(ByteBuffer.wrap((byte[]) keys[i]), (byte[]) expected[i]) ? 1 : 0;
        }
        return removed;
    }

    @Override
    public synchronized byte @Nullable [] replace(byte[] key, byte[] value) {
        return bindings.replace(free(key), value);
    }

    @Override
    public synchronized boolean replaceExactly(byte[] key, byte[] expected, byte[] value) {
        ByteBuffer found = free(key);
        boolean equal = Arrays.equals(bindings.get(found), expected);
        if (equal) {
            bindings.put(found, value);
        }
        return equal;
    }

    @Override
    public synchronized void clear() {
        awaitNoClaims();
        bindings.clear();
    }

    @Override
    public synchronized Object[] snapshot() {
        return new Object[] {
            bindings.keySet().stream().map(ByteBuffer::array).toArray(),
            bindings.values().toArray()
        };
    }

    @Override
    public synchronized byte @Nullable [] claim(byte[] key, Claimed what) {
        ByteBuffer found = free(key);
        byte[] value = bindings.get(found);
        boolean wanted = switch (what) {
            case ANYTHING -> true;
            case SOMETHING -> value != null;
            case NOTHING -> value == null;
        };
        Caller caller = Turn.current();
        if (wanted && !caller.session().isGone()) {
            claims.put(found, caller);
        }
        return value;
    }

    @Override
    public synchronized void settle(byte[] key, byte @Nullable [] value) {
        ByteBuffer found = endClaim(key);
        if (value == null) {
            bindings.remove(found);
        } else {
            bindings.put(found, value);
        }
    }

    @Override
    public synchronized void abandon(byte[] key) {
        endClaim(key);
    }

    private synchronized ByteBuffer endClaim(byte[] key) {
        ByteBuffer found = ByteBuffer.wrap(key);
        Caller caller = Turn.current();
        if (!claims.remove(found, caller)) {
            throw new IllegalStateException("not claimed: by=" + caller);
        }
        notifyAll();
        return found;
    }

    @Override
    public synchronized void bury(Session gone) {
        if (claims.values().removeIf(owner -> owner.session().equals(gone))) {
            LOG.log(System.Logger.Level.WARNING, "a client died while it worked out a value: client={0}", gone);
            notifyAll();
        }
    }
}
