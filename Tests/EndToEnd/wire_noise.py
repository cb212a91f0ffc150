"""Noise on the wire, made from a seed: broken greetings and handshakes on bare connections, and broken frames through the
encryption of a listed key. Run as a program it reads one JSON object with what to do and prints what it did.
"""

import json
import random
import socket
import struct
import sys
import time

import zmq

SIGNATURE = b"\xff" + bytes(8) + b"\x7f"
MECHANISMS = (b"NULL", b"PLAIN", b"CURVE", b"GSSAPI", b"", b"\xff" * 20)
# A SO_LINGER of nothing: the connection ends with a reset and leaves no port waiting.
AT_ONCE = struct.pack("ii", 1, 0)


def greeting(mechanism=b"CURVE", version=(3, 1), as_server=0):
    return SIGNATURE + bytes(version) + mechanism.ljust(20, b"\0")[:20] + bytes([as_server]) + bytes(31)


def command(name, body):
    """A ZMTP command frame: short or long, as its size asks for."""
    content = bytes([len(name)]) + name + body
    if len(content) < 256:
        return bytes([4, len(content)]) + content
    return bytes([6]) + struct.pack(">Q", len(content)) + content


class Noise:
    """Changes bytes in the ways that break readers: flips, cuts, repeats, lengths that lie."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def bytes(self, most):
        return self.random.randbytes(self.random.randrange(most))

    def changed(self, seed):
        made, draw = bytearray(seed), self.random.random
        for _ in range(1 + int(draw() * 4)):
            if not made:
                return self.bytes(64)
            place, kind = int(draw() * len(made)), draw()
            if kind < 0.5:
                made[place] = int(draw() * 256)
            elif kind < 0.65:
                del made[place:]
            elif kind < 0.75:
                made[place:place] = self.bytes(12)
            elif kind < 0.85:
                made[place:place] = made[place:place + int(draw() * 40)]
            else:
                made[place:place + 1] = b"\xff" * (1 + int(draw() * 9))
        return bytes(made)

    def conversation(self):
        """What a stranger says on a connection of its own."""
        choose, draw = self.random.choice, self.random.random
        hello = command(b"HELLO", b"\x01\0" + bytes(72) + self.random.randbytes(124))
        ready = command(b"READY", b"\x0bSocket-Type" + struct.pack(">I", 6) + b"DEALER")
        said = greeting(choose(MECHANISMS), (choose((0, 1, 3, 3, 4, 255)), int(draw() * 3)), int(draw() * 2))
        said += choose((b"", hello, ready, hello + hello, command(b"INITIATE", self.bytes(300))))
        if draw() < 0.3:
            said += bytes([choose((0, 1, 2, 3, 255))]) + struct.pack(">Q", self.random.getrandbits(64)) + self.bytes(80)
        return said if draw() < 0.15 else self.bytes(200) if draw() < 0.1 else self.changed(said)


def strangers(host, port, seed, count):
    """Opens `count` connections, says something broken on each and leaves, now and then without waiting for an answer."""
    noise, refused, kept = Noise(seed), 0, []
    for number in range(count):
        link = socket.socket()
        link.settimeout(20)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        try:
            link.connect((host, port))
            link.sendall(noise.conversation())
        except OSError:
            refused += 1
        # Half-open peers: some stay for a while.
        kept.append(link)
        if len(kept) > 32:
            kept.pop(noise.random.randrange(len(kept))).close()
    for link in kept:
        link.close()
    return {"inputs": count, "refused": refused}


def listed(address, keys, seeds, seed, count):
    """Sends `count` broken frames through a connection that a listed key opened, and takes what is answered."""
    context = zmq.Context()
    link = context.socket(zmq.DEALER)
    link.linger = 0
    link.curve_serverkey, link.curve_publickey, link.curve_secretkey = (key.encode() for key in keys)
    link.connect(address)
    noise, answers, sent = Noise(seed), 0, 0
    while sent < count:
        frame = noise.bytes(120) if noise.random.random() < 0.1 else noise.changed(noise.random.choice(seeds))
        parts = [frame] if noise.random.random() < 0.97 else [frame, noise.bytes(40)]
        if not link.poll(60_000, zmq.POLLOUT):
            raise SystemExit("nobody takes frames any more")
        link.send_multipart(parts)
        sent += 1
        while link.poll(0, zmq.POLLIN):
            link.recv_multipart()
            answers += 1
    # Some frames ask for nothing that can be answered, others for a feed that never ends.
    end = time.monotonic() + 2
    while time.monotonic() < end and link.poll(500, zmq.POLLIN):
        link.recv_multipart()
        answers += 1
    context.destroy(linger=0)
    return {"inputs": sent, "answers": answers}


def main():
    order = json.load(sys.stdin)
    if order["kind"] == "strangers":
        done = strangers(order["host"], order["port"], order["seed"], order["count"])
    else:
        seeds = [bytes.fromhex(text) for text in order["seeds"]]
        done = listed(order["address"], order["keys"], seeds, order["seed"], order["count"])
    print(json.dumps(done))


if __name__ == "__main__":
    main()
