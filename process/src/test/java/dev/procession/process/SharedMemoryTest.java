package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import dev.procession.shm.FamilySpace;
import dev.procession.shm.SharedLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Shared primitives that actions capture. */
@ExtendWith(NothingLeft.class)
class SharedMemoryTest {
    @BeforeAll
    static void beginTheFamilyOutsideOfTheInventory() {
        SharedLock.create().close();
    }

    @Test
    void capturedLockExcludesTheChildrenFromEachOther(@TempDir Path folder) throws Exception {
        String file = Files.writeString(folder.resolve("count"), "0").toString();
        try (SharedLock lock = SharedLock.create()) {
            List<ChildProcess> children = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                children.add(ChildProcess.start(() -> {
                    for (int n = 0; n < 50; n++) {
                        lock.lock();
                        try {
                            int count = Integer.parseInt(Files.readString(Path.of(file)));
                            Thread.sleep(1);
                            Files.writeString(Path.of(file), Integer.toString(count + 1));
                        } finally {
                            lock.unlock();
                        }
                    }
                }));
            }
            for (ChildProcess child : children) {
                child.joinOrThrow();
            }
        }

        assertThat(Path.of(file)).hasContent("150");
    }

    @Test
    void killedHolderDoesNotStopTheOthers() throws Exception {
        try (SharedLock lock = SharedLock.create()) {
            var held = new java.util.concurrent.CountDownLatch(1);
            ChildProcess holder = ChildProcess.builder()
                    .stdout(Output.lines(_ -> held.countDown()))
                    .start(() -> {
                        lock.lock();
                        System.out.println("held");
                        Thread.sleep(300_000);
                    });
            held.await();
            ChildProcess next = ChildProcess.builder().stderr(Output.captured()).start(lock::lock);

            holder.kill();

            next.joinOrThrow();
            holder.join();
        }
    }

    @Test
    void childrenAndTheirsBelongToOneFamily() throws Exception {
        String ours = FamilySpace.handover();
        ChildProcess child = ChildProcess.builder().stdout(Output.captured()).start(() -> {
            System.out.println(FamilySpace.handover());
            ChildProcess grandchild = ChildProcess.builder()
                    .stdout(Output.captured())
                    .start(() -> System.out.println(FamilySpace.handover()));
            grandchild.joinOrThrow();
            System.out.print(grandchild.stdout());
        });

        child.joinOrThrow();

        assertThat(child.stdout().lines()).containsExactly(ours, ours);
    }
}
