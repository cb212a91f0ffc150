"""Broken greetings, handshakes, frames and envelopes, from strangers and from a listed key: nothing crashes, nothing grows,
everybody else is answered meanwhile, and the log is whole afterwards.

GUANHUAI_WIRE_INPUTS says how many (20,000), GUANHUAI_SEED repeats a run.
"""

import json
import os
import pathlib
import random
import subprocess
import sys
import time

from contract import bus, queries
from deployment import SERVICES
from family import registration
from recorder import command_id

INPUTS = int(os.environ.get("GUANHUAI_WIRE_INPUTS", "20000"))
SEED = int(os.environ.get("GUANHUAI_SEED") or random.randrange(1 << 31))
MOST_GROWTH_KIB = 64 << 10
SLOWEST_SECONDS = 1.0
# Of a thousand inputs so many are connections of strangers; they cost the most to send.
STRANGERS = 200


def frames():
    """Frames that are right: every method, with bodies of several kinds."""
    own = command_id("noise", 1)
    bodies = [registration(own, "431002").SerializeToString(), queries.Query().SerializeToString(), b"", b"x" * 300]
    made = [bus.ClientFrame(protocol_version=1, ping=bus.Ping(nonce=7)).SerializeToString()]
    for method in bus.Method.values():
        for body in bodies:
            request = bus.Request(request_id=own, method=method, remaining_ms=1000, body=body)
            made.append(bus.ClientFrame(protocol_version=1, request=request).SerializeToString())
    return made


def order(deployment, service, kind, seed, count):
    host, port = deployment.address(service).removeprefix("tcp://").split(":")
    said = {"kind": kind, "seed": seed, "count": count, "host": host, "port": int(port)}
    if kind == "listed":
        keys = [deployment.public_key(service), *deployment.pair("clerk")]
        said |= {
            "address": deployment.address(service), "keys": [key.decode() for key in keys],
            "seeds": [frame.hex() for frame in frames()]}
    program = pathlib.Path(__file__).with_name("wire_noise.py")
    process = subprocess.Popen([sys.executable, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdin.write(json.dumps(said))
    process.stdin.close()
    process.stdin = None
    return process


def asked(socket, again=30.0):
    """How long a ping takes, in seconds. It is sent again after so many seconds without an answer."""
    begin = time.monotonic()
    ping = bus.ClientFrame(protocol_version=1, ping=bus.Ping(nonce=5)).SerializeToString()
    while True:
        socket.send(ping)
        if socket.poll(again * 1000):
            break
        assert time.monotonic() - begin < 30, "nobody answers any more"
    assert bus.ServerFrame.FromString(socket.recv()).pong.nonce == 5
    return time.monotonic() - begin


def canary(deployment, processes):
    """Asks every service again and again until all noise was made; the slowest answer in seconds."""
    sockets = {service: deployment.raw(service) for service in SERVICES}
    slowest, grown = 0.0, 0
    before = {service: deployment.resident_kib(service) for service in SERVICES}
    while any(process.poll() is None for process in processes):
        slowest = max(slowest, *(asked(socket) for socket in sockets.values()))
        grown = max(grown, *(deployment.resident_kib(service) - before[service] for service in SERVICES))
        time.sleep(0.05)
    return slowest, grown


def test_noise_on_the_wire_harms_nobody(deploy):
    deployment = deploy("noise")
    deployment.start()
    deployment.ready()
    known = command_id("before", 0)
    deployment.submit(registration(known, "431002"))
    # What a service takes when it first meets many peers is not growth.
    share, listed = INPUTS * STRANGERS // 1000 // 2, INPUTS * (1000 - STRANGERS) // 1000 // 2
    targets = ("intake", "care-archive")
    warm = [order(deployment, service, "strangers", SEED, min(share, 2_000)) for service in targets]
    warm += [order(deployment, service, "listed", SEED, min(listed, 10_000)) for service in targets]
    for process in warm:
        process.communicate()
    begin = time.monotonic()
    processes = [order(deployment, service, "strangers", SEED + 1 + n, share) for n, service in enumerate(targets)]
    processes += [order(deployment, service, "listed", SEED + 11 + n, listed) for n, service in enumerate(targets)]
    slowest, grown = canary(deployment, processes)
    done = [json.loads(process.communicate()[0]) for process in processes]
    seconds = time.monotonic() - begin
    inputs = sum(one["inputs"] for one in done)
    print(
        f"种子 / seed {SEED}: {inputs} inputs in {seconds:.0f} s, {sum(one.get('answers', 0) for one in done)} answers, "
        f"slowest canary {slowest * 1000:.0f} ms, {grown >> 10} MiB more at most")
    assert inputs == 2 * (share + listed) and all(process.returncode == 0 for process in processes)
    deployment.ready()
    assert grown <= MOST_GROWTH_KIB
    assert slowest < SLOWEST_SECONDS or INPUTS < 1_000_000
    again = deployment.submit(registration(known, "431002"))
    assert again.first_sequence == 1
    deployment.ok("log", "verify")
