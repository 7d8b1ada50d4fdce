package dev.procession.sched;

import org.jspecify.annotations.Nullable;

/**
 * Jobs in a ring, each with the lap in which it leaves. Any place can be inserted at or taken from, and the job that
 * leaves first found, in logarithmic time.
 *
 * <p>A tree of wide nodes whose leaves, read from left to right, are the ring. Every slot knows how many jobs are under
 * it and the earliest lap among them. Nodes that shrink are not joined again: the ring of one run only ever takes in as
 * many jobs as the run has bursts.
 */
final class LapRing {
    private static final int WIDTH = 32;

    private Node root = new Node(true);

    private int size;

    /** What {@link #findFirstToLeave} found, and whether that still holds. */
    private int foundIndex;

    private long foundLap;
    private boolean found;

    int size() {
        return size;
    }

    /** Puts a job before the one at the index, or at the end. */
    void insert(int index, int job, long lap) {
        size++;
        found = false;
        Node right = root.insert(index, job, lap);
        if (right != null) {
            Node left = root;
            root = new Node(false);
            root.setChild(0, left);
            root.setChild(1, right);
            root.used = 2;
        }
    }

    int remove(int index) {
        size--;
        found = false;
        int job = root.remove(index);
        while (!root.isLeaf() && root.used < 2) {
            root = root.used == 0 ? new Node(true) : root.child(0);
        }
        return job;
    }

    int get(int index) {
        Node node = root;
        int left = index;
        while (!node.isLeaf()) {
            int slot = 0;
            while (left >= node.values[slot]) {
                left -= node.values[slot++];
            }
            node = node.child(slot);
        }
        return node.values[left];
    }

    /** Finds the job with the earliest lap, the leftmost if there are several; the ring is not empty. */
    void findFirstToLeave() {
        if (found) {
            return;
        }
        found = true;
        foundIndex = 0;
        Node node = root;
        while (true) {
            int slot = node.earliest();
            if (node.isLeaf()) {
                foundIndex += slot;
                foundLap = node.laps[slot];
                return;
            }
            for (int i = 0; i < slot; i++) {
                foundIndex += node.values[i];
            }
            node = node.child(slot);
        }
    }

    int foundIndex() {
        return foundIndex;
    }

    long foundLap() {
        return foundLap;
    }

    /** In a leaf the values are jobs and the laps theirs; above, the values are sizes and the laps minima. */
    private static final class Node {
        private final int[] values = new int[WIDTH];
        private final long[] laps = new long[WIDTH];
        private final Node @Nullable [] children;
        private int used;

        Node(boolean leaf) {
            children = leaf ? null : new Node[WIDTH];
        }

        boolean isLeaf() {
            return children == null;
        }

        Node child(int slot) {
            if (children == null) {
                throw new AssertionError("a leaf has no children");
            }
            return children[slot];
        }

        int total() {
            if (isLeaf()) {
                return used;
            }
            int total = 0;
            for (int i = 0; i < used; i++) {
                total += values[i];
            }
            return total;
        }

        int earliest() {
            int earliest = 0;
            for (int i = 1; i < used; i++) {
                if (laps[i] < laps[earliest]) {
                    earliest = i;
                }
            }
            return earliest;
        }

        void setChild(int slot, Node child) {
            if (children != null) {
                children[slot] = child;
                values[slot] = child.total();
                laps[slot] = child.laps[child.earliest()];
            }
        }

        /** Returns the right half if the node had to be split. */
        @Nullable
        Node insert(int index, int job, long lap) {
            if (used == WIDTH) {
                Node right = split();
                int ofLeft = total();
                Node half = index <= ofLeft ? this : right;
                half.insert(half == this ? index : index - ofLeft, job, lap);
                return right;
            }
            if (isLeaf()) {
                openSlot(index);
                values[index] = job;
                laps[index] = lap;
            } else {
                insertBelow(index, job, lap);
            }
            return null;
        }

        private void insertBelow(int index, int job, long lap) {
            int slot = 0;
            int left = index;
            while (left > values[slot]) {
                left -= values[slot++];
            }
            Node right = child(slot).insert(left, job, lap);
            if (right == null) {
                values[slot]++;
                laps[slot] = Math.min(laps[slot], lap);
            } else {
                setChild(slot, child(slot));
                openSlot(slot + 1);
                setChild(slot + 1, right);
            }
        }

        int remove(int index) {
            if (isLeaf()) {
                int job = values[index];
                closeSlot(index);
                return job;
            }
            int slot = 0;
            int left = index;
            while (left >= values[slot]) {
                left -= values[slot++];
            }
            Node child = child(slot);
            int job = child.remove(left);
            values[slot]--;
            if (values[slot] == 0) {
                closeSlot(slot);
            } else {
                laps[slot] = child.laps[child.earliest()];
            }
            return job;
        }

        private Node split() {
            Node right = new Node(isLeaf());
            right.used = WIDTH / 2;
            used = WIDTH - WIDTH / 2;
            System.arraycopy(values, used, right.values, 0, right.used);
            System.arraycopy(laps, used, right.laps, 0, right.used);
            if (children != null && right.children != null) {
                System.arraycopy(children, used, right.children, 0, right.used);
            }
            return right;
        }

        private void openSlot(int slot) {
            shift(slot, slot + 1, used - slot);
            used++;
        }

        private void closeSlot(int slot) {
            shift(slot + 1, slot, used - slot - 1);
            used--;
        }

        private void shift(int from, int to, int length) {
            System.arraycopy(values, from, values, to, length);
            System.arraycopy(laps, from, laps, to, length);
            if (children != null) {
                System.arraycopy(children, from, children, to, length);
            }
        }
    }
}
