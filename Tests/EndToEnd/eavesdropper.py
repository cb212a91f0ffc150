"""Somebody who listens on the line between a client and a service, and sends again what was heard."""

import contextlib
import socket
import threading

# What a server says before it knows who speaks: its greeting, and the welcome with its cookie.
GREETING, WELCOME = 64, 2 + 168


class Tap:
    """A line between one client and a service that somebody listens to: all that each side said, piece by piece."""

    def __init__(self, host, port):
        self.said, self.answered, self._target = [], [], (host, port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._door.getsockname()[1]}"
        self.inner = None
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                outer, _ = self._door.accept()
                self.inner = socket.create_connection(self._target)
                self.said, self.answered = [], []
                for source, target, kept in ((outer, self.inner, self.said), (self.inner, outer, self.answered)):
                    threading.Thread(target=self._pass_on, args=(source, target, kept), daemon=True).start()

    @staticmethod
    def _pass_on(source, target, kept):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                kept.append(piece)
                target.sendall(piece)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self):
        self._door.close()


def heard(target, pieces, waits):
    """How much a service says to somebody who sends these bytes, until it hangs up or has been silent for a second."""
    count = 0
    with socket.create_connection(target) as line, contextlib.suppress(ConnectionError):
        line.settimeout(1.0)
        for piece in pieces:
            line.sendall(piece)
            if waits:
                with contextlib.suppress(TimeoutError):
                    count += len(line.recv(65536))
        with contextlib.suppress(TimeoutError):
            while piece := line.recv(65536):
                count += len(piece)
    return count
