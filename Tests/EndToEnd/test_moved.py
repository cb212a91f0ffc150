"""A family that moved is told to each county for its own time; a month's sum is told also of somebody who died in it."""

import csv
import io
import json

import pytest
from offices import couple, write_roster
from test_matrix import answer, questions, sixteen
from test_rules import HIGHER, beijing_today, version

OLD, NEW = "431002", "431003"
YEAR = ("--from", "2016-01-01", "--to", "2016-12-31")


@pytest.fixture(scope="module")
def county(shared, tmp_path_factory):
    """Two couples: the first moves to the next county on 10 June 2016, of the second the husband dies on 10 May 2016."""
    folder = tmp_path_factory.mktemp("office")
    shared.import_file(write_roster(folder / "roster.csv", [row for number in (1, 2) for row in couple(number)]))
    shared.ready(projected=True)
    homes = [shared.households("--number", f"CZ-{number:04d}")[0]["household"] for number in (1, 2)]
    husband = next(
        member["person"] for member in shared.show(homes[1])["members"] if member["role"] == "husband")
    commands = [
        {"command": "move_household", "household": homes[0], "occurred_on": "2016-06-10", "kind": "registration",
         "division": NEW, "archive_number": "GY-0001"},
        {"command": "record_death", "household": homes[1], "occurred_on": "2016-05-10", "person": husband}]
    told = folder / "told.ndjson"
    told.write_text("".join(json.dumps(command) + "\n" for command in commands), encoding="utf-8")
    shared.import_file(told)
    shared.ready(projected=True)
    return shared, homes


@pytest.fixture(scope="module")
def candidate(tmp_path_factory):
    return version(tmp_path_factory.mktemp("pack") / "2016-01-01.yaml", "2016-01-01", HIGHER)


def test_the_number_of_the_new_county_holds_from_the_day_of_the_move(county):
    deployment, (moved, _) = county
    for number in ("CZ-0001", "GY-0001"):
        assert [(line["household"], line["archive_number"]) for line in deployment.households("--number", number)] == [
            (moved, "GY-0001")]
    before = ("--as-of", "2016-06-09")
    assert [line["archive_number"] for line in deployment.households("--number", "CZ-0001", *before)] == ["CZ-0001"]
    assert deployment.households("--number", "GY-0001", *before) == []
    assert deployment.show(moved, *before)["archive_number"] == "CZ-0001"
    assert deployment.show(moved)["archive_number"] == "GY-0001"


def months(report, home):
    [found] = [line for line in report["households"] if line["household"] == home]
    return [month["month"] for month in found["rights"][0]["months"]]


def yuan(fen):
    return "" if fen is None else f"{fen / 100:.2f}"


@pytest.mark.parametrize("source", [(), ("--from-log",)])
def test_each_county_sees_its_own_months(county, candidate, source):
    deployment, (moved, _) = county
    replay = ("rules", "replay", "--pack", candidate, *YEAR, "--output", "json", *source)
    old = deployment.carectl(*replay, "--division", OLD).json()
    new = deployment.carectl(*replay, "--division", NEW).json()
    everything = deployment.carectl(*replay).json()
    assert months(old, moved) == [f"2016-{month:02d}" for month in range(1, 6)]
    assert months(new, moved) == [f"2016-{month:02d}" for month in range(6, 13)]
    assert new["totals"]["households"] == 1 and old["totals"]["households"] == 2
    sums = [report["totals"]["all"]["arrears_fen"] for report in (old, new)]
    assert sum(sums) == everything["totals"]["all"]["arrears_fen"]
    by_county = {}
    for division, line in everything["totals"]["by_division"].items():
        by_county[division[:6]] = by_county.get(division[:6], 0) + line["arrears_fen"]
    assert by_county == {OLD: sums[0], NEW: sums[1]}
    assert everything["totals"]["all"]["changed"] == 4


def test_a_table_of_rights_has_a_line_for_each_place(county, candidate):
    deployment, (moved, _) = county
    text = deployment.carectl("rules", "replay", "--pack", candidate, *YEAR, "--output", "csv").out
    lines = [line for line in csv.DictReader(io.StringIO(text)) if line["household"] == moved]
    assert sorted((line["division"][:6], line["arrears"]) for line in lines) == [
        (OLD, "500.00"), (OLD, "500.00"), (NEW, "700.00"), (NEW, "700.00")]
    # The same rows in every form.
    whole = deployment.carectl("rules", "replay", "--pack", candidate, *YEAR, "--output", "json").json()
    [home] = [line for line in whole["households"] if line["household"] == moved]
    streamed = deployment.carectl("rules", "replay", "--pack", candidate, *YEAR, "--output", "ndjson").out
    [same] = [line for line in map(json.loads, streamed.splitlines()) if line["household"] == moved]
    for rights in (home["rights"], same["rights"]):
        assert [
            (right["division"], right["clause"], right["who"], right["change"], right["status_before"],
             right["status_after"], yuan(right["standing_before_fen"]), yuan(right["standing_after_fen"]),
             yuan(right["arrears_fen"]))
            for right in rights
        ] == [
            (line["division"], line["clause"], line["who"], line["change"], line["status_before"],
             line["status_after"], line["standing_before"], line["standing_after"], line["arrears"])
            for line in lines]


def test_why_tells_the_month_of_somebody_who_died_in_it(county):
    deployment, (_, widow) = county
    told = deployment.ok("household", "why", widow, "--on", "2016-05-20").out
    [husband] = [part for part in told.split("\n\n") if "CZ-2.1 提高扶助标准 · 丈夫" in part]
    assert "结论：不享受" in husband
    assert "当月：2016-05 2016-05-01 至 2016-05-09 有此权利，应发 300.00 元（按 2016-05-01 的条件）" in husband
    [wife] = [part for part in told.split("\n\n") if "CZ-2.1 提高扶助标准 · 妻子" in part]
    assert "当月：2016-05 全月有此权利，应发 300.00 元（按 2016-05-01 的条件）" in wife
    english = deployment.ok("household", "why", widow, "CZ-2.1", "--on", "2016-05-20", "--lang", "en").out
    assert "Month: 2016-05, the right holds 2016-05-01 to 2016-05-09; due 300.00 yuan (as of 2016-05-01)" in english
    assert "CZ-2.1 提高扶助标准 · 丈夫" not in deployment.ok("household", "why", widow, "--on", "2016-06-20").out


@pytest.fixture(scope="module")
def keys(county):
    """Keys of the county that was left, of the new one and of another city."""
    deployment, (moved, _) = county
    deployment.household = moved
    deployment.members = [member["person"] for member in deployment.show(moved)["members"]]
    for name, division in {"old-county": OLD, "new-county": NEW, "other-city": "330300"}.items():
        deployment.new_key(
            name, "--division", division, "--department", "dept.fp", "--right", "command", "--right", "query")
    return deployment


# What is told of a family by the place of today only.
FILE = {"household_page", "household_export", "household_events", "find_households", "list_entitlements", "list_needs",
        "list_notices", "list_applications", "compare_details", "helper_suggestions"}


def test_the_county_that_was_left_is_told_of_the_money_of_its_months_and_not_of_the_file(keys):
    ids = [keys.household, *keys.members]
    secrets = [text.encode() for text in ids] + [sixteen(text) for text in ids]
    telling = {}
    for name, query in questions(keys):
        if name == "list_due_differences":
            query.list_due_differences.as_of, query.list_due_differences.kind = 40_000, ""
        asked = query.SerializeToString()
        for key in ("old-county", "new-county"):
            said, _ = answer(keys, query, key)
            if any(secret in said and secret not in asked for secret in secrets):
                telling.setdefault(key, set()).add(name)
    assert "list_due_differences" in telling["old-county"] and not FILE & telling["old-county"], telling
    assert {"household_page", "household_export", "household_events"} <= telling["new-county"]
    # Asked why of a month of its own, the old county is told who can answer; of any other day it is told what strangers are.
    why = ("household", "why", keys.household, "CZ-2.1", "--on")
    earlier = keys.carectl(*why, "2016-04-20", key="old-county")
    assert earlier.code == 77 and "CARE-6337" in earlier.err and OLD in earlier.err and NEW not in earlier.err, earlier
    for key, day in (("old-county", "2016-07-20"), ("other-city", "2016-04-20")):
        said = keys.carectl(*why, day, key=key)
        assert said.code != 0 and "CARE-6337" not in said.err, said
    assert "CZ-2.1" in keys.ok(*why, "2016-04-20", key="new-county").out


def test_a_county_replays_its_own_months_and_no_others(keys, candidate):
    replay = ("rules", "replay", "--pack", candidate, *YEAR, "--output", "json")
    for key, division in (("old-county", OLD), ("new-county", NEW)):
        own = keys.carectl(*replay, key=key).json()
        whole = keys.carectl(*replay, "--division", division).json()
        assert own["totals"] == whole["totals"], key
        assert months(own, keys.household) == months(whole, keys.household)
        forecast = ("rules", "forecast", "--months", "3", "--json")
        own, whole = keys.ok(*forecast, key=key).json(), keys.ok(*forecast, "--division", division).json()
        assert own["budget"] == whole["budget"] and own["households"] == whole["households"], key
    assert keys.carectl(*replay, key="other-city").json()["totals"]["households"] == 0
    # Another place is refused, not answered as if nobody lived there; of one around the key's own, its part is told.
    for command in (replay, forecast, ("rules", "arrears", "--json")):
        others = keys.carectl(*command, "--division", NEW, key="old-county")
        assert others.code == 77 and "CARE-6335" in others.err and OLD in others.err, others
        wider = keys.carectl(*command, "--division", "431000", key="old-county")
        assert wider.code in (0, 1) and OLD in wider.err and "CARE-6335" not in wider.err, wider
    assert "CARE-6336" in keys.carectl(*replay, "--division", "chenzhou", key="old-county").err
    duties = keys.carectl("rules", "calendar", "chenzhou-2014", "--division", NEW, key="old-county")
    assert duties.code != 0 and "CARE-1106" in duties.err, duties


def test_each_place_decides_about_the_money_of_its_own_months(keys, county):
    """Both spouses are owed every month since September 2014: until May 2016 by the old county, from June on by the new one."""
    deployment, (moved, _) = county

    def lines(key, *options):
        entries = deployment.ok("rules", "arrears", "--json", *options, key=key).json()["entries"]
        return [line for line in entries if line["household"] == moved and line["clause"] == "CZ-2.1"]

    def decide(key, line, *options):
        return deployment.carectl(
            "pay", "decide", moved, "arrears", "let-go", "--determination", str(line["determination"]), "--clause",
            "CZ-2.1", "--reason", "late_record", *options, key=key)

    old, new = lines("old-county"), lines("new-county")
    assert {(line["division"][:6], line["last_month"]) for line in old} == {(OLD, "2016-05")} and len(old) == 2
    assert {(line["division"][:6], line["first_month"]) for line in new} == {(NEW, "2016-06")} and len(new) == 2
    assert len(lines("carectl")) == 4
    # Whoever reads the file today may ask for all of it; the old county sees its own months and not the file.
    assert len(lines("new-county", "--every-place")) == 4 and lines("old-county", "--every-place") == old
    assert deployment.carectl("household", "show", moved, key="old-county").code != 0

    both = decide("carectl", old[0])
    assert both.code != 0 and "CARE-6209" in both.err and old[0]["division"] in both.err, both
    others = decide("new-county", old[0], "--division", OLD)
    assert others.code != 0 and "CARE-1106" in others.err, others
    assert "CARE-6207" in decide("other-city", old[0]).err or "CARE-6107" in decide("other-city", old[0]).err
    assert decide("old-county", old[0]).code == 0
    deployment.ready(projected=True)
    assert lines("old-county") == [line for line in old if line != old[0]] and lines("new-county") == new
    again = decide("old-county", old[0])
    assert again.code != 0 and "CARE-6207" in again.err, again

    # The family goes to another city: what Chenzhou owes stays Chenzhou's.
    sent = {"command": "move_household", "household": moved, "occurred_on": beijing_today().isoformat(),
            "kind": "registration", "division": "330302"}
    told = deployment.folder / "moved-on.ndjson"
    told.write_text(json.dumps(sent) + "\n", encoding="utf-8")
    deployment.import_file(told)
    deployment.ready(projected=True)
    assert lines("other-city") == [] and len(lines("other-city", "--every-place")) >= 3
    refused = decide("other-city", old[1])
    assert refused.code != 0 and "CARE-6208" in refused.err and OLD in refused.err, refused
    assert decide("old-county", old[1]).code == 0


def test_a_parameter_is_set_with_its_keys_and_a_figure_that_can_be_meant(county):
    deployment, _ = county

    def refused(code, *words):
        said = deployment.carectl("rules", "set-parameter", "chenzhou-2014", *words, "--from", "2026-01-01")
        assert said.code == 64 and f"CARE-{code}" in said.err, said
        return said.err

    assert "urban" in refused(6172, "national_special_assistance", "620", "--for", "town", "--for", "death")
    assert "120" in refused(6174, "retirement_age", "600", "--for", "male", "--for", "worker")
    assert "yuan" in refused(6174, "cz.orphan_standard", "60000000")
    refused(6171, "cz.orphan_standrd", "600")
