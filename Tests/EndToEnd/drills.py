"""carectl drill on a folder of its own: its processes, what it acknowledged, and what a verification finds there."""

import collections
import contextlib
import os
import pathlib
import signal
import subprocess
import time

from deployment import clean_environment, until

Verdict = collections.namedtuple("Verdict", "code have corrupt err")


class Drill:
    """A folder, and the runs of `carectl drill` on it."""

    def __init__(self, folder, binaries):
        self.folder, self.binaries = pathlib.Path(folder), pathlib.Path(binaries)
        self.data = self.folder / "data"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.acknowledged = []
        self._runs = 0

    def append(self, count, *options, **settings):
        """Starts `drill append` and returns the run."""
        self._runs += 1
        return Run(self, self._runs, count, options, **settings)

    def whole(self, count, *options):
        """A run to its end, which must be good."""
        run = self.append(count, *options)
        assert run.wait() == 0, run.said()
        assert len(run.acknowledged()) == count, run.said()
        return run

    def verify(self, data=None, wait="30s", **settings):
        done = subprocess.run(
            [self.binaries / "carectl", "drill", "verify", "--data", self.data if data is None else data,
             "--wait", wait, "--quiet"],
            capture_output=True, timeout=110, cwd=self.folder, env=clean_environment(), text=True, **settings)
        have, corrupt = {}, []
        for line in done.stdout.splitlines():
            word, rest = line.split(" ", 1)
            if word == "CORRUPT":
                corrupt.append(rest)
                continue
            assert word == "HAVE", line
            own, household, sequence, digest = rest.split(" ")
            assert own not in have and len(digest) == 64, f"两次 / twice: {line}"
            have[own] = (household, int(sequence), digest)
        places = collections.Counter(place[:2] for place in have.values())
        assert all(count == 1 for count in places.values()), "同一序号两次 / a sequence twice"
        return Verdict(done.returncode, have, corrupt, done.stderr)

    def sound(self):
        """A verification that must find nothing wrong and everything that was acknowledged."""
        verdict = self.verify()
        assert verdict.code == 0 and not verdict.corrupt, verdict
        missing = [own for own in self.acknowledged if own not in verdict.have]
        assert not missing, f"{len(missing)} 条已确认的丢失 / acknowledged and missing: {missing[:5]}"
        assert len(set(self.acknowledged)) == len(self.acknowledged)
        return verdict


class Run:
    """One `drill append`."""

    def __init__(self, drill, number, count, options, limit=None):
        self._drill = drill
        self.out, self.err = drill.folder / f"append-{number}.out", drill.folder / f"append-{number}.err"
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            self.process = subprocess.Popen(
                [drill.binaries / "carectl", "drill", "append", "--count", str(count), "--data", drill.data, *options],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=drill.folder, env=clean_environment(),
                start_new_session=True, preexec_fn=limit)
        self._taken = 0

    def acknowledged(self):
        """Whole ACK lines so far; the drill remembers them."""
        lines = self.out.read_text().split("\n")[:-1]
        for line in lines[self._taken:]:
            word, own = line.split(" ")
            assert word == "ACK", line
            self._drill.acknowledged.append(own)
        self._taken = len(lines)
        return lines

    def reaches(self, count):
        """Waits until so many are acknowledged."""
        until(lambda: len(self.acknowledged()) >= count or self.process.poll() is not None, f"{count} ACK", 60, 0.005)
        assert self.process.poll() is None, self.said()

    def children(self):
        """Process numbers of the services it started, by name."""
        found = {}
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                with contextlib.suppress(OSError):
                    found[pathlib.Path(f"/proc/{child}/exe").resolve().name] = int(child)
        return found

    def kill(self, name="carectl"):
        """kill -9 of carectl or of one of its services."""
        number = self.process.pid if name == "carectl" else until(lambda: self.children().get(name), name)
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)

    def wait(self, seconds=100):
        code = self.process.wait(seconds)
        self.acknowledged()
        return code

    def said(self):
        return f"{self.process.poll()} {self.err.read_text()[-3000:]}"


def ended(numbers, seconds=20):
    """Waits until processes are gone."""
    end = time.monotonic() + seconds
    for number in numbers:
        while os.path.exists(f"/proc/{number}") and _state(number) != "Z":
            assert time.monotonic() < end, f"{number} 还在 / is still there"
            time.sleep(0.02)


def _state(number):
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{number}/stat").read_text().rsplit(") ", 1)[1][0]
    return "Z"
