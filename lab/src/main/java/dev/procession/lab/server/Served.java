package dev.procession.lab.server;

/**
 * What a client is told when its turn has come.
 *
 * @param pid the process that serves it
 * @param thread the thread that does
 * @param counted how many clients that process has served so far, this one included: data that threads share, and
 *     processes do not
 */
record Served(long pid, String thread, int counted) {
    static Served read(String greeting) {
        String[] words = greeting.split(" ", 3);
        return new Served(Long.parseLong(words[0]), words[2], Integer.parseInt(words[1]));
    }

    String greeting() {
        return pid + " " + counted + " " + thread;
    }
}
