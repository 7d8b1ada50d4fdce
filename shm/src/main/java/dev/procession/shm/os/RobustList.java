package dev.procession.shm.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The words that the kernel marks when a thread ends, however it ends.
 *
 * <p>A thread hands the kernel the head of a linked list, once. When the thread exits, by its own will or by SIGKILL of
 * its process, the kernel walks the list before it tears down the process's memory. For each node it looks at the word
 * at a fixed distance; if the word's low 30 bits are this thread's number it replaces them by {@link #OWNER_DIED} in one
 * compare-and-set, and if {@link #WAITERS} was set wakes one waiter of that word.
 *
 * <pre>
 *   head (this JVM's memory)        node (shared memory, beside its word)
 *   +--------------------+         +---------------+
 *   | next  ------------ | ------> | next -------- | --> ... --> head
 *   | word minus node    |         +---------------+
 *   | pending = 0        |
 *   +--------------------+
 * </pre>
 *
 * <p>At each instant the list is whole, since the kernel may walk it after any store: {@link #add} points the new node
 * onwards before anything points to it, and callers set the word last and clear it first. A node whose word does not
 * hold this thread's number is passed over.
 *
 * <p>The C library keeps a list of its own for each of its threads, for robust pthread mutexes. {@link
 * #ofCurrentThread} replaces it, so it is for threads that run nothing but our code. Lists may be changed by any thread
 * of the process, one at a time: the methods are synchronized.
 *
 * <p>Source: Linux Documentation/locking/robust-futexes.rst and robust-futex-ABI.rst.
 */
public final class RobustList {
    /** Set in a word by its owner: the kernel is to wake a waiter when the owner ends. */
    public static final int WAITERS = 1 << 31;

    /** Set in a word by the kernel: the owner ended. */
    public static final int OWNER_DIED = 1 << 30;

    private static final long HEAD_BYTES = 24;
    private static final long NEXT = 0;
    private static final long WORD_DISTANCE = 8;

    /** Bound on first use. */
    private static final class Calls {
        static final Libc.Function SYSCALL = Libc.function("syscall");
    }

    private final MemorySegment head;
    private final int tid;

    /** Addresses of the nodes, first to last. */
    private final List<Long> nodes = new ArrayList<>();

    private RobustList(MemorySegment head, int tid) {
        this.head = head;
        this.tid = tid;
    }

    /**
     * Registers an empty list for the calling platform thread, for the rest of the thread's life.
     *
     * @param wordDistanceBytes from a node to its word
     * @return the list, or null where the kernel keeps none
     */
    public static @Nullable RobustList ofCurrentThread(long wordDistanceBytes) {
        Architecture numbers = Architecture.CURRENT;
        if (numbers == null || !Futex.isAvailable()) {
            return null;
        }
        // Never freed: the kernel reads it when the thread ends. One a JVM, 24 bytes.
        MemorySegment head = Arena.global().allocate(HEAD_BYTES, 8);
        head.set(ValueLayout.JAVA_LONG, NEXT, head.address());
        head.set(ValueLayout.JAVA_LONG, WORD_DISTANCE, wordDistanceBytes);
        int result = Calls.SYSCALL.call(Libc.IGNORED, numbers.setRobustList, head.address(), HEAD_BYTES);
        return result == 0 ? new RobustList(head, gettid()) : null;
    }

    /**
     * The number by which the kernel knows this list's thread, as the words must hold it.
     *
     * @return the thread's number
     */
    public int tid() {
        return tid;
    }

    /**
     * Links a node in. Its word must not hold this thread's number yet.
     *
     * @param node a segment that starts at the node, at a multiple of eight
     */
    public synchronized void add(MemorySegment node) {
        node.set(ValueLayout.JAVA_LONG, NEXT, head.get(ValueLayout.JAVA_LONG, NEXT));
        setNextOf(head, node.address());
        nodes.addFirst(node.address());
    }

    /**
     * Takes a node out. Its word must not hold this thread's number any more.
     *
     * @param node a segment that starts at the node; a node that is not in the list is left alone
     */
    public synchronized void remove(MemorySegment node) {
        int index = nodes.indexOf(node.address());
        if (index < 0) {
            return;
        }
        long following = index + 1 < nodes.size() ? nodes.get(index + 1) : head.address();
        setNextOf(index == 0 ? head : Mapping.at(nodes.get(index - 1), 8), following);
        nodes.remove(index);
    }

    private static void setNextOf(MemorySegment node, long address) {
        ValueLayout.JAVA_LONG.varHandle().setRelease(node, NEXT, address);
    }

    static int gettid() {
        Architecture numbers = Architecture.CURRENT;
        if (numbers == null) {
            throw new UnsupportedOperationException("no gettid on this platform: os=" + System.getProperty("os.name"));
        }
        return Calls.SYSCALL.call(Libc.IGNORED, numbers.gettid);
    }
}
