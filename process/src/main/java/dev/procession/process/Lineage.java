package dev.procession.process;

import dev.procession.core.spi.ProcessName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where this JVM stands in its family: its name, its number, its parent, and the count of children it has named.
 *
 * <p>A child is numbered by the path that leads to it: the second child of {@code Process-1} is {@code Process-1:2},
 * whatever name either was given (CPython's {@code _identity}). A JVM that nobody of the family started is its root.
 */
final class Lineage {
    /** Null until {@link #become}, in a child, or until asked for, in a root. */
    private static volatile @Nullable Lineage current;

    private final ProcessInfo self;
    private final List<Integer> path;
    private final Ending ending;
    private final @Nullable ProcessInfo parent;
    private final AtomicInteger children = new AtomicInteger();

    /** What its parent's end means to a child. */
    enum Ending {
        /** A parent whose work is done waits for this child. */
        AWAITED,
        /** A parent whose work is done ends this child: Python's daemon. It cannot have children. */
        DAEMON,
        /** As a daemon, but it may have children, which its own end ends: the worker of a pool. */
        WORKER;

        /** What a child is by default whose parent is this. */
        Ending ofChildren() {
            return this == WORKER ? AWAITED : this;
        }
    }

    Lineage(ProcessInfo self, List<Integer> path, Ending ending, @Nullable ProcessInfo parent) {
        this.self = self;
        this.path = path;
        this.ending = ending;
        this.parent = parent;
    }

    static Lineage current() {
        Lineage known = current;
        return known != null ? known : root();
    }

    private static synchronized Lineage root() {
        if (current == null) {
            var self = new ProcessInfo("MainProcess", ProcessHandle.current().pid());
            current = new Lineage(self, List.of(), Ending.AWAITED, null);
        }
        return current;
    }

    /** Says who this JVM is; called once, in a child, before any code of the user runs. */
    static synchronized void become(Lineage lineage) {
        current = lineage;
        ProcessName.set(lineage.self.name());
    }

    ProcessInfo self() {
        return self;
    }

    List<Integer> path() {
        return path;
    }

    Ending ending() {
        return ending;
    }

    Optional<ProcessInfo> parent() {
        return Optional.ofNullable(parent);
    }

    /** The path of one more child. Named children count too. */
    List<Integer> nextChildPath() {
        Integer[] child = Arrays.copyOf(path.toArray(Integer[]::new), path.size() + 1);
        child[path.size()] = children.incrementAndGet();
        return List.of(child);
    }

    static String nameOf(List<Integer> path) {
        return path.stream().map(String::valueOf).collect(Collectors.joining(":", "Process-", ""));
    }
}
