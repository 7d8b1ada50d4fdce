package dev.procession.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.Background;
import dev.procession.conformance.NothingLeft;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rules of Python's greenlets. The cases G1 to G9 of the list are named; the rest are ideas of test_greenlet and test_throw. */
@ExtendWith(NothingLeft.class)
class GreenletTest {
    private final List<Object> seen = new ArrayList<>();

    /** Case G1. */
    @Test
    void eatAndPlay() {
        Greenlet[] play = new Greenlet[1];
        Greenlet[] eat = new Greenlet[1];
        eat[0] = Greenlet.of(name -> {
            seen.add("eat 1");
            play[0].switchTo("bob");
            seen.add("eat 2");
            play[0].switchTo();
            return null;
        });
        play[0] = Greenlet.of(name -> {
            assertThat(name).isEqualTo("bob");
            seen.add("play 1");
            eat[0].switchTo();
            seen.add("play 2");
            return null;
        });

        eat[0].switchTo("bob");

        assertThat(seen).containsExactly("eat 1", "play 1", "eat 2", "play 2");
        assertThat(eat[0].isDead()).isFalse();
        assertThat(play[0].isDead()).isTrue();
        eat[0].close();
    }

    /** Case G2. */
    @Test
    void valuesGoBothWays() {
        Greenlet[] first = new Greenlet[1];
        Greenlet second = Greenlet.of(value -> {
            seen.add(value);
            first[0].switchTo(42);
            return null;
        });
        first[0] = Greenlet.of(value -> {
            seen.add(second.switchTo((Integer) value + 1));
            return "done";
        });

        assertThat(first[0].switchTo(10)).isEqualTo("done");

        assertThat(seen).containsExactly(11, 42);
        assertThat(first[0].isDead()).isTrue();
        assertThat(second.isDead()).isFalse();
        second.close();
    }

    /** Case G3. */
    @Test
    void theDeadHandValuesBack() {
        Greenlet greenlet = Greenlet.of(value -> "ret " + value);

        assertThat(greenlet.isActive()).isFalse();
        assertThat(greenlet.switchTo(1)).isEqualTo("ret 1");
        assertThat(greenlet.isDead()).isTrue();
        assertThat(greenlet.isActive()).isFalse();
        assertThat(greenlet.switchTo("again")).isEqualTo("again");
    }

    /** Case G5. */
    @Test
    void anExceptionIsThrownWhereTheGreenletStopped() {
        Greenlet greenlet = Greenlet.of(value -> {
            try {
                Greenlet.current().parent().switchTo();
                return "not reached";
            } catch (IllegalStateException zap) {
                seen.add(zap.getMessage());
                return "handled";
            } finally {
                seen.add("finally");
            }
        });
        greenlet.switchTo();

        assertThat(greenlet.throwInto(new IllegalStateException("zap"))).isEqualTo("handled");

        assertThat(seen).containsExactly("zap", "finally");
        assertThat(greenlet.isDead()).isTrue();
    }

    /** Case G6. */
    @Test
    void killingTwiceRunsFinallyOnceAndThrowsNothing() {
        Greenlet greenlet = parked();

        GreenletExit first = new GreenletExit();
        GreenletExit second = new GreenletExit();
        assertThat(greenlet.throwInto(first)).isSameAs(first);
        assertThat(greenlet.throwInto(second)).isSameAs(second);

        assertThat(seen).containsExactly("finally");
        assertThat(greenlet.isDead()).isTrue();
    }

    /** Case G7. */
    @Test
    void anExceptionBeforeTheStartKeepsTheBodyFromRunning() {
        Greenlet greenlet = Greenlet.of(seen::add);
        IllegalArgumentException early = new IllegalArgumentException("early");

        assertThatThrownBy(() -> greenlet.throwInto(early)).isSameAs(early);

        assertThat(seen).isEmpty();
        assertThat(greenlet.isDead()).isTrue();
    }

    /** Case G9. */
    @Test
    void parentCyclesAndOtherThreadsAreRefused() {
        Greenlet upper = Greenlet.of(seen::add);
        Greenlet lower = Greenlet.of(seen::add);
        lower.setParent(upper);

        assertThatThrownBy(() -> upper.setParent(lower))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cyclic parent chain");
        assertThatThrownBy(() -> upper.setParent(upper)).hasMessageContaining("cyclic parent chain");
        assertThat(Background.call(() -> lower.switchTo(1)).failure(GreenletException.class))
                .hasMessageContaining("cannot switch to a different thread");
        assertThat(Background.run(() -> Greenlet.of(seen::add).setParent(upper))
                        .failure(IllegalArgumentException.class))
                .hasMessageContaining("parent cannot be on a different thread");

        assertThat(seen).isEmpty();
    }

    @Test
    void whatABodyThrowsIsThrownInItsParent() {
        Greenlet inner = Greenlet.of(value -> {
            throw new IllegalArgumentException("inner");
        });
        Greenlet outer = Greenlet.of(value -> {
            inner.setParent(Greenlet.current());
            try {
                return inner.switchTo();
            } catch (IllegalArgumentException e) {
                return "caught " + e.getMessage();
            }
        });

        assertThat(outer.switchTo()).isEqualTo("caught inner");
    }

    @Test
    void checkedExceptionsArriveAsTheyAre() {
        Greenlet greenlet = parked();
        IOException checked = new IOException("disk");

        assertThatThrownBy(() -> greenlet.throwInto(checked)).isSameAs(checked);
        assertThat(seen).containsExactly("finally");
    }

    @Test
    void theValueOfAReparentedGreenletGoesToTheNewParent() {
        Greenlet collector = Greenlet.of(value -> "collected " + value);
        Greenlet worker = Greenlet.of(value -> "work " + value);
        worker.setParent(collector);

        assertThat(worker.switchTo(7)).isEqualTo("collected work 7");
        assertThat(collector.isDead()).isTrue();
    }

    @Test
    void anExceptionGoesPastParentsThatNeverStarted() {
        Greenlet parent = Greenlet.of(seen::add);
        Greenlet child = Greenlet.of(seen::add);
        child.setParent(parent);

        assertThatThrownBy(() -> child.throwInto(new IllegalStateException("up")))
                .hasMessage("up");

        assertThat(seen).isEmpty();
        assertThat(parent.isDead()).isTrue();
    }

    @Test
    void switchingToOneselfReturnsTheValue() {
        assertThat(Greenlet.current().switchTo("self")).isEqualTo("self");
        assertThat(Greenlet.current().parent()).isNull();
        assertThatThrownBy(() -> Greenlet.current().throwInto(new IllegalStateException("me")))
                .hasMessage("me");
    }

    @Test
    void aGreenletThatCatchesItsEndMayGoOn() {
        Greenlet main = Greenlet.current();
        Greenlet stubborn = Greenlet.of(value -> {
            try {
                main.switchTo("first");
            } catch (GreenletExit exit) {
                main.switchTo("still here");
            }
            return "end";
        });
        stubborn.switchTo();

        assertThat(stubborn.throwInto(new GreenletExit())).isEqualTo("still here");
        assertThat(stubborn.isDead()).isFalse();
        assertThat(stubborn.switchTo()).isEqualTo("end");
    }

    @Test
    void closingComesBackToTheCloserWhoeverTheParentIs() {
        Greenlet bystander = Greenlet.of(value -> {
            seen.add("bystander got " + value);
            return null;
        });
        Greenlet greenlet = parked();
        greenlet.setParent(bystander);

        greenlet.close();
        greenlet.close();

        assertThat(seen).containsExactly("finally");
        assertThat(greenlet.isDead()).isTrue();
        assertThat(greenlet.parent()).isSameAs(bystander);
        assertThat(bystander.isDead()).isFalse();
    }

    @Test
    void aChildMayCloseItsParentAndGoOn() {
        Greenlet main = Greenlet.current();
        Greenlet[] child = new Greenlet[1];
        Greenlet parent = Greenlet.of(value -> {
            child[0] = Greenlet.of(parentToClose -> {
                ((Greenlet) parentToClose).close();
                seen.add("parent dead: " + ((Greenlet) parentToClose).isDead());
                return "child's value";
            });
            return child[0].switchTo(Greenlet.current());
        });

        assertThat(parent.switchTo()).isEqualTo("child's value"); // the dead parent hands it up to main
        assertThat(seen).containsExactly("parent dead: true");
        assertThat(Greenlet.current()).isSameAs(main);
    }

    @Test
    void aGeneratorIsAGreenletThatSwitchesToWhoeverAsks() {
        Greenlet main = Greenlet.current();
        Greenlet generator = Greenlet.of(value -> {
            for (int i = 0; i < 1000; i++) {
                main.switchTo(i);
            }
            return null;
        });
        Iterator<Object> values = new Iterator<>() {
            private Object ahead = generator.switchTo();

            @Override
            public boolean hasNext() {
                return !generator.isDead();
            }

            @Override
            public Object next() {
                Object current = ahead;
                ahead = generator.switchTo();
                return current;
            }
        };

        int sum = 0;
        while (values.hasNext()) {
            sum += (Integer) values.next();
        }

        assertThat(sum).isEqualTo(499_500);
    }

    @Test
    void aGreenletSwitchesFromDeepWithinItsCalls() {
        Greenlet main = Greenlet.current();
        Function<Object, Object> body = depth -> descend((Integer) depth, main);
        Greenlet greenlet = Greenlet.of(body);

        assertThat(greenlet.switchTo(1000)).isEqualTo("at the bottom");
        assertThat(greenlet.switchTo(5)).isEqualTo(1005);
    }

    private static Object descend(int depth, Greenlet main) {
        return depth == 0 ? main.switchTo("at the bottom") : (Integer) descend(depth - 1, main) + 1;
    }

    @Test
    void everyThreadHasItsOwnGreenlets() throws Exception {
        for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
            List<Object> got = new ArrayList<>();
            Thread thread = kind.name("elsewhere").start(() -> {
                Greenlet main = Greenlet.current();
                Greenlet greenlet = Greenlet.of(value -> {
                    got.add(value);
                    pause();
                    got.add(main.switchTo("out"));
                    pause();
                    return "end";
                });
                got.add(greenlet.switchTo("in"));
                pause();
                got.add(greenlet.switchTo("in again"));
            });
            thread.join();
            assertThat(got).containsExactly("in", "out", "in again", "end");
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anInterruptStaysAcrossSwitches() {
        Greenlet greenlet = Greenlet.of(value -> {
            seen.add(Greenlet.current().parent().switchTo());
            return null;
        });
        greenlet.switchTo();
        Thread.currentThread().interrupt();
        greenlet.switchTo("went on");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(seen).containsExactly("went on");
    }

    @Test
    void scopedValuesStayWhereTheyWereBound() {
        ScopedValue<String> user = ScopedValue.newInstance();
        Greenlet main = Greenlet.current();
        Greenlet greenlet = Greenlet.of(value -> {
            seen.add("start " + user.orElse("none"));
            ScopedValue.where(user, "inner").run(() -> {
                main.switchTo();
                seen.add("bound " + user.orElse("none"));
            });
            main.switchTo();
            seen.add("end " + user.orElse("none"));
            return null;
        });

        ScopedValue.where(user, "outer").run(() -> {
            greenlet.switchTo();
            seen.add("main " + user.get());
        });
        seen.add("main " + user.orElse("none"));
        greenlet.switchTo();
        seen.add("main " + user.orElse("none"));
        ScopedValue.where(user, "later").run(greenlet::switchTo);

        assertThat(seen)
                .containsExactly("start none", "main outer", "main none", "bound inner", "main none", "end none");
    }

    @Test
    void aScopeEndsWhatIsStillSuspended() {
        Greenlet left;
        Greenlet unstarted;
        try (GreenletScope scope = GreenletScope.open()) {
            left = parked();
            unstarted = Greenlet.of(seen::add);
            assertThat(Greenlet.of(value -> value).switchTo("done")).isEqualTo("done");
            assertThat(scope).isNotNull();
        }

        assertThat(left.isDead()).isTrue();
        assertThat(unstarted.isDead()).isTrue();
        assertThat(seen).containsExactly("finally");
    }

    @Test
    void aScopeThrowsWhatGreenletsThrowAtTheirEndOnceAllHaveEnded() {
        Greenlet main = Greenlet.current();
        Function<Object, Object> body = number -> {
            try {
                return main.switchTo();
            } finally {
                seen.add(number);
                throwAtEnd(number);
            }
        };

        assertThatThrownBy(() -> {
                    try (GreenletScope scope = GreenletScope.open()) {
                        Greenlet.of(body).switchTo(1);
                        Greenlet.of(body).switchTo(2);
                        assertThat(scope).isNotNull();
                    }
                })
                .hasMessage("end of 1")
                .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("end of 2"));
        assertThat(seen).containsExactly(1, 2);
    }

    private static void throwAtEnd(Object number) {
        throw new IllegalStateException("end of " + number);
    }

    /** A greenlet that waits and notes when it is ended. */
    private Greenlet parked() {
        Greenlet greenlet = Greenlet.of(value -> {
            try {
                return Greenlet.current().parent().switchTo();
            } finally {
                seen.add("finally");
            }
        });
        greenlet.switchTo();
        return greenlet;
    }
}
