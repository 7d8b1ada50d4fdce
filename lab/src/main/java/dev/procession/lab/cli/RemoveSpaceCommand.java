package dev.procession.lab.cli;

import dev.procession.lab.experiment.UsageException;
import dev.procession.shm.NamedSpaces;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spaces rm NAME}: removes a space that nobody uses. */
@Command(
        name = "rm",
        mixinStandardHelpOptions = true,
        description = {
            "Removes a space that no live process uses, with all that is in it.",
            "Exit code: 0 removed, 1 somebody uses it, 64 there is none of that name."
        })
final class RemoveSpaceCommand implements Callable<Integer> {
    private final PrintStream out;
    private final PrintStream err;

    @Parameters(index = "0", paramLabel = "NAME", description = "The space, as in shm:NAME.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private String name;

    @Option(names = "--dir", paramLabel = "FOLDER", description = "Look in another place than /dev/shm.")
    private @Nullable Path dir;

    RemoveSpaceCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** What a call gives, or a refusal in one line. */
    static <T> T refusable(Supplier<T> call) {
        try {
            return call.get();
        } catch (IllegalArgumentException | IllegalStateException refused) {
            throw new UsageException(String.valueOf(refused.getMessage()));
        }
    }

    @Override
    public Integer call() {
        NamedSpaces spaces = SpacesCommand.spacesIn(dir);
        String plain = name.startsWith("shm:") ? name.substring("shm:".length()) : name;
        boolean removed;
        try {
            removed = spaces.remove(plain);
        } catch (IllegalArgumentException malformed) {
            throw new UsageException(String.valueOf(malformed.getMessage()));
        } catch (IllegalStateException inUse) {
            err.println("procession: " + inUse.getMessage());
            return ExitCode.IN_USE;
        }
        if (!removed) {
            throw new UsageException("no space " + plain + " in " + spaces.folder()
                    + Suggestion.didYouMean(
                            plain,
                            refusable(spaces::list).stream()
                                    .map(NamedSpaces.Description::name)
                                    .toList()));
        }
        out.println("removed " + plain);
        return ExitCode.OK;
    }
}
