"""One service's wall clock jumps by hours and days, back and forth, while families come in and are paid: nothing is
lost or doubled, every notice is told once, checkpoints go on.

The clock is that of the C library: `moved_clock.c`, compiled here, is loaded into the one service before it.
"""

import collections
import datetime
import json
import mmap
import pathlib
import shutil
import subprocess

import pytest

from contract import record
from deployment import SERVICES, until
from offices import couple, helpers, write_roster
from recorder import Recorder, check_acknowledged, check_persons, check_streams, family_commands, whole_log
from test_checkpoints import position_of
from test_notices import all_delivered, receive, recorded  # noqa: F401
from test_payments import MONTHS, answer, balanced, batch, rows, tell_account
from test_worked_case import Family

HOUR, DAY = 3_600, 86_400
# Nobody of it is in the batch, which is of 431002.
ELSEWHERE = "431003"
JUMPS = (3 * HOUR, -26 * HOUR, 9 * DAY, -40 * DAY, 25 * HOUR, 0)


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    compiler = shutil.which("clang") or shutil.which("cc")
    if compiler is None:
        pytest.skip("没有 C 编译器 / no C compiler")
    made = tmp_path_factory.mktemp("clock") / "moved_clock.so"
    source = pathlib.Path(__file__).with_name("moved_clock.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", made, source, "-ldl"], check=True, timeout=60)
    return made


class MovedClock:
    """The wall clock of one service of a deployment."""

    def __init__(self, deployment, service, library):
        file = deployment.folder / "clock"
        file.write_bytes(bytes(8))
        with open(file, "r+b") as opened:
            self._offset = mmap.mmap(opened.fileno(), 8)
        deployment.environment[service] = {"LD_PRELOAD": str(library), "MOVED_CLOCK_FILE": str(file)}

    def jump(self, seconds):
        """How many seconds it is off from now on."""
        self._offset[:] = seconds.to_bytes(8, "little", signed=True)


def paying_families(deployment):
    """Two families of two people each with 300 yuan a month from September 2014."""
    for name in ("fund", "payer"):
        deployment.new_key(name, "--division", "431000", "--department", "dept.finance")
    for number in range(2):
        family = Family(deployment)
        family.register(serial=70 + 4 * number)
        tell_account(family, family.wife, f"acc-{number}-wife")
        tell_account(family, family.husband, f"acc-{number}-husband")
    deployment.ready(projected=True)


def paid(deployment):
    """The batch of September 2014 step by step, each twice; stops before each step, for the clock to jump."""
    def closed(number):
        return deployment.ok("pay", "close", number, key="fund")

    yield
    number = deployment.ok("pay", "prepare", *MONTHS).out.strip()
    yield
    assert deployment.ok("pay", "prepare", *MONTHS).out.strip() == number, "the same run is the same batch"
    closed(number)
    yield
    closed(number)
    assert batch(deployment, number)["batch"]["balances"] == {"expense.finance": 120000, "payable": -120000}
    lines = [[row[0], row[2], "成功", ""] for row in rows(deployment.ok("pay", "export", number, key="payer").out)[1:-1]]
    yield
    assert [row[0] for row in rows(deployment.ok("pay", "export", number, "--file", "1").out)[1:-1]] == [
        line[0] for line in lines]
    answer(deployment, number, lines)
    yield
    answer(deployment, number, lines)
    state = batch(deployment, number)["batch"]
    assert (state["state"], state["lines"], state["balances"]["bank"]) == ("settled", 4, -120000)
    yield
    other = deployment.ok("pay", "prepare", *MONTHS, "--number", "2").out.strip()
    assert other != number
    closed(other)
    assert batch(deployment, other)["lines"] == [], "nobody is paid a month twice"


def times_rise(deployment):
    """The log's own times rise with its order, whatever the clock said."""
    last = 0
    for events, _cursor, live in deployment.client("care-archive").follow():
        for event in events:
            stored = record.StoredRecord.FromString(event.record)
            assert stored.recorded_at > last, f"{stored.stream} {stored.sequence}"
            last = stored.recorded_at
        if live:
            return
    raise AssertionError("the subscription ended")


def told_once(deployment, receiver):
    # A notifier whose clock was ahead raised some on days to come, of which today's page does not speak.
    later = ("--as-of", (datetime.date.today() + datetime.timedelta(60)).isoformat())

    def quiet():
        # The notifier may still be at the last events: what it raises must be delivered, and nothing else.
        return all_delivered(deployment, *later) and len(receiver.taken) == len(recorded(deployment, *later)[0])

    until(quiet, "every notice delivered, and no other", 60, pause=0.3)
    raised, _ = recorded(deployment, *later)
    kinds = collections.Counter(
        (household, notice["kind"]["code"], json.dumps(notice["details"], sort_keys=True))
        for (household, _), notice in raised.items())
    assert raised and set(kinds.values()) == {1}, kinds
    assert set(receiver.taken.values()) == {1} and len(receiver.taken) == len(raised)


@pytest.mark.long
@pytest.mark.parametrize("service", SERVICES)
def test_a_clock_that_jumps_loses_and_doubles_nothing(deploy, tmp_path, library, receive, service):  # noqa: F811
    receiver = receive(lambda event, attempt: 200)
    deployment = deploy(settings={
        "notifier": {"webhook": f'"{receiver.url}"'}, "care-archive": {"checkpoint": "{interval: 200ms}"}})
    clock = MovedClock(deployment, service, library)
    deployment.up()
    place = {"区划代码": ELSEWHERE + "001"}
    roster = couple(1, **helpers(1), **place) + couple(2, **place)
    deployment.import_file(write_roster(tmp_path / "roster.csv", roster))
    paying_families(deployment)
    newest = deployment.data / "checkpoints" / "newest"
    recorder, steps = Recorder(deployment), paid(deployment)
    for number, seconds in enumerate(JUMPS):
        clock.jump(seconds)
        before = position_of(newest)
        # Sent again and again until answered, and all that was answered before once more.
        for earlier in range(number + 1):
            recorder.add(family_commands("jump", earlier, ELSEWHERE))
        receipts = dict(recorder.receipts)
        recorder.run(60)
        assert not recorder.refusals, recorder.refusals
        for own, first in receipts.items():
            again = recorder.receipts[own]
            assert (again.first_sequence, again.last_sequence) == (first.first_sequence, first.last_sequence)
        if service == "intake" and seconds < 0:
            # What is of today lies ahead of it: refused with its own day, until somebody puts the clock right.
            said = deployment.carectl("pay", "prepare", *MONTHS, "--number", number + 3)
            assert said.code == 1 and "CARE-1201" in said.err and "时钟" in said.err, said
            clock.jump(-seconds)
        next(steps)
        until(lambda: position_of(newest) > before, f"a checkpoint after a jump by {seconds} s", 20)
    assert next(steps, "done") == "done"
    deployment.ready(projected=True)
    streams = whole_log(deployment)
    check_acknowledged(streams, recorder.receipts)
    check_streams(streams)
    check_persons(deployment)
    times_rise(deployment)
    balanced(deployment)
    told_once(deployment, receiver)
    assert deployment.ok("log", "verify", "--json").json()["sound"]
