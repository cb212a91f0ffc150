"""Strangers who connect again and again and never show a key, to a service that may have 1,024 files open: peers that
are connected go on, whoever has a key gets in, what is recorded is recorded, and the log's other files are written.
"""

import json
import os
import pathlib
import resource
import subprocess
import sys
import time

import pytest

from deployment import until
from recorder import family_commands
from test_checkpoints import position_of
from test_wire_fuzz import asked

FILES, STRANGERS, SECONDS = 1_024, 2_000, 8.0


def open_files(deployment, name):
    return len(os.listdir(f"/proc/{deployment.running[name].pid}/fd"))


class Crowd:
    """All strangers, for as long as the block lasts."""

    def __init__(self, deployment, service):
        host, port = deployment.address(service).removeprefix("tcp://").split(":")
        self._order = {"host": host, "port": int(port), "count": STRANGERS}

    def __enter__(self):
        program = pathlib.Path(__file__).with_name("strangers.py")
        self._process = subprocess.Popen(
            [sys.executable, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._process.stdin.write(json.dumps(self._order) + "\n")
        self._process.stdin.flush()
        return self

    def __exit__(self, *_):
        self.done = json.loads(self._process.communicate(timeout=60)[0])


@pytest.mark.parametrize("service", ["care-archive", "intake"])
def test_a_crowd_without_keys_shuts_nobody_out(deploy, service):
    deployment = deploy(settings={"care-archive": {"checkpoint": "{interval: 200ms}"}})
    deployment.start()
    resource.prlimit(deployment.running[service].pid, resource.RLIMIT_NOFILE, (FILES, FILES))
    deployment.ready()
    known = deployment.raw(service)
    asked(known)
    newest = deployment.data / "checkpoints" / "newest"
    deployment.submit(family_commands("before", 0)[0])
    until(newest.exists, "the first checkpoint")
    before, slowest, entries, most = position_of(newest), 0.0, [], 0
    # A busy machine lets the crowd in more slowly: then it is given more time.
    for seconds in (SECONDS, 3 * SECONDS, 6 * SECONDS):
        with Crowd(deployment, service) as crowd:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                slowest = max(slowest, asked(known))
                begin = time.monotonic()
                fresh = deployment.raw(service)
                # Whoever just comes in asks again, as every client does. Who was in before need not.
                asked(fresh, again=2.0)
                entries.append(time.monotonic() - begin)
                fresh.close()
                # A new connection to intake each time, too.
                deployment.submit(family_commands("crowd", len(entries))[0])
                most = max(most, open_files(deployment, service))
                time.sleep(0.1)
        has_pressed = crowd.done["most"] > FILES and crowd.done["connected"] > 2 * STRANGERS
        if has_pressed:
            break
    entries.sort()
    middle = entries[len(entries) // 2]
    print(f"{service}: {crowd.done} strangers, {len(entries)} peers came in after {middle * 1000:.0f} ms, at most "
          f"{entries[-1] * 1000:.0f} ms; the one before waited {slowest * 1000:.0f} ms; {most} files")
    # They did press: more than there are files, and not only once.
    assert has_pressed, crowd.done
    assert entries[-1] < 10 and middle < 2, entries
    assert slowest < 5
    until(lambda: position_of(newest) > before, "a checkpoint", 20)
    metrics = deployment.http(service, "/metrics")[1]
    ended = next(line for line in metrics.splitlines() if line.startswith("guanhuai_bus_half_open_ended_total"))
    assert float(ended.split()[-1]) > 0
    until(lambda: open_files(deployment, service) < FILES // 3, "all strangers gone", 20)
    assert "too many connections without a key" in deployment.log(service)
    deployment.ok("ready", "--wait", "20s")
    assert deployment.ok("log", "verify", "--json").json()["sound"]
