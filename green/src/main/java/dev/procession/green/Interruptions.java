package dev.procession.green;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;

/** The exceptions by which blocking calls of the JDK say that their thread was interrupted. */
final class Interruptions {
    private Interruptions() {}

    static boolean isOne(Throwable thrown) {
        return switch (thrown) {
            case InterruptedException _, ClosedByInterruptException _, FileLockInterruptionException _ -> true;
            case SocketTimeoutException _ -> false;
            case InterruptedIOException _ -> true;
            case SocketException closed -> "Closed by interrupt".equals(closed.getMessage());
            default -> false;
        };
    }
}
