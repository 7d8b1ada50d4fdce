package dev.procession.lab.cli;

import dev.procession.lab.picture.Paper;
import dev.procession.lab.picture.Table;
import dev.procession.shm.NamedSpaces;
import dev.procession.shm.NamedSpaces.Description;
import dev.procession.shm.NamedSpaces.Member;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code spaces}: the named spaces of this user, and who uses them. */
@Command(
        name = "spaces",
        mixinStandardHelpOptions = true,
        description = "Lists the shared memory spaces (shm:NAME) of this user and who uses them.",
        footer = {"", "Remove one that nobody uses: ./procession spaces rm NAME"})
final class SpacesCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    private final PrintStream out;
    private final Paper paper;

    @Option(names = "--json", description = "Print one line of JSON instead.")
    private boolean json;

    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            description =
                    "Look in another place than /dev/shm, as the setting dir of a space and -Dprocession.shm.dir do.")
    private @Nullable Path dir;

    SpacesCommand(PrintStream out, Paper paper) {
        this.out = out;
        this.paper = paper;
    }

    static NamedSpaces spacesIn(@Nullable Path dir) {
        return dir == null ? NamedSpaces.inDefaultPlace() : NamedSpaces.in(dir);
    }

    @Override
    public Integer call() {
        NamedSpaces spaces = spacesIn(dir);
        List<Description> all = RemoveSpaceCommand.refusable(spaces::list);
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("folder", spaces.folder().toString());
            object.put("spaces", all.stream().map(SpacesCommand::asMap).toList());
            Json.print(out, object);
        } else if (all.isEmpty()) {
            out.println("no spaces in " + paper.legible(spaces.folder().toString()));
        } else {
            table(all).draw(paper).forEach(out::println);
        }
        return ExitCode.OK;
    }

    private static Table table(List<Description> all) {
        List<List<String>> rows = new ArrayList<>();
        for (Description space : all) {
            rows.add(
                    space.fault() == null
                            ? row(space)
                            : List.of(space.name(), "", "", "", "unusable: " + space.fault(), ""));
        }
        return new Table(List.of("space", "KiB", "alive", "dead", "holds", "made by"), rows);
    }

    private static List<String> row(Description space) {
        return List.of(
                space.name(),
                Long.toString(space.memoryBytes() >> 10),
                pids(space, /* alive= */ true),
                pids(space, /* alive= */ false),
                contents(space),
                TIME.format(space.created()) + " pid " + space.creatorPid() + " " + space.creator());
    }

    private static String pids(Description space, boolean alive) {
        List<String> pids = space.members().stream()
                .filter(member -> member.alive() == alive)
                .map(member -> "pid " + member.pid())
                .toList();
        return pids.isEmpty() ? "-" : String.join(", ", pids);
    }

    private static String contents(Description space) {
        List<String> things = new ArrayList<>();
        space.types().forEach((type, count) -> things.add(count + " " + type));
        return things.isEmpty() ? "-" : String.join(", ", things);
    }

    private static Map<String, Object> asMap(Description space) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", space.name());
        map.put("file", space.file().toString());
        if (space.fault() != null) {
            map.put("fault", space.fault());
            return map;
        }
        map.put("memoryBytes", space.memoryBytes());
        map.put("limitBytes", space.limitBytes());
        map.put("alive", pidsOf(space, /* alive= */ true));
        map.put("dead", pidsOf(space, /* alive= */ false));
        map.put(
                "named",
                space.primitives().stream()
                        .map(each ->
                                Map.of("name", each.name(), "type", each.type(), "declaration", each.declaration()))
                        .toList());
        map.put("types", space.types());
        map.put("creatorPid", space.creatorPid());
        map.put("creator", space.creator());
        map.put("created", space.created().toString());
        return map;
    }

    private static List<Long> pidsOf(Description space, boolean alive) {
        return space.members().stream()
                .filter(member -> member.alive() == alive)
                .map(Member::pid)
                .toList();
    }
}
