package dev.procession.net;

import java.io.Serializable;

/** Whose turn it is to accept, where several processes accept from one socket. For any thread. */
interface Turn extends Serializable {
    /** Before anything is accepted. */
    void begin();

    /** Returns when this process may accept; in bounded time, whatever others do. */
    void await();

    /** Another connection is served here. */
    void entered();

    /** One has ended. */
    void left();

    /** For an acceptor that need not care for others. */
    enum Always implements Turn {
        TURN;

        @Override
        public void begin() {}

        @Override
        public void await() {}

        @Override
        public void entered() {}

        @Override
        public void left() {}
    }
}
