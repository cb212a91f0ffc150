"""Services/up as an operator types it, on executables that are built already: a stand-in for `swift` builds nothing."""

import os
import signal
import subprocess

import pytest

from deployment import REPOSITORY, SERVICES, Deployment, clean_environment, until

SWIFT = """#!/bin/sh
case "$*" in
--version) exec {swift} --version ;;
*--show-bin-path*) echo {binaries} ;;
esac
"""


class Up:
    """One run of the script, with the deployment's own ports."""

    def __init__(self, folder, binaries):
        self.data = folder / "data"
        self.data.mkdir(parents=True)
        # Only for its configuration and its carectl: keys, data and processes are the script's.
        self.care = Deployment(folder / "care", binaries, data=self.data)
        self.care.keys, self.care.peers = self.data / "keys", self.data / "peers.yaml"
        self.care.config = self.data / "guanhuai.yaml"
        self.care.config.write_text(self.care._yaml({}))
        tools = folder / "tools"
        tools.mkdir()
        swift = subprocess.run(["sh", "-c", "command -v swift"], capture_output=True, text=True).stdout.strip()
        (tools / "swift").write_text(SWIFT.format(swift=swift, binaries=binaries))
        (tools / "swift").chmod(0o755)
        self.environment = {**clean_environment(), "PATH": f"{tools}:{os.environ['PATH']}"}
        self.runs, self.process = 0, None

    def start(self):
        self.runs += 1
        self.output = self.data.parent / f"up-{self.runs}.log"
        with open(self.output, "wb") as out:
            self.process = self.command(stdout=out)

    def command(self, stdout):
        return subprocess.Popen(
            [REPOSITORY / "Services/up", "--data", self.data, "--no-install"], stdout=stdout,
            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=self.environment, start_new_session=True)

    def said(self):
        return self.output.read_text(errors="replace")

    def until_running(self):
        def running():
            assert self.process.poll() is None, self.said()
            return "It is running" in self.said()

        until(running, "the script says that everything runs", 100, pause=0.2)

    def pids(self):
        return {name: int((self.data / "run" / f"{name}.pid").read_text()) for name in SERVICES}

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            assert self.process.wait(60) == 0, self.said()


def is_alive(pid):
    try:
        os.kill(pid, 0)
        return True
    except ProcessLookupError:
        return False


def without_ends(families):
    """The list but for how far each log goes: that a notice was delivered is recorded whenever it was."""
    return [{key: value for key, value in family.items() if key != "last_sequence"} for family in families]


@pytest.fixture
def up(tmp_path, binaries):
    made = Up(tmp_path, binaries)
    yield made
    made.stop()
    made.care.close()


@pytest.mark.long
def test_from_nothing_to_a_district_and_on_with_the_same_data(up):
    up.start()
    up.until_running()
    families = without_ends(up.care.all_households())
    assert len(families) == 200 > len(up.care.households())
    assert all(command in up.said() for command in ("household find", "pairing coverage", "log tail", "sub report"))
    first = up.pids()
    second = up.command(stdout=subprocess.PIPE)
    assert second.wait(30) != 0 and "Services/up" in second.stdout.read().decode()
    second.stdout.close()

    # A service that dies is started again.
    os.kill(first["intake"], signal.SIGKILL)
    until(lambda: up.pids()["intake"] != first["intake"], "intake runs again")
    up.care.ready()
    revived = up.pids()
    assert "重新启动" in up.said()

    up.stop()
    assert not list((up.data / "run").glob("*.pid"))
    assert not any(is_alive(pid) for pid in (*first.values(), *revived.values()))
    verified = up.care.ok("log", "verify", "--json").json()
    assert verified["sound"]

    # The second time goes on with what is there, and after a kill of the script itself too.
    up.start()
    up.until_running()
    assert "载入" not in up.said() and without_ends(up.care.all_households()) == families
    left = up.pids()
    up.process.kill()
    up.process.wait()
    assert all(is_alive(pid) for pid in left.values())
    up.start()
    up.until_running()
    assert not any(is_alive(pid) for pid in left.values())
    assert without_ends(up.care.all_households()) == families
