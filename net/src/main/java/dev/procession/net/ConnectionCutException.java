package dev.procession.net;

import java.io.IOException;

/** The server closed the connection under the handler: a limit was passed, or a drain's time was over. */
public final class ConnectionCutException extends IOException {
    private static final long serialVersionUID = 1;

    ConnectionCutException(String why) {
        super("the connection was closed by the server: " + why);
    }
}
