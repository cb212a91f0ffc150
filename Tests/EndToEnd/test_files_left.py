"""Where a right counts from the month after it begins, a split on the first loses no month, whoever is asked."""

import json

from offices import couple, write_roster
from test_rules import HIGHER, version

NEXT = ("CZ-Q6, choices: [same, next], default: same", "CZ-Q6, choices: [same, next], default: next")


def split_family(deployment, folder):
    """A couple; the wife turns 49 on 2015-03-02, so both have the right since then and are paid from April on. The
    husband goes on by himself from 2016-05-01."""
    deployment.start()
    deployment.ready()
    deployment.ok("rules", "publish", version(folder / "2014-07-16.yaml", "2014-07-16", NEXT))
    counts, said = deployment.import_file(write_roster(folder / "roster.csv", couple(1)))
    assert counts == {"new": 1}, said
    deployment.ready(projected=True)
    family = deployment.households("--number", "CZ-0001")[0]["household"]
    husband = next(one["person"] for one in deployment.show(family)["members"] if one["role"] == "husband")
    told = folder / "split.ndjson"
    told.write_text(json.dumps(
        {"command": "split_household", "household": family, "occurred_on": "2016-05-01", "persons": [husband],
         "division": "431002001", "archive_number": "CZ-0002"}) + "\n", encoding="utf-8")
    deployment.import_file(told)
    deployment.ready(projected=True)
    return family, deployment.households("--number", "CZ-0002")[0]["household"]


def months(report, household):
    return sorted(
        [month["month"] for month in right["months"]] for line in report["households"] if line["household"] == household
        for right in line["rights"] if right["clause"] == "CZ-2.1")


def test_why_and_replay_have_the_months_of_both_files(deploy, tmp_path):
    deployment = deploy("next")
    family, alone = split_family(deployment, tmp_path)
    higher = version(tmp_path / "2016-01-01.yaml", "2016-01-01", NEXT, HIGHER)
    replay = ("rules", "replay", "--pack", higher, "--from", "2016-01-01", "--to", "2016-08-31", "--output", "json")
    for source in ((), ("--from-log",)):
        report = deployment.carectl(*replay, *source).json()
        assert months(report, family) == [
            [f"2016-{month:02d}" for month in range(1, 5)], [f"2016-{month:02d}" for month in range(1, 9)]]
        assert months(report, alone) == [[f"2016-{month:02d}" for month in range(5, 9)]]
        # Both persons, eight months each, 100 yuan more.
        assert report["totals"]["all"]["arrears_fen"] == 2 * 8 * 100_00
    # Columns that follow the log keep in mind who came from another file.
    deployment.ok("rules", "columns", "--json")
    assert months(deployment.carectl(*replay).json(), alone) == [[f"2016-{month:02d}" for month in range(5, 9)]]
    told = deployment.ok("household", "why", alone, "CZ-2.1", "--on", "2016-05-20").out
    assert "2016-05 全月有此权利，应发 300.00 元（按 2016-05-01 的条件）；权利自迁出的档案延续，当月照计" in told
    left = deployment.ok("household", "why", family, "CZ-2.1", "--on", "2016-04-20").out
    assert left.count("2016-04 全月有此权利，应发 300.00 元（按 2016-04-01 的条件）") == 2

    # A county that he moves to does not see the file that was left: it is told so, and answered all the same.
    moved = tmp_path / "moved.ndjson"
    moved.write_text(json.dumps(
        {"command": "move_household", "household": alone, "occurred_on": "2016-06-10", "kind": "registration",
         "division": "431003001"}) + "\n", encoding="utf-8")
    deployment.import_file(moved)
    deployment.ready(projected=True)
    deployment.new_key("beside", "--division", "431003", "--department", "dept.fp")
    said = deployment.ok("household", "why", alone, "CZ-2.1", "--on", "2016-07-20", key="beside")
    assert "看不到迁出的档案" in said.err and "300.00" in said.out, said
    # care-archive follows the right into that file for it: the county replays what an operator replays of it.
    own, whole = deployment.carectl(*replay, key="beside"), deployment.carectl(*replay, "--division", "431003")
    assert own.json()["totals"] == whole.json()["totals"] and "看不到" not in own.err, own
    assert months(own.json(), alone) == [["2016-06", "2016-07", "2016-08"]]
