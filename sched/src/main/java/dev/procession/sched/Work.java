package dev.procession.sched;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a job has to do: CPU and I/O bursts in turn, either listed one by one or by a rule.
 *
 * <p>Immutable.
 */
public sealed interface Work {
    /**
     * All CPU time of the job, its service time.
     *
     * @return the sum of its CPU bursts in ticks; at least 1
     */
    long service();

    /**
     * All time the job spends in I/O.
     *
     * @return the sum of its I/O bursts in ticks
     */
    long blocked();

    /**
     * How many bursts there are.
     *
     * @return their number; neighbours are never of the same kind
     */
    long burstCount();

    /**
     * One burst.
     *
     * @param position where it stands, from 0
     * @return the burst
     * @throws IndexOutOfBoundsException if there is none at that position
     */
    Burst burst(long position);

    /**
     * One CPU burst and nothing else: the job of most textbooks.
     *
     * @param service how much CPU it needs, in ticks; at least 1
     */
    record Once(long service) implements Work {
        /**
         * Checks the components.
         *
         * @throws IllegalArgumentException if {@code service < 1}
         */
        public Once {
            if (service < 1) {
                throw new IllegalArgumentException("service is at least 1 tick: service=" + service);
            }
        }

        @Override
        public long blocked() {
            return 0;
        }

        @Override
        public long burstCount() {
            return 1;
        }

        @Override
        public Burst burst(long position) {
            Objects.checkIndex(position, 1);
            return Burst.cpu(service);
        }
    }

    /**
     * Bursts listed one by one. Neighbours of one kind are joined: three ticks of CPU and then two are five.
     *
     * @param bursts the bursts in order; at least one is CPU
     */
    record Listed(List<Burst> bursts) implements Work {
        /**
         * Checks the components.
         *
         * @throws IllegalArgumentException if no burst is CPU
         * @throws ArithmeticException if their sum does not fit in a {@code long}
         */
        public Listed {
            bursts = join(bursts);
            if (bursts.stream().noneMatch(Burst.Cpu.class::isInstance)) {
                throw new IllegalArgumentException("a job has at least one CPU burst: bursts=" + bursts);
            }
            sum(bursts, Burst.class);
        }

        @Override
        public long service() {
            return sum(bursts, Burst.Cpu.class);
        }

        @Override
        public long blocked() {
            return sum(bursts, Burst.Io.class);
        }

        @Override
        public long burstCount() {
            return bursts.size();
        }

        @Override
        public Burst burst(long position) {
            return bursts.get(Math.toIntExact(position));
        }

        private static long sum(List<Burst> bursts, Class<? extends Burst> kind) {
            long sum = 0;
            for (Burst burst : bursts) {
                sum = kind.isInstance(burst) ? Math.addExact(sum, burst.ticks()) : sum;
            }
            return sum;
        }

        private static List<Burst> join(List<Burst> bursts) {
            var joined = new ArrayList<Burst>(bursts.size());
            for (Burst burst : bursts) {
                if (!joined.isEmpty() && joined.getLast().getClass() == burst.getClass()) {
                    joined.add(joinTwo(joined.removeLast(), burst));
                } else {
                    joined.add(burst);
                }
            }
            return List.copyOf(joined);
        }

        private static Burst joinTwo(Burst first, Burst second) {
            long ticks = Math.addExact(first.ticks(), second.ticks());
            return switch (first) {
                case Burst.Cpu _ -> Burst.cpu(ticks);
                case Burst.Io _ -> Burst.io(ticks);
            };
        }
    }

    /**
     * An I/O of one length after every so many ticks of CPU, but none after the last. OSTEP's {@code mlfq.py} describes
     * jobs so.
     *
     * @param service all CPU time in ticks; at least 1
     * @param ioEvery ticks of CPU between two I/Os; at least 1
     * @param ioTicks how long each I/O takes; not negative
     */
    record Periodic(long service, long ioEvery, long ioTicks) implements Work {
        /**
         * Checks the components.
         *
         * @throws IllegalArgumentException if one of them is too small
         * @throws ArithmeticException if all I/O together does not fit in a {@code long}
         */
        public Periodic {
            if (service < 1 || ioEvery < 1 || ioTicks < 0) {
                throw new IllegalArgumentException("service and ioEvery are at least 1, ioTicks not negative: service="
                        + service + ", ioEvery=" + ioEvery + ", ioTicks=" + ioTicks);
            }
            Math.multiplyExact((service - 1) / ioEvery, Math.max(ioTicks, 2));
        }

        @Override
        public long blocked() {
            return ioCount() * ioTicks;
        }

        @Override
        public long burstCount() {
            return 2 * ioCount() + 1;
        }

        @Override
        public Burst burst(long position) {
            Objects.checkIndex(position, burstCount());
            boolean computes = position % 2 == 0;
            return computes ? Burst.cpu(Math.min(ioEvery, service - position / 2 * ioEvery)) : Burst.io(ioTicks);
        }

        private long ioCount() {
            return (service - 1) / ioEvery;
        }
    }
}
