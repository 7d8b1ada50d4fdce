package dev.procession.process.manager;

import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A method as it is named on the line, by name and types of its parameters: so two JVMs need not have the same order of
 * methods, only the same methods.
 *
 * @param text as in {@code get(I)}
 * @param interruptible whether it says that it may throw {@link InterruptedException}
 */
record Signature(String text, boolean interruptible) {
    private static final ClassValue<Map<Method, Signature>> OF = new ClassValue<>() {
        @Override
        protected Map<Method, Signature> computeValue(Class<?> type) {
            Map<Method, Signature> signatures = new HashMap<>();
            for (Method method : type.getDeclaredMethods()) {
                signatures.put(method, make(method));
            }
            return Map.copyOf(signatures);
        }
    };

    static Signature of(Method method) {
        Signature known = OF.get(method.getDeclaringClass()).get(method);
        return known != null ? known : make(method);
    }

    private static Signature make(Method method) {
        String parameters =
                MethodType.methodType(void.class, method.getParameterTypes()).toMethodDescriptorString();
        return new Signature(
                method.getName() + parameters.substring(0, parameters.length() - 1),
                Arrays.stream(method.getExceptionTypes()).anyMatch(type -> type == InterruptedException.class));
    }

    /** The methods that can be called through an interface, by {@link #text}. */
    static Map<String, Method> methodsOf(Class<?> type) {
        Map<String, Method> methods = new HashMap<>();
        for (Method method : type.getMethods()) {
            method.trySetAccessible(); // an interface that is not public
            methods.put(of(method).text(), method);
        }
        return Map.copyOf(methods);
    }
}
