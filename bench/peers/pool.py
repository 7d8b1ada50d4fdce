"""Python's pools as a peer. Usage: pool.py WORK SECONDS. Prints one JSON object: {"value": ...}."""
import json
import multiprocessing as mp
import os
import signal
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

WORKERS = 2
TASKS = 20_000


def plus_one(x):
    return x + 1


def same(x):
    return x


def hold(path, size):
    held = bytearray(size)
    for i in range(0, size, 4096):
        held[i] = 1
    with open(path, "w") as out:
        out.write(str(os.getpid()))
    while held:
        pass


def median(times):
    times.sort()
    return times[len(times) // 2]


def one_at_a_time(call, seconds):
    """Median microseconds from the call to its result."""
    for i in range(200):
        call(i)
    times = []
    for i in range(max(200, int(4_000 * seconds))):
        start = time.perf_counter_ns()
        call(i)
        times.append(time.perf_counter_ns() - start)
    return median(times) / 1000


def executor_submit(seconds):
    with ProcessPoolExecutor(1) as pool:
        return one_at_a_time(lambda i: pool.submit(plus_one, i).result(), seconds)


def pool_apply(seconds):
    with mp.Pool(1) as pool:
        return one_at_a_time(lambda i: pool.apply(plus_one, (i,)), seconds)


def batches(batch, seconds):
    """Tasks a second, the median of the batches within the window; one goes ahead."""
    batch()
    rates, end = [], time.monotonic() + seconds
    while not rates or time.monotonic() < end:
        start = time.monotonic()
        batch()
        rates.append(TASKS / (time.monotonic() - start))
    return median(rates)


def pool_map(seconds):
    with mp.Pool(WORKERS) as pool:
        return batches(lambda: pool.map(plus_one, range(TASKS), chunksize=64), seconds)


def executor_submit_all(seconds):
    with ProcessPoolExecutor(WORKERS) as pool:

        def batch():
            for future in [pool.submit(plus_one, i) for i in range(TASKS)]:
                future.result()

        return batches(batch, seconds)


def large(seconds):
    payload = bytes(100_000_000)
    with mp.Pool(1) as pool:
        pool.apply(same, (b"warm",))
        times = []
        for _ in range(3):
            start = time.monotonic()
            assert len(pool.apply(same, (payload,))) == len(payload)
            times.append(time.monotonic() - start)
        return median(times) * 1000


def start(method):
    """Milliseconds from no pool to the first result of one."""
    times = []
    for _ in range(7):
        begin = time.monotonic()
        pool = ProcessPoolExecutor(1, mp_context=mp.get_context(method))
        pool.submit(plus_one, 1).result()
        times.append(time.monotonic() - begin)
        pool.shutdown()
    return median(times) * 1000


def death(seconds):
    """Milliseconds from the kill of a busy worker that holds 1 GiB to the failed future."""
    path = f"/tmp/pool-peer-{os.getpid()}"
    with ProcessPoolExecutor(1) as pool:
        future = pool.submit(hold, path, 1 << 30)
        while not (os.path.exists(path) and os.path.getsize(path)):
            time.sleep(0.01)
        with open(path) as told:
            pid = int(told.read())
        os.remove(path)
        begin = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        try:
            future.result()
        except BrokenProcessPool:
            return (time.monotonic() - begin) * 1000
    raise AssertionError("the future did not fail")


def idle_mib(seconds):
    with ProcessPoolExecutor(1, mp_context=mp.get_context("spawn")) as pool:
        pid = pool.submit(os.getpid).result()
        time.sleep(0.5)
        with open(f"/proc/{pid}/status") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
    raise AssertionError("no VmRSS")


WORKS = {
    "executor-submit": executor_submit,
    "pool-apply": pool_apply,
    "pool-map": pool_map,
    "executor-submit-all": executor_submit_all,
    "large": large,
    "start-fork": lambda _: start("fork"),
    "start-spawn": lambda _: start("spawn"),
    "death": death,
    "idle-mib": idle_mib,
}

if __name__ == "__main__":
    print(json.dumps({"value": WORKS[sys.argv[1]](float(sys.argv[2]))}))
