package dev.procession.lab.server;

import dev.procession.lab.stage.Crew;
import dev.procession.lab.stage.Hand;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One client, as the course's: connects, says some lines, hears each in upper case, ends.
 *
 * @param number which one, from 1
 * @param port the server's
 * @param lines how many it says
 * @param pause how long it thinks before each
 * @param company what it waits for before its last line
 */
record Client(int number, int port, int lines, Duration pause, Company company) implements Crew.Task {
    /** Lets a client stay until something has happened, so that who overlaps with whom is no matter of luck. */
    interface Company {
        void await() throws InterruptedException;

        /** Waits for nobody. */
        static Company none() {
            return () -> {};
        }
    }

    /** What it says, in letters that are more than a byte each, and grow when they get big. */
    String line(int index) {
        return "client " + number + " says straße café 你好 " + index;
    }

    List<String> expected() {
        return IntStream.range(0, lines)
                .mapToObj(index -> line(index).toUpperCase(Locale.ROOT))
                .toList();
    }

    @Override
    public void run(Hand hand) throws IOException, InterruptedException {
        hand.enters(Doing.WAITS);
        try (var conversation = new Conversation(port)) {
            hand.marks(Doing.GREETED, conversation.next());
            hand.enters(Doing.TALKS);
            for (int i = 0; i < lines; i++) {
                Thread.sleep(pause);
                if (i == lines - 1) {
                    company.await();
                }
                conversation.say(line(i));
                hand.marks(Doing.ANSWERED, conversation.next());
            }
        }
    }
}
