package dev.procession.lab.cpu;

import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.sched.ProcessStates.History;
import dev.procession.sched.ProcessStates.Instruction;
import dev.procession.sched.ProcessStates.Row;
import dev.procession.sched.ProcessStates.State;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What happened in a history of a few processes, and whether it could. Immutable.
 *
 * @param names of the processes
 * @param programs their instructions
 * @param ioTicks how long a device takes
 * @param history what the model made of them
 */
record Life(List<String> names, List<List<Instruction>> programs, int ioTicks, History history) {
    /** How often each way was gone by all processes. */
    Map<Transition, Integer> transitions() {
        Map<Transition, Integer> counts = new EnumMap<>(Transition.class);
        for (int process = 0; process < programs.size(); process++) {
            for (int row = 1; row < rows().size(); row++) {
                ways(state(row - 1, process), state(row, process)).forEach(way -> counts.merge(way, 1, Integer::sum));
            }
            // In the last row a process is done, or it runs its last instruction and then is.
            if (state(rows().size() - 1, process) != State.DONE) {
                counts.merge(Transition.ENDED, 1, Integer::sum);
            }
        }
        return counts;
    }

    /** What is wrong with it: a way that does not exist, two that run, a lost instruction, a short I/O, an idle processor. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (int process = 0; process < programs.size(); process++) {
            int who = process;
            List<Instruction> program = programs.get(process);
            long ran = ticksIn(State.RUNNING, process);
            if (ran != program.size()) {
                faults.add(names.get(process) + " ran " + ran + " ticks for " + program.size() + " instructions");
            }
            long ios = program.stream().filter(Instruction.IO::equals).count();
            if (ticksIn(State.BLOCKED, process) != ios * ioTicks) {
                faults.add(names.get(process) + " was blocked for " + ticksIn(State.BLOCKED, process) + " ticks by "
                        + ios + " I/Os of " + ioTicks);
            }
            for (int row = 1; row < rows().size(); row++) {
                State from = state(row - 1, process);
                State to = state(row, process);
                if (from != to && ways(from, to).isEmpty()) {
                    faults.add(names.get(who) + " went from " + from + " to " + to + " at tick " + row);
                }
            }
        }
        for (Row row : rows()) {
            long running = row.states().stream().filter(State.RUNNING::equals).count();
            if (running > 1 || (running == 0 && row.states().contains(State.READY))) {
                faults.add(running + " ran at tick " + row.time() + " of " + row.states());
            }
        }
        return faults;
    }

    private List<Row> rows() {
        return history.rows();
    }

    private State state(int row, int process) {
        return rows().get(row).states().get(process);
    }

    private long ticksIn(State state, int process) {
        return rows().stream().filter(row -> row.states().get(process) == state).count();
    }

    /** The ways from one to another; within one tick an I/O may be done and its process dispatched. */
    private static List<Transition> ways(State from, State to) {
        return switch (from) {
            case READY -> to == State.RUNNING ? List.of(Transition.DISPATCHED) : List.of();
            case RUNNING ->
                switch (to) {
                    case READY -> List.of(Transition.MADE_WAY);
                    case BLOCKED -> List.of(Transition.IO_STARTED);
                    case DONE -> List.of(Transition.ENDED);
                    case RUNNING -> List.of();
                };
            case BLOCKED ->
                switch (to) {
                    case READY -> List.of(Transition.IO_DONE);
                    case RUNNING -> List.of(Transition.IO_DONE, Transition.DISPATCHED);
                    case BLOCKED, DONE -> List.of();
                };
            case DONE -> List.of();
        };
    }

    /** The strips of all, tick by tick. */
    Lanes lanes() {
        List<Lanes.Lane> lanes = new ArrayList<>();
        for (int process = 0; process < programs.size(); process++) {
            List<Lanes.Span> spans = new ArrayList<>();
            for (int row = 0; row < rows().size(); row++) {
                State state = state(row, process);
                if (state != State.DONE) {
                    spans.add(new Lanes.Span(
                            row, row + 1L, Doing.valueOf(state.name()).tint()));
                }
            }
            lanes.add(new Lanes.Lane(
                    Label.of(names.get(process)),
                    spans,
                    List.of(),
                    programs.get(process).size() + " instructions"));
        }
        return Lanes.ofTicks(lanes);
    }
}
