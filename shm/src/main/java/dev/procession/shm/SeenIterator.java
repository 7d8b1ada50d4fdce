package dev.procession.shm;

import dev.procession.core.codec.Encoded;
import dev.procession.shm.queue.TakeSide;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Goes through the items of one moment; an item is decoded when it is asked for. */
final class SeenIterator<E> implements Iterator<E> {
    private final Iterator<TakeSide.Seen> items;
    private final Function<Encoded, E> decode;
    private final TakeSide side;
    private TakeSide.@Nullable Seen latest;

    SeenIterator(List<TakeSide.Seen> items, Function<Encoded, E> decode, TakeSide side) {
        this.items = items.iterator();
        this.decode = decode;
        this.side = side;
    }

    @Override
    public boolean hasNext() {
        return items.hasNext();
    }

    @Override
    public E next() {
        TakeSide.Seen next = items.next();
        latest = next;
        return decode.apply(next.item());
    }

    @Override
    public void remove() {
        TakeSide.Seen removed = latest;
        if (removed == null) {
            throw new IllegalStateException("remove() without a next() before it");
        }
        latest = null;
        side.remove(removed);
    }
}
