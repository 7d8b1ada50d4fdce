package dev.procession.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.procession.core.SerializableAction;
import dev.procession.core.SerializableSupplier;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The message of a value that cannot travel names the path of fields that leads to the culprit. */
class UnencodableTest {
    static class Socket {
        int port;
    }

    static final class Stock implements Serializable {
        final String name = "noodles";
        final Object socket;
        final transient Object ignored = new Socket();
        Stock next;

        Stock(Object socket) {
            this.socket = socket;
        }
    }

    record Holder(int n, Object what) implements Serializable {}

    private static String messageFor(Object value) {
        return catchThrowableOfType(
                        UnencodableException.class, () -> Codec.standard().encode(value))
                .getMessage();
    }

    private SerializableAction buy(int count, Stock stock) {
        return () -> System.out.println(count + stock.name);
    }

    @Test
    void namesCapturedVariableAndField() {
        assertThat(messageFor(buy(1, new Stock(new Socket()))))
                .contains("buy$lambda.stock.socket is a dev.procession.core.codec.UnencodableTest$Socket");
    }

    @Test
    void namesThisWhenTheLambdaCapturedItsObject() {
        SerializableSupplier<String> lambda = () -> toString();

        assertThat(messageFor(lambda)).contains("namesThisWhenTheLambdaCapturedItsObject$lambda.this is a ");
    }

    @Test
    void longAndDoubleCapturesTakeTwoSlots() {
        long first = System.nanoTime();
        double second = first;
        var socket = new Socket();
        SerializableSupplier<String> lambda = () -> first + second + "" + socket;

        assertThat(messageFor(lambda)).contains("$lambda.socket is a ");
    }

    @Test
    void namesElementsAndKeys() {
        Map<String, Object> map = new HashMap<>(Map.of("shop", List.of(1, new Stock(new Socket()))));

        assertThat(messageFor(new Holder(1, map))).contains("Holder.what[shop][1].socket is a ");
        assertThat(messageFor(new Object[] {1, new Socket()})).contains("[1] is a ");
    }

    @Test
    void shortestPathIsNamedAndCyclesEnd() {
        var stock = new Stock(null);
        stock.next = new Stock(new Socket());
        stock.next.next = stock;

        assertThat(messageFor(stock)).contains("Stock.next.socket is a ");
    }

    @Test
    void culpritItselfIsNamed() {
        assertThat(messageFor(new Socket())).contains("UnencodableTest$Socket is a ");
        Runnable plain = () -> {};
        assertThat(messageFor(plain)).contains("$$Lambda").doesNotContain("0x");
    }

    @Test
    void methodReferenceIsNamedByItsTarget() {
        var socket = new Socket();
        SerializableSupplier<String> reference = socket::toString;

        assertThat(messageFor(reference)).contains("::toString.receiver is a ");
    }
}
