package dev.procession.explore.junit;

import dev.procession.explore.Exploration;
import dev.procession.explore.Explorer;
import dev.procession.explore.Program;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.ReflectionSupport;

/** Runs the method of an {@link ExploreTest} once for each schedule, instead of once. */
final class ExploreExtension implements ParameterResolver, InvocationInterceptor {
    private static final String REPLAY = "procession.explore.replay";

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Program.class;
    }

    @Override
    public Program resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return new Program();
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context) {
        invocation.skip();
        Method method = call.getExecutable();
        if (method.getParameterCount() != 1) {
            throw new IllegalStateException(
                    "an @ExploreTest has one parameter, the Program it describes: method=" + method);
        }
        Object test = context.getRequiredTestInstance();
        Supplier<Program> describe = () -> {
            var program = new Program();
            ReflectionSupport.invokeMethod(method, test, program);
            return program;
        };
        ExploreTest wanted = method.getAnnotation(ExploreTest.class);
        String token = System.getProperty(REPLAY);
        Exploration found = token == null ? explorer(wanted).run(describe) : Explorer.replay(token, describe);
        if (found.failing() > 0) {
            throw new AssertionError(found.toString());
        }
        if (found.coverage() == Exploration.Coverage.CUT_OFF) {
            throw new AssertionError("proved nothing: " + found + "; raise max, or ask for RANDOM");
        }
    }

    private static Explorer explorer(ExploreTest wanted) {
        return switch (wanted.value()) {
            case EVERY -> Explorer.everySchedule().maxSchedules(wanted.max());
            case EVERY_KIND -> Explorer.everyKind().maxSchedules(wanted.max());
            case RANDOM -> Explorer.random(wanted.max(), wanted.seed());
        };
    }
}
