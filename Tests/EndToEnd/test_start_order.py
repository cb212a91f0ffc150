"""The same input gives the same canonical export, whichever service starts first or late, and in whichever order the
families come in.

GUANHUAI_REPLAY says how many invented families come in (12, of four years; when it is set, of ten): `Tests/soak --replay N`
brings them in twice, in two orders, on all processors and on one, builds the lists anew on both, and compares all of it.

While families come in, services are killed, stopped and frozen: once in each order. `Tests/soak --orders 24 --faults 500` takes every order
of starting the four services, with five hundred such faults among them, and compares each archive with a full replay as well.
GUANHUAI_SEED repeats a run.
"""

import itertools
import json
import os
import random
import shutil
import time

import pytest

from contract import bus
from deployment import SERVICES
from faults import Faults
from service import Refused
from offices import couple, helpers, write_roster
from recorder import Log
from test_kills import check_rebuild

FIRST = ["care-archive", "intake", "eligibility", "notifier"]
ORDERS = {
    "archive-last": ["notifier", "eligibility", "intake", "care-archive"],
    "intake-last": ["eligibility", "notifier", "care-archive", "intake"],
    "derived-late": ["intake", "care-archive", None, "notifier", "eligibility"],
}
ALL_ORDERS = int(os.environ.get("GUANHUAI_ORDERS", "0"))
if ALL_ORDERS:
    ORDERS = {"-".join(order): list(order) for order in itertools.islice(itertools.permutations(SERVICES), ALL_ORDERS)}
FAMILIES = int(os.environ.get("GUANHUAI_REPLAY", "12"))
IS_LONG = "GUANHUAI_REPLAY" in os.environ
PATIENCE = 3600 if IS_LONG else 60
# As many in each order; a long comparison has none.
FAULTS = 0 if IS_LONG else -(-int(os.environ.get("GUANHUAI_FAULTS", str(len(ORDERS)))) // len(ORDERS))
SEED = int(os.environ.get("GUANHUAI_SEED", str(random.randrange(1 << 30))))


@pytest.fixture(scope="module")
def office(tmp_path_factory, binaries):
    """Files to import; made once."""
    return tmp_path_factory.mktemp("office")


def until_answered(deployment):
    """Waits for the two services that every import needs; the others may not run yet."""
    for service in ("intake", "care-archive"):
        client = deployment.client(service)
        with pytest.raises(Refused, match="CARE-8009"):
            client.ask(bus.METHOD_UNSPECIFIED, bus.Ping(), timeout=60)


def in_another_order(text):
    """The same lines, each family's in their order, the families one after the other as chance has it."""
    families = {}
    for line in text.splitlines(keepends=True):
        families.setdefault(json.loads(line)["household"], []).append(line)
    order = sorted(families)
    random.Random(9).shuffle(order)
    return "".join(line for household in order for line in families[household])


def on_one_processor(deployment):
    """Has every thread of the services that run use the same processor, and those that they begin."""
    first = min(os.sched_getaffinity(0))
    for process in deployment.running.values():
        for thread in os.listdir(f"/proc/{process.pid}/task"):
            os.sched_setaffinity(int(thread), {first})


def bring_in(deployment, file, faults):
    """Imports the file while services are struck so many times, again and again if it ends before; at last undisturbed."""
    strokes, importing = Faults(deployment, f"{SEED} {list(deployment.starts)}"), None
    while sum(strokes.made.values()) < faults:
        if importing is None or importing.poll() is not None:
            importing = deployment.background("case", "import", file, "--json", "--quiet", name="disturbed")
            time.sleep(0.3)
        strokes.strike()
    if importing:
        importing.wait(PATIENCE + 60)
        print(f"faults {dict(strokes.made)}")
    until_answered(deployment)
    for _ in range(20):
        counts, _ = deployment.import_file(file, code=None, timeout=PATIENCE + 60)
        if not counts["queued"]:
            break
        # The line was down for so long that intake kept lines itself.
        deployment.ready(seconds=PATIENCE)
    assert counts["refused"] == 0 and not counts["queued"], counts


def exports(deployment, order, folder, faults=FAULTS):
    """Brings the same files in; services after None in the order start only when everything is recorded, and the families
    come in another order."""
    late = order[order.index(None) + 1:] if None in order else []
    pauses = random.Random(f"{SEED} {order}")
    deployment.patience = PATIENCE
    for name in order:
        if name not in (None, *late):
            deployment.start(name)
            time.sleep(pauses.random() if ALL_ORDERS else 0)
    until_answered(deployment)
    if late:
        on_one_processor(deployment)
    started = time.monotonic()
    deployment.ok("rules", "publish", "chenzhou-2014")
    roster = write_roster(folder / "roster.csv", couple(1, **helpers(1)) + couple(2) + couple(3))
    assert deployment.import_file(roster)[0]["new"] == 3
    district = folder / "district.ndjson"
    if not district.exists():
        district.write_text(deployment.ok(
            "synthesize", "--households", FAMILIES, "--years", "10" if IS_LONG else "4", "--seed", "9", timeout=PATIENCE).out)
    if late:
        shuffled = folder / "shuffled.ndjson"
        shuffled.write_text(in_another_order(district.read_text()))
        district = shuffled
    bring_in(deployment, district, faults)
    if late:
        deployment.start(*late)
        on_one_processor(deployment)
    deployment.ready(projected=True, seconds=PATIENCE)
    if IS_LONG or ALL_ORDERS:
        # Every family where they are few; of many, each seventh.
        every = [] if IS_LONG else [line["household"] for line in deployment.all_households()]
        check_rebuild(deployment, *every, seconds=PATIENCE)
    found = deployment.exports()
    print(f"replay {FAMILIES} families, {len(os.sched_getaffinity(deployment.running['care-archive'].pid))} processors: "
          f"{Log(deployment).length()} events, all of it in {time.monotonic() - started:.0f} s; {len(found)} exports")
    return found


@pytest.fixture(scope="module")
def first(tmp_path_factory, binaries, office):
    """The exports of the ordinary order, and the keys with which persons' tokens were made."""
    from deployment import Deployment

    deployment = Deployment(tmp_path_factory.mktemp("first"), binaries)
    try:
        yield exports(deployment, FIRST, office, faults=0), deployment.keys
    finally:
        deployment.close()


@pytest.mark.parametrize("order", list(ORDERS))
def test_the_order_of_starting_does_not_show(deploy, office, first, order):
    print(f"GUANHUAI_SEED={SEED} {order}")
    deployment = deploy()
    shutil.copy(first[1] / "token.key", deployment.keys / "token.key")
    found = exports(deployment, ORDERS[order], office)
    assert sorted(found) == sorted(first[0])
    for household, text in first[0].items():
        assert found[household] == text, household
