"""Python's coroutines as a peer. Usage: coroutines.py WORK SECONDS. Prints one JSON object: {"value": ...}."""
import asyncio
import json
import resource
import socket
import sys
import time

SWITCHES = 100_000
TASKS = 100_000
ITEMS = 50_000
ECHOES = 2_000


def median(values):
    values.sort()
    return values[len(values) // 2]


def nanos_each(batch, count, seconds):
    """Nanoseconds for each of the things a batch does; the median of the batches within the window; one goes ahead."""
    batch()
    times, end = [], time.monotonic() + seconds
    while not times or time.monotonic() < end:
        start = time.perf_counter_ns()
        batch()
        times.append((time.perf_counter_ns() - start) / count)
    return median(times)


# greenlet


def switch_main(seconds):
    import greenlet

    main = greenlet.getcurrent()

    def echo(value):
        while True:
            value = main.switch(value)

    other = greenlet.greenlet(echo)

    def batch():
        for _ in range(SWITCHES // 2):
            other.switch(1)

    return nanos_each(batch, SWITCHES, seconds)


def switch_pair(seconds):
    import greenlet

    def batch():
        def first():
            for _ in range(SWITCHES // 2):
                b.switch()

        def second():
            while True:
                a.switch()

        a, b = greenlet.greenlet(first), greenlet.greenlet(second)
        a.switch()

    return nanos_each(batch, SWITCHES, seconds)


def create(seconds):
    import greenlet

    def batch():
        for _ in range(10_000):
            greenlet.greenlet(lambda: 1).switch()

    return nanos_each(batch, 10_000, seconds)


# gevent


def gevent_sleep0(seconds):
    import gevent

    def ticks():
        for _ in range(SWITCHES // 2):
            gevent.sleep(0)

    return nanos_each(lambda: gevent.joinall([gevent.spawn(ticks), gevent.spawn(ticks)]), SWITCHES, seconds)


def gevent_spawn(seconds):
    import gevent

    return nanos_each(lambda: gevent.joinall([gevent.spawn(int) for _ in range(TASKS)]), 1, seconds) / 1e6


def gevent_sleepers(seconds):
    import gevent

    start = time.monotonic()
    gevent.joinall([gevent.spawn(gevent.sleep, 1) for _ in range(TASKS)])
    return time.monotonic() - start


def gevent_echo(seconds):
    from gevent import socket as green, spawn

    listener = green.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()

    def serve():
        peer, _ = listener.accept()
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while data := peer.recv(64):
            peer.sendall(data)

    spawn(serve)
    client = green.create_connection(listener.getsockname())
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def batch():
        for _ in range(ECHOES):
            client.sendall(b"16 bytes to echo")
            client.recv(64)

    return nanos_each(batch, ECHOES, seconds) / 1e3


# asyncio, on its own loop or on uvloop's


def on_loop(main):
    def run(seconds):
        return nanos_each(lambda: asyncio.run(main()), 1, seconds)

    return run


async def sleep0():
    async def ticks():
        for _ in range(SWITCHES // 2):
            await asyncio.sleep(0)

    await asyncio.gather(ticks(), ticks())


async def nothing():
    pass


async def spawn():
    await asyncio.gather(*[asyncio.create_task(nothing()) for _ in range(TASKS)])


async def sleepers():
    await asyncio.gather(*[asyncio.create_task(asyncio.sleep(1)) for _ in range(TASKS)])


def sleepers_once(seconds):
    start = time.monotonic()
    asyncio.run(sleepers())
    return time.monotonic() - start


def peak_mib(work):
    def run(seconds):
        work(seconds)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    return run


def queue(capacity):
    async def main():
        items = asyncio.Queue(capacity)

        async def put():
            for i in range(ITEMS):
                await items.put(i)

        async def get():
            for _ in range(ITEMS):
                await items.get()

        await asyncio.gather(put(), get())

    return main


async def echo_streams(seconds):
    """By streams, which are how a coroutine reads and writes."""

    async def serve(reader, writer):
        while data := await reader.read(64):
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    times, end = [], time.monotonic() + seconds
    while not times or time.monotonic() < end:
        start = time.perf_counter_ns()
        for _ in range(ECHOES):
            writer.write(b"16 bytes to echo")
            await reader.read(64)
        times.append((time.perf_counter_ns() - start) / ECHOES)
    writer.close()
    server.close()
    return median(times) / 1e3


class Echo(asyncio.Protocol):
    """Sends back what comes."""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


class Asker(asyncio.Protocol):
    """Asks again as soon as it was answered, until the time is over."""

    def __init__(self, seconds, done):
        self.seconds, self.done = seconds, done
        self.count, self.times = 0, []

    def connection_made(self, transport):
        self.transport = transport
        self.end = time.monotonic() + self.seconds
        self.start = time.perf_counter_ns()
        transport.write(b"16 bytes to echo")

    def data_received(self, data):
        self.count += 1
        if self.count % ECHOES == 0:
            self.times.append((time.perf_counter_ns() - self.start) / ECHOES)
            if time.monotonic() >= self.end:
                self.transport.close()
                self.done.set_result(median(self.times) / 1e3)
                return
            self.start = time.perf_counter_ns()
        self.transport.write(data)


async def echo_protocols(seconds):
    """By call-backs: the fastest that asyncio and uvloop have, and no coroutine has a part in it."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    server = await loop.create_server(Echo, "127.0.0.1", 0)
    await loop.create_connection(lambda: Asker(seconds, done), *server.sockets[0].getsockname())
    result = await done
    server.close()
    return result


WORKS = {
    "switch-main": switch_main,
    "switch-pair": switch_pair,
    "create": create,
    "gevent-sleep0": gevent_sleep0,
    "gevent-spawn": gevent_spawn,
    "gevent-sleepers": gevent_sleepers,
    "gevent-sleepers-mib": peak_mib(gevent_sleepers),
    "gevent-echo": gevent_echo,
    "sleep0": lambda seconds: on_loop(sleep0)(seconds) / SWITCHES,
    "spawn": lambda seconds: on_loop(spawn)(seconds) / 1e6,
    "sleepers": sleepers_once,
    "sleepers-mib": peak_mib(sleepers_once),
    "queue-1": lambda seconds: on_loop(queue(1))(seconds) / ITEMS,
    "queue-100": lambda seconds: on_loop(queue(100))(seconds) / ITEMS,
    "echo": lambda seconds: asyncio.run(echo_streams(seconds)),
    "echo-protocols": lambda seconds: asyncio.run(echo_protocols(seconds)),
}

if __name__ == "__main__":
    work = sys.argv[1]
    if work.startswith("uvloop-"):
        import uvloop

        uvloop.install()
        work = work.removeprefix("uvloop-")
    print(json.dumps({"value": WORKS[work](float(sys.argv[2]))}))
