package dev.procession.net;

/** How many worker processes there are, and what each may take. */
sealed interface Staffing {
    /** How many to start before the server serves. */
    int atFirst();

    /** Among how many connections are to be spread evenly; 0 if each takes what comes. */
    int balanced();

    /**
     * How many to start now.
     *
     * @param all those there are
     * @param accepting those of them that accept connections, or will when they have started
     */
    int missing(int all, int accepting);

    /**
     * How many connections a worker may have at once.
     *
     * @param slot its place among those there are, from 0
     */
    int connections(int slot);

    static Staffing of(Plan plan) {
        int most = plan.limits().maxConnections();
        return plan.strategy() == ServerStrategy.PROCESS_PER_CONNECTION
                ? new Spares(Math.min(plan.workers(), Math.min(most, Spares.MOST)), Math.min(most, Spares.MOST))
                : new Shares(Math.min(plan.workers(), most), most);
    }

    /** A fixed number of workers that divide the connections among themselves. */
    record Shares(int workers, int connections) implements Staffing {
        @Override
        public int atFirst() {
            return workers;
        }

        @Override
        public int balanced() {
            return workers;
        }

        @Override
        public int missing(int all, int accepting) {
            return workers - all;
        }

        @Override
        public int connections(int slot) {
            return connections == Integer.MAX_VALUE
                    ? connections
                    : connections / workers + (slot < connections % workers ? 1 : 0);
        }
    }

    /** A worker for each connection, and some that wait for the next ones. */
    record Spares(int spares, int most) implements Staffing {
        /** A JVM takes tens of megabytes: so many at most, whatever the limit on connections. */
        static final int MOST = 64;

        @Override
        public int atFirst() {
            return spares;
        }

        @Override
        public int balanced() {
            return 0;
        }

        @Override
        public int missing(int all, int accepting) {
            return Math.min(spares - accepting, most - all);
        }

        @Override
        public int connections(int slot) {
            return 1;
        }
    }
}
