package dev.procession.core;

import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Goes through the elements of one moment; removing is left to the collection, which may have changed since. */
final class SnapshotIterator<E> implements Iterator<E> {
    private final Iterator<E> elements;
    private final Consumer<E> remover;
    private @Nullable E latest;

    SnapshotIterator(List<E> elements, Consumer<E> remover) {
        this.elements = elements.iterator();
        this.remover = remover;
    }

    @Override
    public boolean hasNext() {
        return elements.hasNext();
    }

    @Override
    public E next() {
        E next = elements.next();
        latest = next;
        return next;
    }

    @Override
    public void remove() {
        E removed = latest;
        if (removed == null) {
            throw new IllegalStateException("remove() without a next() before it");
        }
        latest = null;
        remover.accept(removed);
    }
}
