package dev.procession.lab.cli;

import dev.procession.lab.experiment.UsageException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code bench}, for the list of commands: the launcher starts that program itself, with the peers on its class path. */
@Command(name = "bench", description = "Measures Procession beside its peers: bench list, bench run NAME.")
final class BenchCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new UsageException("the bench is a program of its own; start it by ./procession bench");
    }
}
