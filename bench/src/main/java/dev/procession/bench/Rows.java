package dev.procession.bench;

import java.util.List;
import java.util.stream.Stream;

/** Every row there is. */
final class Rows {
    private Rows() {}

    static List<Row> all() {
        return Stream.of(
                        LockRows.all(),
                        DetectionRows.all(),
                        QueueRows.all(),
                        CodecRows.all(),
                        ValueRows.all(),
                        MapRows.all(),
                        SpaceRows.all(),
                        PoolRows.all(),
                        GreenletRows.all(),
                        LoopRows.all(),
                        SchedulingRows.all())
                .flatMap(List::stream)
                .toList();
    }
}
