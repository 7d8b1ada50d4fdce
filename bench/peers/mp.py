"""Python's multiprocessing as a peer. Usage: mp.py WORK SECONDS. Prints one JSON object: {"value": ...}."""
import json
import multiprocessing as mp
import pickle
import sys
import time
from multiprocessing import shared_memory


def producer(queue, count, payload):
    for _ in range(count):
        queue.put(payload)


def consumer(queue, count, done):
    queue.get()
    first = time.monotonic()
    for _ in range(count - 1):
        queue.get()
    done.put((first, time.monotonic()))


def queue_rate(producers, consumers, seconds, payload):
    """Messages a second through one mp.Queue, from the first get to the last."""
    per_consumer = max(1, int(150_000 * seconds) // consumers)
    total = per_consumer * consumers
    queue, done = mp.Queue(maxsize=10_000), mp.Queue()
    takers = [mp.Process(target=consumer, args=(queue, per_consumer, done)) for _ in range(consumers)]
    for taker in takers:
        taker.start()
    putters = [mp.Process(target=producer, args=(queue, total // producers, payload)) for _ in range(producers)]
    for putter in putters:
        putter.start()
    spans = [done.get() for _ in takers]
    start, end = min(first for first, _ in spans), max(last for _, last in spans)
    for process in takers + putters:
        process.join()
    return total / (end - start)


def echo(inbox, outbox, count):
    for _ in range(count):
        outbox.put(inbox.get())


def queue_ping_pong(seconds):
    """Median microseconds for one message there and back."""
    count = max(100, int(8_000 * seconds))
    ping, pong = mp.Queue(), mp.Queue()
    other = mp.Process(target=echo, args=(ping, pong, count))
    other.start()
    times = []
    for _ in range(count):
        start = time.perf_counter_ns()
        ping.put(b"x")
        pong.get()
        times.append(time.perf_counter_ns() - start)
    other.join()
    times.sort()
    return times[len(times) // 2] / 1000


def lock_pairs(lock, count):
    for _ in range(count):
        lock.acquire()
        lock.release()


def lock_free(seconds):
    lock, count = mp.Lock(), int(12_000_000 * seconds)
    start = time.monotonic()
    lock_pairs(lock, count)
    return count / (time.monotonic() - start)


def contend(work, shared, seconds, count):
    """Operations a second of two processes at one shared thing."""
    gate = mp.Barrier(3)
    processes = [mp.Process(target=at_gate, args=(gate, work, shared, count)) for _ in range(2)]
    for process in processes:
        process.start()
    gate.wait()
    start = time.monotonic()
    for process in processes:
        process.join()
    return 2 * count / (time.monotonic() - start)


def at_gate(gate, work, shared, count):
    gate.wait()
    work(shared, count)


def longest_of(lock, count, longest):
    for _ in range(count):
        start = time.perf_counter_ns()
        lock.acquire()
        waited = time.perf_counter_ns() - start
        lock.release()
        if waited > longest.value:
            longest.value = waited


def lock_longest_wait():
    """The longest wait, in milliseconds, of a million each of two processes."""
    lock, gate, longest = mp.Lock(), mp.Barrier(2), [mp.RawValue("q", 0) for _ in range(2)]
    processes = [mp.Process(target=longest_at_gate, args=(gate, lock, each)) for each in longest]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return max(each.value for each in longest) / 1e6


def longest_at_gate(gate, lock, longest):
    gate.wait()
    longest_of(lock, 1_000_000, longest)


def codec_record(seconds):
    count = int(700_000 * seconds)
    start = time.monotonic()
    for i in range(count):
        pickle.loads(pickle.dumps(("name", i, 1.5, True), pickle.HIGHEST_PROTOCOL))
    return count / (time.monotonic() - start)


def attach(seconds):
    """Median milliseconds to attach shared memory that is there."""
    count, times = int(10_000 * seconds), []
    memory = shared_memory.SharedMemory(create=True, size=1 << 20)
    for _ in range(count):
        start = time.perf_counter_ns()
        again = shared_memory.SharedMemory(name=memory.name)
        times.append(time.perf_counter_ns() - start)
        again.close()
    memory.close()
    memory.unlink()
    times.sort()
    return times[len(times) // 2] / 1e6


def increment(value, count):
    for _ in range(count):
        with value.get_lock():
            value.value += 1


def value_increment(seconds):
    value, count = mp.Value("q", 0), int(1_500_000 * seconds)
    start = time.monotonic()
    increment(value, count)
    return count / (time.monotonic() - start)


def dict_rate(work, seconds):
    with mp.Manager() as manager:
        shared, count = manager.dict(), int(20_000 * seconds)
        for key in range(1000):
            shared[key] = ("name", key, 1.5, True)
        start = time.monotonic()
        for i in range(count):
            if work == "get":
                shared[i % 1000]
            else:
                shared[i % 1000] = ("name", i, 1.5, True)
        return count / (time.monotonic() - start)


WORKS = {
    "queue-1p1c": lambda s: queue_rate(1, 1, s, b"x" * 100),
    "queue-2p1c": lambda s: queue_rate(2, 1, s, b"x" * 100),
    "queue-2p2c": lambda s: queue_rate(2, 2, s, b"x" * 100),
    "queue-record": lambda s: queue_rate(1, 1, s, ("name", 7, 1.5, True)),
    "queue-ping-pong": queue_ping_pong,
    "lock-free": lock_free,
    "lock-contended": lambda s: contend(lock_pairs, mp.Lock(), s, int(2_500_000 * s)),
    "lock-longest-wait": lambda _: lock_longest_wait(),
    "value-increment": value_increment,
    "codec-record": codec_record,
    "attach": attach,
    "dict-get": lambda s: dict_rate("get", s),
    "dict-put": lambda s: dict_rate("put", s),
}

if __name__ == "__main__":
    print(json.dumps({"value": WORKS[sys.argv[1]](float(sys.argv[2]))}))
