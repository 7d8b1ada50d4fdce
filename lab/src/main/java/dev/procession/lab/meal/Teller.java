package dev.procession.lab.meal;

import dev.procession.lab.picture.Look;
import dev.procession.lab.stage.Diary;
import dev.procession.lab.stage.Hand;

/** To whom a diner tells what it does, wherever it sits. */
interface Teller {
    void enters(Look look);

    void marks(Look look, Object text);

    /** For a child JVM. */
    static Teller diary() {
        return new Teller() {
            @Override
            public void enters(Look look) {
                Diary.enters(look);
            }

            @Override
            public void marks(Look look, Object text) {
                Diary.marks(look, text);
            }
        };
    }

    /** For a thread. */
    static Teller of(Hand hand) {
        return new Teller() {
            @Override
            public void enters(Look look) {
                hand.enters(look);
            }

            @Override
            public void marks(Look look, Object text) {
                hand.marks(look, text);
            }
        };
    }
}
