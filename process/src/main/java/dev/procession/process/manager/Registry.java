package dev.procession.process.manager;

import dev.procession.process.ManagedBarrier;
import dev.procession.process.ManagedEvent;
import dev.procession.process.ManagedSemaphore;
import dev.procession.process.manager.ObjectTable.Origin;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;

/** The manager as its clients see it: it makes objects. */
final class Registry implements RegistryCalls {
    private final Server server;

    Registry(Server server) {
        this.server = server;
    }

    private long add(Object target, Class<?> type) {
        return server.objects().add(target, type, Origin.OURS);
    }

    @Override
    public long map() {
        return add(new ServedMap(), MapCalls.class);
    }

    @Override
    public long list() {
        return add(new ServedList(), ListCalls.class);
    }

    @Override
    public long array(Object[] elements) {
        return add(new ServedList(elements), ListCalls.class);
    }

    @Override
    public long queue(int capacity) {
        return add(new ServedQueue(capacity), QueueCalls.class);
    }

    @Override
    public long lock(ServedLock.Kind kind) {
        return add(new ServedLock(kind), Lock.class);
    }

    @Override
    public long semaphore(int permits) {
        return add(new ServedSemaphore(permits), ManagedSemaphore.class);
    }

    @Override
    public long event() {
        return add(new ServedEvent(), ManagedEvent.class);
    }

    @Override
    public long barrier(int parties) {
        return add(new ServedBarrier(parties), ManagedBarrier.class);
    }

    @Override
    public long register(String type, byte[] supplier) {
        Turn.ensureMayWait(); // whatever the user's code does
        if (!(server.users().decode(supplier) instanceof Supplier<?> maker)) {
            throw new IllegalArgumentException("not a supplier");
        }
        Class<?> face = faceOf(type, maker);
        Object made = Objects.requireNonNull(maker.get(), "the supplier made null");
        return server.objects().add(face.cast(made), face, Origin.USERS);
    }

    private static Class<?> faceOf(String type, Supplier<?> maker) {
        try {
            return Class.forName(type, /* initialize= */ false, maker.getClass().getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("the manager's process does not know the interface: type=" + type, e);
        }
    }

    @Override
    public boolean remove(long object) {
        return object > DIRECTORY && server.remove(object);
    }

    @Override
    public void shutdown() {
        server.stop();
    }
}
