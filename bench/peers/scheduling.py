"""Round robin as OSTEP's scheduler.py has it: a list of jobs, the first is popped, and appended again while it is not done.

Usage: scheduling.py COUNT:QUANTUM:RESPONSES:TURNAROUNDS SECONDS. Prints one JSON object: {"value": nanoseconds for each job}.
The sums of response and turnaround times must be those given, or the figures would be of different work.
"""
import json
import sys
import time


def length(number):
    return 1 + ((number * 2654435761 % (1 << 32)) >> 16) % 20


def run(count, quantum):
    ready = [[number, length(number)] for number in range(count)]
    response, turnaround = [-1] * count, [0] * count
    now = 0
    while ready:
        number, left = ready.pop(0)
        if response[number] == -1:
            response[number] = now
        if left > quantum:
            now += quantum
            ready.append([number, left - quantum])
        else:
            now += left
            turnaround[number] = now
    return sum(response), sum(turnaround)


def main():
    count, quantum, responses, turnarounds = map(int, sys.argv[1].split(":"))
    times, end = [], time.monotonic() + float(sys.argv[2])
    while not times or time.monotonic() < end:
        start = time.perf_counter_ns()
        found = run(count, quantum)
        times.append((time.perf_counter_ns() - start) / count)
        if found != (responses, turnarounds):
            sys.exit(f"another answer: expected={(responses, turnarounds)}, found={found}")
    times.sort()
    print(json.dumps({"value": times[len(times) // 2]}))


main()
