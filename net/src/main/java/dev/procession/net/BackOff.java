package dev.procession.net;

import java.time.Duration;

/**
 * How long to wait before the next try at what fails over and over: twice as long each time, up to a bound. What has gone
 * well for a while begins anew. Used by one thread.
 */
final class BackOff {
    private final Duration least;
    private final Duration most;
    private final Duration goingWell;
    private Duration next;

    BackOff(Duration least, Duration most, Duration goingWell) {
        this.least = least;
        this.most = most;
        this.goingWell = goingWell;
        this.next = least;
    }

    /**
     * Counts a failure.
     *
     * @param after how long it had gone well
     * @return how long to wait
     */
    Duration failed(Duration after) {
        if (after.compareTo(goingWell) >= 0) {
            next = least;
        }
        Duration wait = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(most) > 0 ? most : doubled;
        return wait;
    }
}
