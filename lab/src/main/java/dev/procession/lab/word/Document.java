package dev.procession.lab.word;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A text that several threads work on: one appends, one puts capitals in place, one reads it to save it. Safe for use by
 * many threads: one lock guards all of it.
 */
final class Document {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by lock.
    private final StringBuilder text = new StringBuilder();
    private int formatted;
    private boolean isFinished;

    void append(char letter) {
        lock.lock();
        try {
            text.append(letter);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more will be appended. */
    void finish() {
        lock.lock();
        try {
            isFinished = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts capitals at the beginning of the sentences that are new since the last time.
     *
     * @return whether anything was changed
     */
    boolean format() {
        lock.lock();
        try {
            boolean any = false;
            for (; formatted < text.length(); formatted++) {
                char letter = text.charAt(formatted);
                boolean begins = formatted == 0 || (formatted > 1 && text.charAt(formatted - 2) == '.');
                if (begins && Character.isLowerCase(letter)) {
                    text.setCharAt(formatted, Character.toUpperCase(letter));
                    any = true;
                }
            }
            return any;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until there is something to format, or all is.
     *
     * @return false if the document is finished and all of it is formatted
     */
    boolean awaitChange() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (formatted == text.length() && !isFinished) {
                changed.await();
            }
            return formatted < text.length();
        } finally {
            lock.unlock();
        }
    }

    /** The text as it is now. */
    String text() {
        lock.lock();
        try {
            return text.toString();
        } finally {
            lock.unlock();
        }
    }
}
