package dev.procession.shm;

import dev.procession.shm.engine.AttachedSpace;
import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.Holder;
import dev.procession.shm.engine.Holder.Release;
import dev.procession.shm.engine.PrimitiveKind;
import dev.procession.shm.map.StripedTable;
import dev.procession.shm.queue.Events;
import dev.procession.shm.queue.QueueGlance;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** The kinds of shared primitives. Their numbers are part of the layout: they are never changed and never used again. */
@SuppressWarnings("ImmutableEnumChecker") // the functions are static methods and constructors
enum Kind implements PrimitiveKind {
    LOCK(1, "SharedLock", SharedLock::new, RobustOwnership::repair, RobustOwnership::close),
    REENTRANT_LOCK(2, "SharedReentrantLock", SharedReentrantLock::new, RobustOwnership::repair, RobustOwnership::close),
    CONDITION(3, "SharedCondition", SharedCondition::attach, SharedCondition::repair, SharedCondition::close),
    SEMAPHORE(4, "SharedSemaphore", SharedSemaphore::new, SharedSemaphore::repair, SharedSemaphore::close),
    EVENT(5, "SharedEvent", SharedEvent::new, SharedEvent::repair, SharedEvent::close),
    LATCH(
            6,
            "SharedCountDownLatch",
            SharedCountDownLatch::new,
            SharedCountDownLatch::repair,
            SharedCountDownLatch::close),
    BARRIER(7, "SharedBarrier", SharedBarrier::new, SharedBarrier::repair, SharedBarrier::close),
    LONG(8, "SharedLong", SharedLong::new, RobustOwnership::repair, RobustOwnership::close),
    INT(9, "SharedInt", SharedInt::new, RobustOwnership::repair, RobustOwnership::close),
    REGION(10, "SharedRegion", SharedRegion::new, RobustOwnership::repair, RobustOwnership::close),
    QUEUE(20, "SharedQueue", SharedQueue::new, Events::repair, Events::close),
    MAP(12, "SharedMap", entry -> new SharedMap<>(new StripedTable(entry)), StripedTable::repair, payload -> {});

    private static final Kind[] ALL = values();

    private final int number;
    private final String label;
    private final Function<Entry, Object> wrap;
    private final Consumer<Remains> repair;
    private final Consumer<Cells> close;

    Kind(int number, String label, Function<Entry, Object> wrap, Consumer<Remains> repair, Consumer<Cells> close) {
        this.number = number;
        this.label = label;
        this.wrap = wrap;
        this.repair = repair;
        this.close = close;
    }

    static Kind of(int number) {
        for (Kind kind : ALL) {
            if (kind.number == number) {
                return kind;
            }
        }
        throw new IllegalStateException("no such kind of primitive: kind=" + number);
    }

    Object resolve(AttachedSpace space, int index, int generation) {
        return space.resolve(this, index, generation, wrap);
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public void repair(Remains remains) {
        repair.accept(remains);
    }

    @Override
    public List<Holder> holders(Cells payload) {
        return switch (this) {
            case LOCK -> SharedLock.holders(payload);
            case REENTRANT_LOCK, LONG, INT, REGION -> RobustOwnership.holders(payload, Release.BY_HOLDER);
            case SEMAPHORE -> SharedSemaphore.holders(payload);
            case CONDITION, EVENT, LATCH, BARRIER, QUEUE, MAP -> List.of();
        };
    }

    @Override
    public boolean changesWithTime(Cells payload) {
        return this == QUEUE && QueueGlance.changesWithTime(payload);
    }

    @Override
    public void close(Cells payload) {
        close.accept(payload);
    }
}
