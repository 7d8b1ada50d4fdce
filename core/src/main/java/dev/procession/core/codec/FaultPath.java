package dev.procession.core.codec;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds where in a value the object is that cannot be serialized: {@code buy$lambda.stock.socket}.
 *
 * <p>The JDK's exception names a class, not a place. Only after a failure the value is searched, breadth first, so the
 * shortest path is named, through fields, arrays, collections and what lambdas captured.
 */
final class FaultPath {
    /** Search no further than this: the message is a help, not a census. */
    private static final int MAX_VISITED = 100_000;

    private static final int MAX_KEY_LENGTH = 40;

    private final ArrayDeque<Node> waiting = new ArrayDeque<>();
    private final Set<Object> visited = Collections.newSetFromMap(new IdentityHashMap<>());

    private FaultPath() {}

    private record Node(Object value, String path) {}

    /** One line: what cannot travel, where it is, and what to do. */
    static String explain(@Nullable Object root, IOException failure) {
        Node fault = root == null ? null : new FaultPath().search(root);
        if (fault != null) {
            return "cannot serialize: " + fault.path + " is a " + readable(fault.value.getClass())
                    + ", which is not java.io.Serializable; make it so, mark the field transient, or do not capture it";
        }
        String what = failure instanceof NotSerializableException
                ? "a " + failure.getMessage() + " in it is not java.io.Serializable"
                : failure.toString();
        return "cannot serialize: value of class=" + (root == null ? "null" : readable(root.getClass())) + ": " + what;
    }

    private @Nullable Node search(Object root) {
        waiting.add(new Node(root, rootName(root)));
        while (!waiting.isEmpty() && visited.size() < MAX_VISITED) {
            Node node = waiting.remove();
            if (!visited.add(node.value)) {
                continue;
            }
            if (!(node.value instanceof Serializable)) {
                return node;
            }
            addChildren(node);
        }
        return null;
    }

    private void addChildren(Node node) {
        Object value = node.value;
        if (value instanceof String || value instanceof Enum<?> || value instanceof Class<?>) {
            return;
        }
        SerializedLambda lambda = describe(value);
        if (lambda != null) {
            String[] names = LambdaNames.captured(lambda, value.getClass().getClassLoader());
            for (int i = 0; i < names.length; i++) {
                add(lambda.getCapturedArg(i), node.path + "." + names[i]);
            }
        } else if (value instanceof Object[] array) {
            for (int i = 0; i < array.length; i++) {
                add(array[i], node.path + "[" + i + "]");
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                add(entry.getKey(), node.path + ".key");
                add(entry.getValue(), node.path + "[" + keyName(entry.getKey()) + "]");
            }
        } else if (value instanceof Iterable<?> elements
                && value.getClass().getName().startsWith("java.")) {
            int index = 0;
            for (Object each : elements) {
                add(each, node.path + "[" + index++ + "]");
            }
        } else {
            addFields(node);
        }
    }

    private void addFields(Node node) {
        for (Class<?> type = node.value.getClass();
                type != null && Serializable.class.isAssignableFrom(type);
                type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                boolean travels = !Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers);
                if (travels && !field.getType().isPrimitive() && field.trySetAccessible()) {
                    add(read(field, node.value), node.path + "." + field.getName());
                }
            }
        }
    }

    private static @Nullable Object read(Field field, Object owner) {
        try {
            return field.get(owner);
        } catch (IllegalAccessException _) {
            return null;
        }
    }

    private void add(@Nullable Object value, String path) {
        if (value != null) {
            waiting.add(new Node(value, path));
        }
    }

    private static @Nullable SerializedLambda describe(Object value) {
        return Shape.of(value.getClass()) instanceof LambdaShape shape ? shape.describe(value) : null;
    }

    private static String rootName(Object root) {
        SerializedLambda lambda = root instanceof Serializable ? describe(root) : null;
        return lambda == null ? readable(root.getClass()) : LambdaNames.name(lambda);
    }

    private static String keyName(@Nullable Object key) {
        return key instanceof String || key instanceof Number || key instanceof Enum<?>
                ? abbreviated(key.toString())
                : key == null ? "null" : readable(key.getClass());
    }

    private static String abbreviated(String text) {
        return text.length() <= MAX_KEY_LENGTH ? text : text.substring(0, MAX_KEY_LENGTH) + "...";
    }

    /** The class name; of a lambda's class without the address that changes from run to run. */
    private static String readable(Class<?> type) {
        String name = type.getTypeName();
        int address = name.indexOf("/0x");
        return address < 0 ? name : name.substring(0, address);
    }
}
