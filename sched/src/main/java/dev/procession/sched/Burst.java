package dev.procession.sched;

/**
 * One stretch of a job's life: either it computes or it waits for a device. I/O takes no CPU, and devices are never
 * short: any number of jobs may be in I/O at once.
 *
 * <p>Immutable.
 */
public sealed interface Burst {
    /**
     * How long the burst takes.
     *
     * @return its length in ticks
     */
    long ticks();

    /**
     * A stretch of computing.
     *
     * @param ticks how much CPU it needs; at least 1
     */
    record Cpu(long ticks) implements Burst {
        /**
         * Checks the components.
         *
         * @throws IllegalArgumentException if {@code ticks < 1}
         */
        public Cpu {
            if (ticks < 1) {
                throw new IllegalArgumentException("a CPU burst takes at least 1 tick: ticks=" + ticks);
            }
        }
    }

    /**
     * A stretch of waiting for a device.
     *
     * @param ticks how long the device takes; 0 means that the job only gives up the CPU
     */
    record Io(long ticks) implements Burst {
        /**
         * Checks the components.
         *
         * @throws IllegalArgumentException if {@code ticks < 0}
         */
        public Io {
            if (ticks < 0) {
                throw new IllegalArgumentException("an I/O burst takes no negative time: ticks=" + ticks);
            }
        }
    }

    /**
     * A stretch of computing.
     *
     * @param ticks how much CPU it needs; at least 1
     * @return the burst
     * @throws IllegalArgumentException if {@code ticks < 1}
     */
    static Burst cpu(long ticks) {
        return new Cpu(ticks);
    }

    /**
     * A stretch of waiting for a device.
     *
     * @param ticks how long the device takes; not negative
     * @return the burst
     * @throws IllegalArgumentException if {@code ticks < 0}
     */
    static Burst io(long ticks) {
        return new Io(ticks);
    }
}
