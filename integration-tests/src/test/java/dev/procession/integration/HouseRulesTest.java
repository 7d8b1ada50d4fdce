package dev.procession.integration;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.util.Arrays;

/** The rules of the house that the module system does not hold by itself. DESIGN's arrows point down only. */
@AnalyzeClasses(packages = "dev.procession", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseRulesTest {
    private static final String[] JDK = {"java..", "javax..", "jdk..", "com.sun.net..", "org.jspecify.."};

    @ArchTest
    static final ArchRule core_stands_on_the_jdk_alone = only("core");

    @ArchTest
    static final ArchRule shm_stands_on_core_alone = only("shm", "core");

    @ArchTest
    static final ArchRule process_stands_on_core_and_shm = only("process", "core", "shm");

    @ArchTest
    static final ArchRule green_stands_on_core = classes()
            .that()
            .resideInAPackage("dev.procession.green..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..", "org.jspecify..", "sun.reflect", "dev.procession.green..", "dev.procession.core..");

    @ArchTest
    static final ArchRule the_inside_of_the_jdk_is_opened_in_one_package = noClasses()
            .that()
            .resideOutsideOfPackage("dev.procession.green.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("sun..");

    @ArchTest
    static final ArchRule net_stands_on_process_and_green = classes()
            .that()
            .resideInAPackage("dev.procession.net..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax.net..",
                    "org.jspecify..",
                    "dev.procession.net..",
                    "dev.procession.core..",
                    "dev.procession.shm..",
                    "dev.procession.process..",
                    "dev.procession.green");

    @ArchTest
    static final ArchRule sched_stands_on_the_jdk_alone = only("sched");

    @ArchTest
    static final ArchRule explore_stands_on_core_and_its_annotation_on_junit = classes()
            .that()
            .resideInAPackage("dev.procession.explore")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "dev.procession.core..", "dev.procession.explore");

    @ArchTest
    static final ArchRule nobody_imports_the_lab = noClasses()
            .that()
            .resideOutsideOfPackages("dev.procession.lab..", "dev.procession.integration..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.procession.lab..");

    @ArchTest
    static final ArchRule nobody_ships_the_contract_suites = noClasses()
            .that()
            .resideOutsideOfPackages("dev.procession.conformance..", "dev.procession.integration..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.procession.conformance..");

    @ArchTest
    static final ArchRule native_calls_are_made_in_one_package = noClasses()
            .that()
            .resideOutsideOfPackage("dev.procession.shm.os..")
            .should()
            .dependOnClassesThat(are(new DescribedPredicate<JavaClass>("the doors to native code") {
                @Override
                public boolean test(JavaClass type) {
                    return type.isEquivalentTo(Linker.class) || type.isEquivalentTo(SymbolLookup.class);
                }
            }));

    @ArchTest
    static final ArchRule only_process_and_net_see_the_os_package = noClasses()
            .that(are(resideInAPackage("dev.procession..")
                    .and(DescribedPredicate.not(resideInAPackage("dev.procession.shm..")))
                    .and(DescribedPredicate.not(resideInAPackage("dev.procession.process..")))
                    .and(DescribedPredicate.not(resideInAPackage("dev.procession.net..")))
                    .and(DescribedPredicate.not(resideInAPackage("dev.procession.integration..")))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.procession.shm.os..");

    @ArchTest
    static final ArchRule no_class_is_a_junk_drawer = classes()
            .that()
            .resideInAPackage("dev.procession..")
            .should()
            .haveNameNotMatching(".*(Util|Utils|Helper|Helpers|Impl)(\\$.*)?")
            .andShould()
            .haveNameNotMatching(".*[a-z]Manager(\\$.*)?")
            .because("a name says what the thing is, and Manager is Python's server of objects");

    @ArchTest
    static final ArchRule no_flag_arguments_in_the_public_api = methods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackages("dev.procession.lab..", "dev.procession.shm.os..", "dev.procession.conformance..")
            .should(notTakeBooleansBesideTheOneTheyName());

    private static ArchRule only(String module, String... below) {
        var allowed = new java.util.ArrayList<>(Arrays.asList(JDK));
        allowed.add("dev.procession." + module + "..");
        for (String lower : below) {
            allowed.add("dev.procession." + lower + "..");
        }
        return classes()
                .that()
                .resideInAPackage("dev.procession." + module + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(String[]::new));
    }

    /** A setter of one flag reads well at the call site ({@code daemon(true)}); a flag among other arguments does not. */
    private static ArchCondition<JavaMethod> notTakeBooleansBesideTheOneTheyName() {
        return new ArchCondition<>("take no boolean among other arguments, but where a JDK interface asks for it") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean flag = method.getRawParameterTypes().stream().anyMatch(t -> t.isEquivalentTo(boolean.class));
                if (flag && method.getRawParameterTypes().size() > 1 && !comesFromTheJdk(method)) {
                    events.add(SimpleConditionEvent.violated(method, method.getFullName() + " takes a flag"));
                }
            }
        };
    }

    private static boolean comesFromTheJdk(JavaMethod method) {
        var types = method.getRawParameterTypes().toArray(JavaClass[]::new);
        return method.getOwner().getAllRawInterfaces().stream()
                .filter(type -> type.getPackageName().startsWith("java."))
                .anyMatch(type ->
                        type.tryGetMethod(method.getName(), names(types)).isPresent());
    }

    private static String[] names(JavaClass[] types) {
        return Arrays.stream(types).map(JavaClass::getName).toArray(String[]::new);
    }
}
