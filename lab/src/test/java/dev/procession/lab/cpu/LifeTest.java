package dev.procession.lab.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.sched.ProcessStates;
import dev.procession.sched.ProcessStates.AfterIo;
import dev.procession.sched.ProcessStates.History;
import dev.procession.sched.ProcessStates.Instruction;
import dev.procession.sched.ProcessStates.Row;
import dev.procession.sched.ProcessStates.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The judge of histories, before one that is right and some that are not. */
class LifeTest {
    private static final List<List<Instruction>> PROGRAMS =
            List.of(ProcessStates.compute(4), List.of(Instruction.IO, Instruction.IO_DONE));

    private static Life life(History history) {
        return new Life(List.of("computes", "reads"), PROGRAMS, 2, history);
    }

    private static History right() {
        return ProcessStates.ofIoTicks(2).withAfterIo(AfterIo.RUN_IMMEDIATELY).run(PROGRAMS);
    }

    /** The right history with one state of one row changed. */
    private static History changed(int row, int process, State state) {
        List<Row> rows = new ArrayList<>(right().rows());
        Row old = rows.get(row);
        List<State> states = new ArrayList<>(old.states());
        states.set(process, state);
        rows.set(row, new Row(old.time(), old.ioDone(), states, old.running(), old.instruction(), old.iosInFlight()));
        return new History(rows);
    }

    @Test
    void aHistoryOfTheModelIsRight() {
        assertThat(life(right()).faults()).isEmpty();
        assertThat(life(right()).transitions())
                .containsAllEntriesOf(Map.of(Transition.IO_STARTED, 1, Transition.IO_DONE, 1, Transition.ENDED, 2));
    }

    @Test
    void aWayThatDoesNotExistIsAFault() {
        assertThat(life(changed(1, 1, State.BLOCKED)).faults())
                .anyMatch(fault -> fault.contains("reads went from READY to BLOCKED"))
                .anyMatch(fault -> fault.contains("was blocked for 3 ticks by 1 I/Os of 2"));
    }

    @Test
    void twoThatRunAtOnceAreAFault() {
        assertThat(life(changed(1, 1, State.RUNNING)).faults()).anyMatch(fault -> fault.startsWith("2 ran at tick"));
    }

    @Test
    void anIdleProcessorIsAFaultWhileSomebodyIsReady() {
        assertThat(life(changed(1, 0, State.READY)).faults())
                .anyMatch(fault -> fault.startsWith("0 ran at tick"))
                .anyMatch(fault -> fault.contains("computes ran 3 ticks for 4 instructions"));
    }
}
