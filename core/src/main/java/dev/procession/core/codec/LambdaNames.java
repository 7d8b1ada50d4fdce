package dev.procession.core.codec;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.classfile.attribute.LocalVariableTableAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names a programmer gave to what a lambda captured, for messages.
 *
 * <p>A captured variable is a parameter of the method the compiler made of the lambda's body, and the class file's debug
 * information still has its name. Without it, variables are called {@code captured[0]} and so on.
 */
final class LambdaNames {
    /** The method javac makes of a lambda's body: enclosing method, a hash where the lambda is serializable, a number. */
    private static final Pattern LAMBDA_BODY = Pattern.compile("lambda\\$(.*?)(?:\\$[0-9a-f]+)?\\$[0-9]+");

    private LambdaNames() {}

    /** The lambda itself: {@code buy$lambda} for one in the method buy, {@code Shop::buy} for a method reference. */
    static String name(SerializedLambda lambda) {
        String method = lambda.getImplMethodName();
        Matcher body = LAMBDA_BODY.matcher(method);
        if (body.matches()) {
            return body.group(1) + "$lambda";
        }
        String owner = lambda.getImplClass();
        return owner.substring(owner.lastIndexOf('/') + 1) + "::" + method;
    }

    /** The names of all captured values, in order. */
    static String[] captured(SerializedLambda lambda, @Nullable ClassLoader loader) {
        String[] names = new String[lambda.getCapturedArgCount()];
        for (int i = 0; i < names.length; i++) {
            names[i] = "captured[" + i + "]";
        }
        boolean hasReceiver = lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic
                && lambda.getImplMethodKind() != MethodHandleInfo.REF_newInvokeSpecial;
        if (hasReceiver && names.length > 0) {
            names[0] = lambda.getImplMethodName().startsWith("lambda$") ? "this" : "receiver";
        }
        if (lambda.getImplMethodName().startsWith("lambda$")) {
            nameVariables(names, lambda, loader, hasReceiver ? 1 : 0);
        }
        return names;
    }

    private static void nameVariables(
            String[] names, SerializedLambda lambda, @Nullable ClassLoader loader, int firstVariable) {
        Map<Integer, String> nameBySlot = variableNames(lambda, loader);
        var parameters =
                MethodTypeDesc.ofDescriptor(lambda.getImplMethodSignature()).parameterList();
        int slot = firstVariable;
        for (int i = firstVariable; i < names.length; i++) {
            names[i] = nameBySlot.getOrDefault(slot, names[i]);
            slot += slots(parameters.get(i - firstVariable));
        }
    }

    private static int slots(ClassDesc type) {
        return type.descriptorString().equals("J") || type.descriptorString().equals("D") ? 2 : 1;
    }

    private static Map<Integer, String> variableNames(SerializedLambda lambda, @Nullable ClassLoader loader) {
        var nameBySlot = new HashMap<Integer, String>();
        String resource = lambda.getImplClass() + ".class";
        try (InputStream in = loader == null
                ? ClassLoader.getSystemResourceAsStream(resource)
                : loader.getResourceAsStream(resource)) {
            if (in != null) {
                readNames(in.readAllBytes(), lambda, nameBySlot);
            }
        } catch (IOException | RuntimeException _) {
            // Only names for a message are missing; the failure that is being explained matters more.
        }
        return nameBySlot;
    }

    private static void readNames(byte[] classBytes, SerializedLambda lambda, Map<Integer, String> nameBySlot) {
        for (MethodModel method : ClassFile.of().parse(classBytes).methods()) {
            if (method.flags().has(AccessFlag.SYNTHETIC)
                    && method.methodName().equalsString(lambda.getImplMethodName())
                    && method.methodType().equalsString(lambda.getImplMethodSignature())) {
                CodeModel code = method.code().orElse(null);
                if (code != null) {
                    code.findAttribute(Attributes.localVariableTable()).ifPresent(table -> putNames(table, nameBySlot));
                }
            }
        }
    }

    private static void putNames(LocalVariableTableAttribute table, Map<Integer, String> nameBySlot) {
        for (LocalVariableInfo variable : table.localVariables()) {
            if (variable.startPc() == 0) {
                nameBySlot.put(variable.slot(), variable.name().stringValue());
            }
        }
    }
}
