package dev.procession.lab.cli;

import dev.procession.lab.picture.Paper;
import java.io.Console;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.Optional;

/**
 * What standard output and standard error are attached to.
 *
 * <p>The launcher knows best and tells in system properties: Java asks only whether input and output both are a terminal.
 *
 * @param outIsTerminal whether standard output is one
 * @param errIsTerminal whether standard error is one
 * @param paper what pictures are drawn on
 */
record Terminal(boolean outIsTerminal, boolean errIsTerminal, Paper paper) {
    private static final int STANDARD_COLUMNS = 80;
    private static final int MOST_COLUMNS = 140;

    /** Looks at this process. */
    static Terminal detect(Map<String, String> environment) {
        boolean both = isConsole();
        boolean out = both || Boolean.getBoolean("procession.terminal.out");
        boolean err = both || Boolean.getBoolean("procession.terminal.err");
        return new Terminal(out, err, new Paper(columns(out), script(), colours(out, environment)));
    }

    /** Whether standard input and output both are a terminal. */
    static boolean isConsole() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    /** As wide as the terminal, up to where lanes get hard to follow. */
    private static int columns(boolean out) {
        int columns = out ? Integer.getInteger("procession.terminal.columns", STANDARD_COLUMNS) : STANDARD_COLUMNS;
        return columns <= 0 ? STANDARD_COLUMNS : Math.min(columns, MOST_COLUMNS);
    }

    private static Paper.Script script() {
        Charset charset = System.out.charset();
        return charset.newEncoder().canEncode("█孟") ? Paper.Script.UNICODE : Paper.Script.ASCII;
    }

    /** See no-color.org: any value but the empty one turns colours off. */
    private static Paper.Colours colours(boolean out, Map<String, String> environment) {
        boolean wanted =
                out && environment.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(environment.get("TERM"));
        return wanted ? Paper.Colours.ON : Paper.Colours.OFF;
    }
}
