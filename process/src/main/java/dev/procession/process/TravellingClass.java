package dev.procession.process;

import dev.procession.core.codec.Codec;
import dev.procession.core.codec.UndecodableException;
import dev.procession.core.codec.UnencodableException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A class on its way to another JVM: its class file, and for the classes of a JShell session the session's variables.
 *
 * <p>JShell keeps a variable in a static field of a class it makes for it, so a lambda that names one captures nothing.
 * In the other JVM the field would silently hold null or 0. So it gets a copy, as captured values are copied: the value
 * at the moment when the other JVM first needs the class. One that is not serializable stays behind.
 *
 * @param file the class file
 * @param variables the values that came along, encoded
 */
@SuppressWarnings("ArrayRecordComponent") // carries the bytes; two of them are never compared
record TravellingClass(byte[] file, List<Variable> variables) {
    /** What JShell names the class of one snippet; the classes that a user declares are nested in such. */
    private static final Pattern SNIPPET = Pattern.compile("REPL\\.\\$JShell\\$[0-9]+[A-Z]*");

    /**
     * The value of one static field.
     *
     * @param field its name
     * @param value the encoded value
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Variable(String field, byte[] value) {}

    static boolean hasVariables(String className) {
        return SNIPPET.matcher(className).matches();
    }

    /** Takes a snippet's variables along. */
    static TravellingClass of(byte[] file, Class<?> snippet) {
        List<Variable> variables = new ArrayList<>();
        for (Field field : snippet.getDeclaredFields()) {
            int modifiers = field.getModifiers();
            if (Modifier.isStatic(modifiers) && !Modifier.isFinal(modifiers)) {
                try {
                    field.setAccessible(true);
                    variables.add(new Variable(field.getName(), Codec.standard().encode(field.get(null))));
                } catch (UnencodableException | ReflectiveOperationException | LinkageError _) {
                    // It stays behind.
                }
            }
        }
        return new TravellingClass(file, List.copyOf(variables));
    }

    /** Puts the variables into the class that was made of the file here. */
    void unpackInto(Class<?> snippet) {
        for (Variable variable : variables) {
            try {
                Field field = snippet.getDeclaredField(variable.field());
                field.setAccessible(true);
                field.set(null, Codec.standard().decode(variable.value(), snippet.getClassLoader()));
            } catch (UndecodableException | ReflectiveOperationException | LinkageError _) {
                // As if it had stayed behind.
            }
        }
    }

    void write(DataOutputStream out) throws IOException {
        writeBytes(file, out);
        out.writeInt(variables.size());
        for (Variable variable : variables) {
            out.writeUTF(variable.field());
            writeBytes(variable.value(), out);
        }
    }

    static TravellingClass read(DataInputStream in) throws IOException {
        byte[] file = in.readNBytes(in.readInt());
        List<Variable> variables = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            variables.add(new Variable(in.readUTF(), in.readNBytes(in.readInt())));
        }
        return new TravellingClass(file, List.copyOf(variables));
    }

    private static void writeBytes(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
