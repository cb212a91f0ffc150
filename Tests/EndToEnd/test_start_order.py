"""The same input gives the same canonical export, whichever service starts first or late, and in whichever order the
families come in.

GUANHUAI_REPLAY says how many invented families come in (12, of four years; when it is set, of ten): `Tests/soak --replay N`
brings them in twice, in two orders, on all processors and on one, builds the lists anew on both, and compares all of it.
"""

import json
import os
import random
import shutil
import time

import pytest

from contract import bus
from service import Refused
from offices import couple, helpers, write_roster
from recorder import Log
from test_kills import check_rebuild

ORDERS = {
    "archive-first": ["care-archive", "intake", "eligibility", "notifier"],
    "archive-last": ["notifier", "eligibility", "intake", "care-archive"],
    "intake-last": ["eligibility", "notifier", "care-archive", "intake"],
    "derived-late": ["intake", "care-archive", None, "notifier", "eligibility"],
}
FAMILIES = int(os.environ.get("GUANHUAI_REPLAY", "12"))
IS_LONG = "GUANHUAI_REPLAY" in os.environ
PATIENCE = 3600 if IS_LONG else 60


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


def exports(deployment, order, folder):
    """Brings the same files in; services after None in the order start only when everything is recorded, and the families
    come in another order."""
    late = order[order.index(None) + 1:] if None in order else []
    for name in order:
        if name not in (None, *late):
            deployment.start(name)
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
    assert deployment.import_file(district, timeout=PATIENCE)[0]["refused"] == 0
    if late:
        deployment.start(*late)
        on_one_processor(deployment)
    deployment.ready(projected=True, seconds=PATIENCE)
    if IS_LONG:
        check_rebuild(deployment, seconds=PATIENCE)
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
        yield exports(deployment, ORDERS["archive-first"], office), deployment.keys
    finally:
        deployment.close()


@pytest.mark.parametrize("order", [name for name in ORDERS if name != "archive-first"])
def test_the_order_of_starting_does_not_show(deploy, office, first, order):
    deployment = deploy()
    shutil.copy(first[1] / "token.key", deployment.keys / "token.key")
    found = exports(deployment, ORDERS[order], office)
    assert sorted(found) == sorted(first[0])
    for household, text in first[0].items():
        assert found[household] == text, household
