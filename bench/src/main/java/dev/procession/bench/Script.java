package dev.procession.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * A peer in another language: a file of {@code bench/peers}, run as a program that takes the work's name and the seconds
 * to spend, and prints one JSON object with {@code value}.
 */
final class Script implements Contender {
    private static final long ROUND_LIMIT_SECONDS = 120;

    private final String name;
    private final Language language;
    private final String file;
    private final String work;
    private final Optional<String> library;

    private Script(String name, Language language, String file, String work, Optional<String> library) {
        this.name = name;
        this.language = language;
        this.file = file;
        this.work = work;
        this.library = library;
    }

    static Contender python(String name, String file, String work) {
        return new Script(name, Language.PYTHON, file, work, Optional.empty());
    }

    /** One that needs a library that does not come with Python, and is named as its package is. */
    static Contender pythonWith(String library, String name, String file, String work) {
        return new Script(name, Language.PYTHON, file, work, Optional.of(library));
    }

    static Contender c(String name, String file, String work) {
        return new Script(name, Language.C, file, work, Optional.empty());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> absence() {
        Optional<Path> program = language.program();
        if (program.isEmpty()) {
            return Optional.of(language.install);
        }
        return library.filter(needed -> !canImport(program.get(), needed))
                .map(missing -> "apt-get install python3-" + missing);
    }

    private static boolean canImport(Path python, String module) {
        try {
            Process process = new ProcessBuilder(python.toString(), "-c", "import " + module)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public double measure(Effort effort) throws Exception {
        Path folder = Files.createTempDirectory("procession-bench-");
        try {
            var command = new ArrayList<>(language.command(unpack(folder), folder));
            command.add(work);
            command.add(Double.toString(effort.seconds()));
            return JsonMapper.shared().readTree(run(command)).get("value").asDouble();
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path left : files.toList()) {
                    Files.delete(left);
                }
            }
            Files.delete(folder);
        }
    }

    private Path unpack(Path folder) throws IOException {
        Path script = folder.resolve(file);
        try (InputStream source = Objects.requireNonNull(Script.class.getResourceAsStream("/peers/" + file), file)) {
            Files.copy(source, script);
        }
        return script;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(ROUND_LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("a peer failed: command=" + command + ", output=" + out);
            }
            return out;
        } finally {
            process.destroyForcibly();
        }
    }

    private enum Language {
        /** The system's own before others that a user's path may name first: figures are comparable between machines. */
        PYTHON("python3", "/usr/bin:", "apt-get install python3") {
            @Override
            List<String> command(Path script, Path folder) {
                return List.of(program().orElseThrow().toString(), script.toString());
            }
        },
        C("cc", "", "apt-get install gcc libc6-dev") {
            @Override
            List<String> command(Path script, Path folder) throws IOException, InterruptedException {
                Path binary = folder.resolve("peer");
                String compiler = program().orElseThrow().toString();
                run(List.of(compiler, "-O2", "-pthread", "-o", binary.toString(), script.toString()));
                return List.of(binary.toString());
            }
        };

        private final String name;
        private final String preferred;
        final String install;

        Language(String name, String preferred, String install) {
            this.name = name;
            this.preferred = preferred;
            this.install = install;
        }

        Optional<Path> program() {
            String path = preferred + System.getenv().getOrDefault("PATH", "");
            return Stream.of(path.split(":", -1))
                    .map(folder -> Path.of(folder, name))
                    .filter(Files::isExecutable)
                    .findFirst();
        }

        abstract List<String> command(Path script, Path folder) throws IOException, InterruptedException;
    }
}
