"""Two families become one: every count holds the family once, on the days before and after, live and rebuilt."""

import datetime
import os

import identity
import pytest
from contract import commands, queries
from offices import couple, helpers, write_roster

TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date().isoformat()
BEFORE = "2020-01-01"


def bereaved():
    """A widower with four helpers whose only child died."""
    return [{**row, **helpers(1)} for row in couple(1)[1:]]


def single():
    """A woman without a family, registered for some reason; no special-hardship family."""
    return couple(2)[:1]


def find(deployment, number):
    query = queries.Query(find_households=queries.FindHouseholdsQuery(
        as_of=identity.day(TODAY), archive_number=f"CZ-{number:04d}"))
    found = deployment.query(query).households.households
    assert len(found) == 1, found
    return found[0]


def counted(deployment, day):
    """Who counts as a special-hardship family on a day, by each way of asking."""
    coverage = deployment.ok("pairing", "coverage", "--as-of", day, "--json").json()["total"]
    missing = deployment.ok("pairing", "missing", "--as-of", day, "--json").json()["households"]
    listed = deployment.households("--status", "any", "--as-of", day)
    query = queries.ListEntitlementsQuery(as_of=identity.day(day), clause="CZ-1.1")
    entitled = deployment.query(queries.Query(list_entitlements=query)).entitlements.entitlements
    return {
        "coverage": (coverage["household_count"], coverage["covered_count"]),
        "missing": [line["household"] for line in missing], "listed": [line["household"] for line in listed],
        "CZ-1.1": [identity.written(line.household) for line in entitled]}


def once(family, covered):
    return {"coverage": (1, int(covered)), "missing": [] if covered else [family], "listed": [family],
            "CZ-1.1": [family]}


@pytest.fixture(scope="module")
def merged(shared, tmp_path_factory):
    """The deployment after the widower's file went into the woman's, and both ids."""
    folder = tmp_path_factory.mktemp("office")
    counts, said = shared.import_file(write_roster(folder / "roster.csv", bereaved() + single()))
    assert counts == {"new": 2}, said
    shared.ready(projected=True)
    source, target = find(shared, 1), find(shared, 2)
    assert counted(shared, TODAY) == once(identity.written(source.household), True)
    command = commands.Command(
        command_id=os.urandom(16), household=source.household, occurred_on=identity.day(TODAY))
    command.merge_household.into = target.household
    shared.submit(command)
    shared.ready(projected=True)
    return shared, identity.written(source.household), identity.written(target.household)


def test_the_absorbed_file_counts_nowhere(merged):
    deployment, source, target = merged
    assert counted(deployment, TODAY) == once(target, False)
    assert [line["household"] for line in deployment.households()] == [target]
    assert [line["household"] for line in deployment.households("--status", "closed")] == [source]
    assert [(line["household"], line["state"]) for line in deployment.households("--number", "CZ-0001")] == [
        (source, "absorbed")]


def test_the_days_before_count_the_family_where_it_was(merged):
    deployment, source, _ = merged
    assert counted(deployment, BEFORE) == once(source, True)


def test_a_rebuild_counts_the_same(merged):
    deployment, _, _ = merged
    before = [counted(deployment, day) for day in (BEFORE, TODAY)]
    deployment.ok("projection", "rebuild")
    deployment.ready(projected=True)
    assert [counted(deployment, day) for day in (BEFORE, TODAY)] == before


def test_a_roster_finds_the_family_where_it_is_now(merged, tmp_path):
    deployment, _, target = merged
    rows = [{**row, "档案号": "CZ-0002", "户标识": "f2"} for row in couple(1)[1:]] + single()
    for row in rows:
        row.pop("建档日期")
    counts, said = deployment.import_file(write_roster(tmp_path / "again.csv", rows))
    assert counts == {"unchanged": 1}, said
