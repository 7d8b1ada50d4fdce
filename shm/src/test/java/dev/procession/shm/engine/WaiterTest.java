package dev.procession.shm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.shm.os.Futex;
import org.junit.jupiter.api.Test;

class WaiterTest {
    @Test
    void is_the_one_this_run_asked_for() {
        boolean polling = "polling".equals(System.getProperty("procession.wait"));
        assertThat(Waiter.CHOSEN.isWoken()).isEqualTo(!polling && Futex.isAvailable());
    }

    @Test
    void works_on_futexes_where_we_are_tested() {
        assertThat(Futex.isAvailable()).isTrue();
        assertThat(Futex.canAwaitAny()).isTrue();
    }
}
