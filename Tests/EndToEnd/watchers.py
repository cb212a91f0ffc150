"""Subscribers in a process of their own, which does nothing but take what comes: how long each event took to them.

    python watchers.py ADDRESS SERVER_KEY PUBLIC SECRET COUNT

Says "ready" when all are connected; told the number of events on standard input, waits until each has them all, in order,
and prints one JSON object: microseconds from the record's own time to its arrival.
"""

import json
import sys
import time

import zmq
from contract import record


class Times:
    """How many events took how long, in steps of 100 µs up to ten seconds."""

    STEP, LAST = 100, 100_000

    def __init__(self):
        self._counts, self.count, self.longest = [0] * (self.LAST + 1), 0, 0

    def add(self, microseconds):
        self._counts[min(self.LAST, max(0, microseconds) // self.STEP)] += 1
        self.count += 1
        self.longest = max(self.longest, microseconds)

    def below(self, share):
        """The time within which this share of them came."""
        passed = 0
        for step, count in enumerate(self._counts):
            passed += count
            if passed >= share * self.count:
                return (step + 1) * self.STEP
        return self.longest


class Line:
    """What a `Subscriber` needs of a deployment."""

    def __init__(self, address, server_key, pair):
        self._context, self._address, self._server_key, self._pair = zmq.Context(), address, server_key, pair

    def raw(self, _service, _pair=None):
        made = self._context.socket(zmq.DEALER)
        made.linger = 0
        made.curve_serverkey = self._server_key
        made.curve_publickey, made.curve_secretkey = self._pair
        made.connect(self._address)
        return made


def main():
    from test_overload import Subscriber

    address, *keys, count = sys.argv[1:]
    server_key, public, secret = (key.encode() for key in keys)
    line, times = Line(address, server_key, (public, secret)), Times()

    class Watcher(Subscriber):
        def took(self, event):
            recorded = record.StoredRecord.FromString(event.record).recorded_at
            # What was there before is read from the log, and is as old as it is.
            if begun and recorded > begun:
                times.add(time.time_ns() // 1000 - recorded)

    begun, watchers = 0, {}
    poller = zmq.Poller()
    for _ in range(int(count)):
        one = Watcher(line, None)
        watchers[one.socket] = one
        poller.register(one.socket, zmq.POLLIN)
    poller.register(sys.stdin.fileno(), zmq.POLLIN)
    begun = time.time_ns() // 1000
    print("ready", flush=True)
    total = None
    while total is None or any(one.count < total for one in watchers.values()):
        for found, _ in poller.poll(1000):
            if found == sys.stdin.fileno():
                total = int(sys.stdin.readline())
                poller.unregister(found)
                continue
            while watchers[found].take_one():
                pass
    assert {one.count for one in watchers.values()} == {total}
    print(json.dumps({
        "subscribers": len(watchers), "events": times.count, "p50": times.below(0.5), "p99": times.below(0.99),
        "p999": times.below(0.999), "longest": times.longest}), flush=True)


if __name__ == "__main__":
    main()
