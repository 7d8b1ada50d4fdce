package dev.procession.sched;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ready, running, blocked, done: the life of a few processes tick by tick, as OSTEP's {@code process-run.py} shows it to
 * beginners. Unlike the {@link Simulator}, which goes from event to event, this model has a row for every tick, because
 * the rows are the answer.
 *
 * <p>A process is a list of instructions of one tick each. An I/O takes the CPU twice: for one tick to start it and, once
 * the device is done, for one tick to handle that. A device that takes L ticks lets its process go on L + 1 ticks after
 * the one that started it. When a process stops, the next ready one is sought upwards from it, beginning again at the
 * first after the last.
 *
 * <p>Immutable.
 */
public final class ProcessStates {
    /** The states of a process. */
    public enum State {
        /** It could run. */
        READY,
        /** It runs. */
        RUNNING,
        /** It waits for a device. */
        BLOCKED,
        /** It has no instruction left. */
        DONE
    }

    /** What a process does in one tick on the CPU. */
    public enum Instruction {
        /** Compute. */
        CPU,
        /** Start an I/O. */
        IO,
        /** Handle the end of an I/O. */
        IO_DONE
    }

    /** When the CPU passes from a process that has not ended. */
    public enum SwitchWhen {
        /** When it starts an I/O. */
        ON_IO,
        /** Never: the CPU waits for the device. */
        ON_END
    }

    /** When a process runs whose I/O is done. */
    public enum AfterIo {
        /** When its turn comes. */
        RUN_LATER,
        /** At once: the running process makes way. */
        RUN_IMMEDIATELY
    }

    /**
     * What the processes were in during one tick.
     *
     * @param time the tick, from 1
     * @param ioDone whether an I/O was done as the tick began
     * @param states the state of each process
     * @param running the process that had the CPU; -1 if none had
     * @param instruction what it did; null if none had the CPU
     * @param iosInFlight how many I/Os were under way, not counting one that began in this tick
     */
    public record Row(
            long time,
            boolean ioDone,
            List<State> states,
            int running,
            @Nullable Instruction instruction,
            int iosInFlight) {}

    /**
     * The whole life of all processes.
     *
     * @param rows one row for each tick
     */
    public record History(List<Row> rows) {
        public History {
            rows = List.copyOf(rows);
        }

        /**
         * Ticks in which an instruction ran.
         *
         * @return their number
         */
        public long cpuBusyTicks() {
            return rows.stream().filter(row -> row.instruction() != null).count();
        }

        /**
         * Ticks in which an I/O was under way.
         *
         * @return their number
         */
        public long ioBusyTicks() {
            return rows.stream().filter(row -> row.iosInFlight() > 0).count();
        }
    }

    private final long ioTicks;
    private final SwitchWhen switchWhen;
    private final AfterIo afterIo;

    private ProcessStates(long ioTicks, SwitchWhen switchWhen, AfterIo afterIo) {
        this.ioTicks = ioTicks;
        this.switchWhen = switchWhen;
        this.afterIo = afterIo;
    }

    /**
     * A model in which the CPU passes on at I/O, and a process whose I/O is done runs when its turn comes.
     *
     * @param ioTicks how long a device takes; not negative
     * @return the model
     * @throws IllegalArgumentException if {@code ioTicks < 0}
     */
    public static ProcessStates ofIoTicks(long ioTicks) {
        if (ioTicks < 0) {
            throw new IllegalArgumentException("a device takes no negative time: ioTicks=" + ioTicks);
        }
        return new ProcessStates(ioTicks, SwitchWhen.ON_IO, AfterIo.RUN_LATER);
    }

    /**
     * The same model with another rule for passing on the CPU.
     *
     * @param switchWhen when it passes on
     * @return the other model
     */
    public ProcessStates withSwitch(SwitchWhen switchWhen) {
        return new ProcessStates(ioTicks, switchWhen, afterIo);
    }

    /**
     * The same model with another rule for processes whose I/O is done.
     *
     * @param afterIo when they run
     * @return the other model
     */
    public ProcessStates withAfterIo(AfterIo afterIo) {
        return new ProcessStates(ioTicks, switchWhen, afterIo);
    }

    /**
     * A program that computes.
     *
     * @param ticks for how long
     * @return that many CPU instructions
     */
    public static List<Instruction> compute(int ticks) {
        var program = new Instruction[ticks];
        Arrays.fill(program, Instruction.CPU);
        return List.of(program);
    }

    /**
     * A program that does I/O after I/O.
     *
     * @param count how many
     * @return that many pairs of starting and handling one
     */
    public static List<Instruction> doIo(int count) {
        var program = new ArrayList<Instruction>();
        for (int i = 0; i < count; i++) {
            program.add(Instruction.IO);
            program.add(Instruction.IO_DONE);
        }
        return List.copyOf(program);
    }

    /**
     * Runs programs, one process each, until all are done.
     *
     * @param programs the instructions of each process
     * @return their history
     * @throws IllegalArgumentException if there is no program, or in one of them an {@link Instruction#IO} is not
     *     followed by its {@link Instruction#IO_DONE}
     */
    public History run(List<List<Instruction>> programs) {
        programs.forEach(ProcessStates::ensurePaired);
        if (programs.isEmpty()) {
            throw new IllegalArgumentException("there is no program to run: programs=[]");
        }
        return new Run(programs).toTheEnd();
    }

    private static void ensurePaired(List<Instruction> program) {
        for (int i = 0; i < program.size(); i++) {
            boolean afterIo = i > 0 && program.get(i - 1) == Instruction.IO;
            boolean lastIo = program.get(i) == Instruction.IO && i == program.size() - 1;
            if (afterIo != (program.get(i) == Instruction.IO_DONE) || lastIo) {
                throw new IllegalArgumentException(
                        "each IO is followed by its IO_DONE: position=" + i + ", program=" + program);
            }
        }
    }

    /** The processes of one run. */
    private final class Run {
        private final List<ArrayDeque<Instruction>> code = new ArrayList<>();
        private final State[] states;
        private final long[] ioDoneAt;
        private final List<Row> rows = new ArrayList<>();
        /** The process that has, or had last, the CPU. */
        private int current;

        private long time;

        Run(List<List<Instruction>> programs) {
            programs.forEach(program -> code.add(new ArrayDeque<>(program)));
            states = new State[programs.size()];
            Arrays.fill(states, State.READY);
            states[0] = State.RUNNING;
            ioDoneAt = new long[programs.size()];
            Arrays.fill(ioDoneAt, -1);
        }

        History toTheEnd() {
            while (count(State.DONE) < states.length) {
                time++;
                boolean ioDone = endIos();
                Instruction instruction =
                        states[current] == State.RUNNING ? code.get(current).poll() : null;
                rows.add(row(ioDone, instruction));
                if (instruction == Instruction.IO) {
                    startIo();
                }
                endIfNothingLeft();
            }
            return new History(rows);
        }

        private Row row(boolean ioDone, @Nullable Instruction instruction) {
            int running = instruction == null ? -1 : current;
            int inFlight = (int) Arrays.stream(ioDoneAt).filter(at -> at > time).count();
            return new Row(time, ioDone, List.of(states.clone()), running, instruction, inFlight);
        }

        private boolean endIos() {
            boolean any = false;
            for (int process = 0; process < states.length; process++) {
                if (ioDoneAt[process] == time) {
                    any = true;
                    endIo(process);
                }
            }
            return any;
        }

        private void endIo(int process) {
            states[process] = State.READY;
            boolean alone = count(State.READY) + count(State.RUNNING) == 1;
            if (afterIo == AfterIo.RUN_IMMEDIATELY) {
                if (states[current] == State.RUNNING) {
                    states[current] = State.READY;
                }
                giveTo(process);
            } else if (alone || switchWhen == SwitchWhen.ON_END) {
                giveTo(process);
            }
        }

        private void startIo() {
            states[current] = State.BLOCKED;
            ioDoneAt[current] = time + ioTicks + 1;
            if (switchWhen == SwitchWhen.ON_IO) {
                giveToNext();
            }
        }

        private void endIfNothingLeft() {
            if (states[current] == State.RUNNING && code.get(current).isEmpty()) {
                states[current] = State.DONE;
                giveToNext();
            }
        }

        private void giveToNext() {
            for (int step = 1; step <= states.length; step++) {
                int process = (current + step) % states.length;
                if (states[process] == State.READY) {
                    giveTo(process);
                    return;
                }
            }
        }

        private void giveTo(int process) {
            current = process;
            states[process] = State.RUNNING;
        }

        private int count(State state) {
            return (int) Arrays.stream(states).filter(each -> each == state).count();
        }
    }
}
