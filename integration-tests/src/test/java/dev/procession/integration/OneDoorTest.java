package dev.procession.integration;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Set;

/**
 * Every store to shared memory passes one accessor. The crash-point explorer kills before each store that does, so a store
 * that does not would be one nobody ever died before.
 */
@AnalyzeClasses(packages = "dev.procession.shm", importOptions = ImportOption.DoNotIncludeTests.class)
class OneDoorTest {
    private static final Set<String> STORES = Set.of(
            "set",
            "setAtIndex",
            "setString",
            "fill",
            "copyFrom",
            "copy",
            "setVolatile",
            "setRelease",
            "setOpaque",
            "compareAndSet",
            "compareAndExchange",
            "weakCompareAndSet",
            "getAndSet",
            "getAndAdd",
            "getAndBitwiseOr",
            "getAndBitwiseAnd");

    @ArchTest
    static final ArchRule all_stores_to_shared_memory_pass_cells = noClasses()
            .that()
            .resideOutsideOfPackage("dev.procession.shm.os..")
            .and()
            .doNotHaveFullyQualifiedName("dev.procession.shm.engine.Cells")
            // a word of this JVM alone, that wakes its thread
            .and()
            .doNotHaveFullyQualifiedName("dev.procession.shm.engine.Keeper")
            .and()
            .doNotHaveFullyQualifiedName("dev.procession.shm.engine.ParkedThreads")
            // a private copy of a file
            .and()
            .doNotHaveFullyQualifiedName("dev.procession.shm.engine.SpaceSnapshot")
            // the user's own bytes, whose meaning is the user's
            .and()
            .doNotHaveFullyQualifiedName("dev.procession.shm.SharedRegion")
            .should()
            .callMethodWhere(new DescribedPredicate<JavaMethodCall>("a store past the accessor") {
                @Override
                public boolean test(JavaMethodCall call) {
                    var owner = call.getTargetOwner();
                    return (owner.isEquivalentTo(MemorySegment.class) || owner.isEquivalentTo(VarHandle.class))
                            && STORES.contains(call.getName());
                }
            })
            .because("the crash-point explorer must see every store");
}
