"""The standing columns: kept up with the log, the same answers as the log itself, never trusted when damaged."""

import pytest
from offices import couple, write_roster
from test_rules import HIGHER, version


@pytest.fixture(scope="module")
def district(shared, tmp_path_factory):
    roster = [row for number in (1, 2, 3) for row in couple(number)]
    counts, _ = shared.import_file(write_roster(tmp_path_factory.mktemp("office") / "roster.csv", roster))
    assert counts == {"new": 3}
    shared.ready(projected=True)
    return shared


def replayed(district, pack, *options):
    answer = district.carectl("rules", "replay", "--pack", pack, "--from", "2016-01-01", "--output", "json", *options)
    assert answer.code in (0, 1), answer
    return answer.json()


def columns(district, *options):
    return district.ok("rules", "columns", "--json", *options).json()


def test_columns_follow_the_log_and_answer_as_the_log_does(district, tmp_path):
    higher = version(tmp_path / "2016-01-01.yaml", "2016-01-01", HIGHER)
    first = replayed(district, higher)
    assert first["totals"]["affected"] == 3 and first == replayed(district, higher, "--from-log")
    state = columns(district)
    assert state["households"] == 3 and state["answers"] > 0
    more = [row for number in (2, 4, 5) for row in couple(number)]
    # The husband of the second family has died, two families are new.
    for row in more:
        if row["户标识"] == "f2" and row["身份"] == "丈夫":
            row.update({"死亡日期": "2020-02-02"})
    file = write_roster(tmp_path / "more.csv", more)
    answer = district.carectl("case", "import", file, "--quiet", "--as", "change", "--on", "2020-02-02")
    assert answer.code == 0, answer
    district.ready(projected=True)
    state = columns(district)
    assert (state["households"], state["refreshed"]) == (5, 3)
    assert columns(district)["refreshed"] == 0
    second = replayed(district, higher)
    assert second["totals"]["affected"] == 5 and second == replayed(district, higher, "--from-log")
    assert second["totals"]["all"] != first["totals"]["all"]
    # Built anew they say the same.
    assert columns(district, "--rebuild")["refreshed"] == 5
    assert replayed(district, higher) == second


def test_only_the_owner_may_read_them(district):
    columns(district)
    folder = district.data / "columns"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("damage", ["flip", "cut", "gone", "manifest"])
def test_damaged_columns_are_noticed_and_built_anew(district, tmp_path, damage):
    higher = version(tmp_path / "2016-01-01.yaml", "2016-01-01", HIGHER)
    good = replayed(district, higher)
    folder = district.data / "columns"
    block = next(folder.glob("*.block"))
    if damage == "manifest":
        (folder / "manifest").write_bytes(b"{}")
    elif damage == "gone":
        block.unlink()
    elif damage == "cut":
        block.write_bytes(block.read_bytes()[:100])
    else:
        whole = bytearray(block.read_bytes())
        whole[40] ^= 4
        block.write_bytes(whole)
    answer = district.carectl("rules", "replay", "--pack", higher, "--from", "2016-01-01", "--output", "json")
    if damage != "manifest":
        assert answer.code == 75 and "CARE-6195" in answer.err and not answer.out, answer
    assert replayed(district, higher) == good


def test_dropped_columns_come_back_from_the_log(district, tmp_path):
    higher = version(tmp_path / "2016-01-01.yaml", "2016-01-01", HIGHER)
    good = replayed(district, higher)
    district.ok("rules", "columns", "--drop")
    assert not list((district.data / "columns").glob("*.block"))
    assert replayed(district, higher) == good
