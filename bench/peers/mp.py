"""Python's multiprocessing as a peer. Usage: mp.py WORK SECONDS. Prints one JSON object: {"value": ...}."""
import json
import multiprocessing as mp
import sys
import time


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
    per_consumer = max(1, int(60_000 * seconds) // consumers)
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
    count = max(100, int(5_000 * seconds))
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
    lock, count = mp.Lock(), int(3_000_000 * seconds)
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


def increment(value, count):
    for _ in range(count):
        with value.get_lock():
            value.value += 1


def value_increment(seconds):
    value, count = mp.Value("q", 0), int(500_000 * seconds)
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
    "lock-contended": lambda s: contend(lock_pairs, mp.Lock(), s, int(1_000_000 * s)),
    "value-increment": value_increment,
    "dict-get": lambda s: dict_rate("get", s),
    "dict-put": lambda s: dict_rate("put", s),
}

if __name__ == "__main__":
    print(json.dumps({"value": WORKS[sys.argv[1]](float(sys.argv[2]))}))
