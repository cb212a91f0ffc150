"""Strangers without end: TCP connections to one port that never show a key, each made anew as soon as it is cut.

A program of its own, for it needs as many open files. Reads {"host", "port", "count"} from its input, one line of
JSON, and goes on until that is closed; then prints {"connected", "most"}: how often one was made, how many stood at once.

A third says nothing, a third stops in the middle of the greeting, a third after it, where the handshake would begin.
"""

import errno
import json
import resource
import selectors
import socket
import sys

from wire_noise import AT_ONCE, SIGNATURE, greeting

WORDS = (b"", SIGNATURE + b"\x03", greeting())


class Stranger:
    def __init__(self, address, words, selector):
        self._address, self._words, self._selector = address, words, selector
        self.socket, self.stands = None, False

    def connect(self):
        self.socket = socket.socket()
        self.socket.setblocking(False)
        # What ends is forgotten at once: ports would run out.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        code = self.socket.connect_ex(self._address)
        assert code in (0, errno.EINPROGRESS), code
        self._selector.register(self.socket, selectors.EVENT_WRITE, self)

    def ready(self):
        """Whether it is connected now."""
        if self.stands:
            return self._hear()
        if self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._again()
            return False
        self.stands = True
        self._selector.modify(self.socket, selectors.EVENT_READ, self)
        try:
            self.socket.send(self._words)
        except OSError:
            self._again()
            return False
        return True

    def _hear(self):
        try:
            if self.socket.recv(4096):
                return False
        except OSError:
            pass
        self._again()
        return False

    def _again(self):
        self._selector.unregister(self.socket)
        self.socket.close()
        self.stands = False
        self.connect()


def main():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    order = json.loads(sys.stdin.readline())
    selector = selectors.DefaultSelector()
    selector.register(sys.stdin, selectors.EVENT_READ, None)
    strangers = [
        Stranger((order["host"], order["port"]), WORDS[number % 3], selector) for number in range(order["count"])]
    connected, most = 0, 0
    for stranger in strangers:
        stranger.connect()
    while True:
        for key, _events in selector.select(1):
            if key.data is None:
                print(json.dumps({"connected": connected, "most": most}))
                return
            connected += key.data.ready()
        most = max(most, sum(stranger.stands for stranger in strangers))


main()
