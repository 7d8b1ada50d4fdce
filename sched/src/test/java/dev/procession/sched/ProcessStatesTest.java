package dev.procession.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.sched.ProcessStates.AfterIo;
import dev.procession.sched.ProcessStates.Instruction;
import dev.procession.sched.ProcessStates.State;
import dev.procession.sched.ProcessStates.SwitchWhen;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProcessStatesTest {
    /** What a tick can lead to, every instruction being one tick long; nothing leads back to life. */
    private static final Map<State, Set<State>> LEGAL = Map.of(
            State.READY, EnumSet.of(State.READY, State.RUNNING),
            State.RUNNING, EnumSet.allOf(State.class),
            State.BLOCKED, EnumSet.of(State.BLOCKED, State.READY, State.RUNNING),
            State.DONE, EnumSet.of(State.DONE));

    @Test
    void onlyLegalTransitionsHappen() {
        for (int seed = 0; seed < 300; seed++) {
            var random = new SplittableRandom(seed);
            List<List<Instruction>> programs = IntStream.range(0, random.nextInt(1, 5))
                    .mapToObj(_ -> program(random))
                    .toList();
            ProcessStates model = ProcessStates.ofIoTicks(random.nextInt(5))
                    .withAfterIo(random.nextBoolean() ? AfterIo.RUN_LATER : AfterIo.RUN_IMMEDIATELY)
                    .withSwitch(random.nextBoolean() ? SwitchWhen.ON_IO : SwitchWhen.ON_END);
            ensureLegal(model.run(programs).rows(), programs.size());
        }
    }

    private static void ensureLegal(List<ProcessStates.Row> rows, int processes) {
        for (int i = 1; i < rows.size(); i++) {
            for (int process = 0; process < processes; process++) {
                State before = rows.get(i - 1).states().get(process);
                State after = rows.get(i).states().get(process);
                assertThat(LEGAL.get(before)).contains(after);
                boolean blocks = after == State.BLOCKED && before != State.BLOCKED;
                boolean startedIo =
                        rows.get(i - 1).running() == process && rows.get(i - 1).instruction() == Instruction.IO;
                assertThat(blocks).isEqualTo(startedIo && after == State.BLOCKED);
            }
            assertThat(rows.get(i).states().stream().filter(State.RUNNING::equals))
                    .hasSizeLessThan(2);
        }
    }

    private static List<Instruction> program(SplittableRandom random) {
        return IntStream.range(0, random.nextInt(1, 6))
                .mapToObj(
                        _ -> random.nextBoolean() ? ProcessStates.compute(random.nextInt(1, 4)) : ProcessStates.doIo(1))
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void refusesProgramsThatCannotBe() {
        ProcessStates model = ProcessStates.ofIoTicks(5);
        assertThatThrownBy(() -> model.run(List.of())).hasMessageContaining("no program");
        Stream.of(
                        List.of(Instruction.IO),
                        List.of(Instruction.IO_DONE),
                        List.of(Instruction.IO, Instruction.CPU, Instruction.IO_DONE))
                .forEach(program -> assertThatThrownBy(() -> model.run(List.of(program)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("each IO is followed by its IO_DONE"));
        assertThatThrownBy(() -> ProcessStates.ofIoTicks(-1)).hasMessageContaining("ioTicks=-1");
    }
}
