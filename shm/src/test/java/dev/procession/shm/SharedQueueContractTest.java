package dev.procession.shm;

import dev.procession.conformance.LeasedQueueContract;
import dev.procession.core.LeasedQueue;
import dev.procession.core.QueueLimits;

class SharedQueueContractTest extends LeasedQueueContract {
    @Override
    protected LeasedQueue<Integer> newQueue(QueueLimits limits) {
        return SharedQueue.create(limits);
    }
}
