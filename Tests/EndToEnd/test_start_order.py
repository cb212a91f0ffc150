"""The same input gives the same canonical export, whichever service starts first or late."""

import shutil

import pytest

from contract import bus
from service import Refused
from offices import couple, helpers, write_roster

ORDERS = {
    "archive-first": ["care-archive", "intake", "eligibility", "notifier"],
    "archive-last": ["notifier", "eligibility", "intake", "care-archive"],
    "intake-last": ["eligibility", "notifier", "care-archive", "intake"],
    "derived-late": ["intake", "care-archive", None, "notifier", "eligibility"],
}


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


def exports(deployment, order, folder):
    """Brings the same files in; services after None in the order start only when everything is recorded."""
    late = order[order.index(None) + 1:] if None in order else []
    for name in order:
        if name not in (None, *late):
            deployment.start(name)
    until_answered(deployment)
    deployment.ok("rules", "publish", "chenzhou-2014")
    roster = write_roster(folder / "roster.csv", couple(1, **helpers(1)) + couple(2) + couple(3))
    assert deployment.import_file(roster)[0]["new"] == 3
    district = folder / "district.ndjson"
    if not district.exists():
        district.write_text(deployment.ok("synthesize", "--households", "12", "--years", "4", "--seed", "9").out)
    assert deployment.import_file(district)[0]["refused"] == 0
    if late:
        deployment.start(*late)
    deployment.ready(projected=True)
    return deployment.exports()


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
