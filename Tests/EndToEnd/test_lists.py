"""Lists that an office asks for: families by the type that their place knows, holiday visits that are due, and a table of
every clause of one family."""

import csv
import io

import pytest
from deployment import until
from offices import couple, helpers, write_roster
from told import family

CHENZHOU, GUIYANG = 1, 2


@pytest.fixture(scope="module")
def office(shared, tmp_path_factory):
    """A bereaved family of Chenzhou with three helpers of four, and one of Guiyang without any."""
    folder = tmp_path_factory.mktemp("lists")
    ours = couple(CHENZHOU, **{name: cell for name, cell in helpers(CHENZHOU).items() if "志愿者" not in name})
    theirs = couple(GUIYANG, 区划代码="520103001")
    shared.ok("rules", "publish", "guiyang-2013")
    counts, _ = shared.import_file(write_roster(folder / "roster.csv", ours + theirs))
    assert counts == {"new": 2}
    shared.ready(projected=True)
    return shared


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.out.lstrip("\ufeff"))))


def test_families_by_type_and_by_what_the_facts_say(office):
    ours, theirs = family(office, CHENZHOU), family(office, GUIYANG)
    found = {row["户编号"]: row for row in rows(office.ok("household", "find", "--as-of", "2015-06-01", "--csv"))}
    assert found[ours]["类别"] == "特殊困难家庭、失独" and found[theirs]["类别"].startswith("失独")
    assert {row["情形"] for row in found.values()} == {"失独"}
    only = office.ok("household", "find", "--type", "special_hardship_family", "--as-of", "2015-06-01", "--json").json()
    assert [one["household"] for one in only["households"]] == [ours] and only["total"] == 1
    both = office.ok("household", "find", "--type", "bereaved", "--as-of", "2015-06-01", "--json").json()
    assert {one["household"] for one in both["households"]} == {ours, theirs}
    wrong = office.carectl("household", "find", "--type", "rich")
    assert wrong.code != 0 and "CARE-6588" in wrong.err and "fp_hardship" in wrong.err


def test_a_status_that_nobody_knows_is_refused_with_those_that_may_be_asked_for(office):
    wrong = office.carectl("household", "find", "--status", "lost")
    assert wrong.code == 65 and "CARE-7269" in wrong.err and "bereaved" in wrong.err and wrong.out == "", wrong
    english = office.carectl("household", "find", "--status", "Bereaved", "--lang", "en")
    assert english.code == 65 and "CARE-7269" in english.err and "disabled_child" in english.err, english
    for status, count in (("bereaved", 2), ("any", 2), ("none", 0), ("disabled_child", 0), ("closed", 0)):
        found = office.ok("household", "find", "--status", status, "--as-of", "2015-06-01", "--json").json()
        assert found["total"] == count, status


@pytest.mark.parametrize("reason", ["", " ", "\u3000\t"])
def test_names_are_shown_for_a_reason_only(office, reason):
    ours = family(office, CHENZHOU)
    for command in (("household", "show", ours), ("household", "export", ours, "--canonical")):
        blank = office.carectl(*command, "--reveal", reason)
        assert blank.code == 64 and "CARE-7270" in blank.err and blank.out == "", blank
        english = office.carectl(*command, "--reveal", reason, "--lang", "en")
        assert "needs the reason" in english.err, english


def test_helpers_are_missing_only_where_a_document_asks_for_them(office):
    missing = office.ok("pairing", "missing", "--as-of", "2015-06-01", "--json").json()
    assert [one["household"] for one in missing["households"]] == [family(office, CHENZHOU)]
    assert {gap["kind"]["code"] for gap in missing["households"][0]["gaps"]} == {"volunteer"}
    coverage = office.ok("pairing", "coverage", "--as-of", "2015-06-01", "--json").json()
    assert coverage["total"]["household_count"] == 1 and coverage["total"]["covered_count"] == 0


def test_holiday_visits_that_are_due_feast_by_feast(office):
    ours = family(office, CHENZHOU)
    question = ("visit", "missing", "--clause", "CZ-2.14b", "--from", "2014-08-10", "--to", "2014-12-31")
    until(lambda: office.ok(*question, "--json").json()["total"] > 0, "the family judged")
    found = office.ok(*question, "--json").json()
    assert {(one["household"], one["holiday"]["code"]) for one in found["households"]} == {
        (ours, "mid_autumn"), (ours, "double_ninth")}
    one = rows(office.ok(*question, "--holiday", "mid_autumn", "--csv"))
    assert [(row["户编号"], row["节日"], row["情况"]) for row in one] == [(ours, "中秋节", "逾期")]
    coverage = office.ok("visit", "coverage", *question[2:], "--json").json()
    assert coverage["total"]["due_count"] == 2 and coverage["total"]["missing_count"] == 2
    wrong = office.carectl("visit", "missing", "--clause", "CZ-2.1")
    assert wrong.code != 0 and "CARE-6589" in wrong.err and "CZ-2.14b" in wrong.err


def test_every_clause_of_a_family_in_one_table(office):
    table = rows(office.ok("household", "why", family(office, CHENZHOU), "--all", "--on", "2015-06-01", "--csv"))
    clauses = {row["条款"] for row in table}
    assert {"CZ-2.1", "CZ-2.14a", "CZ-2.14b"} <= clauses and all(clause.startswith("CZ-") for clause in clauses)
    assert all(row["缘由"].strip("'") != "-" for row in table if not row["结论"].startswith(("享受", "拟享受"))), table
    lines = office.ok("household", "why", family(office, GUIYANG), "--all", "--on", "2015-06-01", "--json").json()
    assert all(line["clause"].startswith("GY-") for line in lines["clauses"]) and len(lines["clauses"]) > 20
    assert office.carectl("household", "why", family(office, GUIYANG), "CZ-2.1", "--all").code != 0


def test_a_suggested_helper_who_is_assigned_by_id_fills_the_slot_once_details_are_complete(office, tmp_path):
    counts, said = office.import_file(write_roster(tmp_path / "third.csv", couple(3)))
    assert counts == {"new": 1}, said
    office.ready(projected=True)
    third, day = family(office, 3), "2015-06-01"
    known = office.ok("pairing", "suggest", third, "cadre", "--as-of", day, "--json").json()["helpers"][0]
    assert known["name"] and known["unit"] == "街道办", known
    said = office.ok("pairing", "assign", third, "cadre", "--helper", known["helper"], "--on", day)
    assert "未实名" not in said.out + said.err, said
    # Other families' files do not give the telephone away: without it somebody is there, and the slot does not count.
    assert "CARE-1452" in said.err and "缺联系方式" in said.err, said
    office.ready(projected=True)

    def cadre():
        page = office.ok("household", "show", third, "--as-of", day, "--json").json()
        return next(slot for slot in page["pairings"] if slot["kind"] == "cadre")

    def counted():
        office.ready(projected=True)
        coverage = office.ok("pairing", "coverage", "--as-of", day, "--json").json()["total"]
        gaps = office.ok("pairing", "missing", "--as-of", day, "--json").json()["households"]
        ours = next(line["gaps"] for line in gaps if line["household"] == third)
        told = [(gap["incomplete"], gap["lacking"]) for gap in ours if gap["kind"]["code"] == "cadre"]
        return coverage["filled_count"]["cadre"], coverage["incomplete_slots"]["cadre"], told

    slot = cadre()
    assert not slot["filled"] and slot["incomplete"] and slot["missing_since"] is None, slot
    assert slot["helpers"][0]["lacking"] == ["contact"], slot
    assert "资料不全：缺联系方式" in office.ok("household", "show", third, "--as-of", day).out
    filled, incomplete, told = counted()
    assert (incomplete, told) == (1, [(True, ["contact"])])
    assert "资料不全（缺联系方式）" in office.ok("pairing", "missing", "--as-of", day).out
    # Typed anew with the telephone it is the same person: nothing is ended and nothing begins.
    said = office.ok("pairing", "assign", third, "cadre", "--name", known["name"], "--phone", "14000000009", "--on", day)
    assert "CARE-1453" in said.err and "CARE-1452" not in said.err, said
    assert counted() == (filled + 1, 0, [])
    slot = cadre()
    assert len(slot["helpers"]) == 1 and not slot["helpers"][0]["lacking"], slot
    assert slot["filled"] and slot["helpers"][0]["name"] == known["name"] and slot["helpers"][0]["unit"] == "街道办", slot
    load = office.ok("pairing", "load", "--kind", "cadre", "--as-of", day, "--json").json()["helpers"]
    assert [(one["name"], one["household_count"]) for one in load if one["helper"] == known["helper"]] == [
        (known["name"], 2)]


def test_a_helper_with_two_ids_is_named_in_the_load_and_made_one_by_a_handover(office, tmp_path):
    counts, said = office.import_file(write_roster(tmp_path / "fourth.csv", couple(4)))
    assert counts == {"new": 1}, said
    office.ready(projected=True)
    fourth, day = family(office, 4), "2015-06-01"

    def load():
        office.ready(projected=True)
        return office.ok("pairing", "load", "--kind", "party_member", "--as-of", day, "--json").json()

    kept = load()["helpers"][0]
    details = ("--name", kept["name"], "--unit", kept["unit"], "--phone", "14000000010", "--on", day)
    office.ok("pairing", "assign", fourth, "party_member", *details)
    listed = load()
    other = next(one["helper"] for one in listed["helpers"] if one["helper"] != kept["helper"])
    assert [sorted(group) for group in listed["probably_same"]] == [sorted([kept["helper"], other])], listed
    said = office.ok("pairing", "load", "--kind", "party_member", "--as-of", day)
    assert "可能是同一人" in said.err and other in said.err and "pairing handover" in said.err, said
    office.ok("pairing", "handover", fourth, "party_member", "--from", other, "--helper", kept["helper"], *details,
              "--reason", "other")
    listed = load()
    assert [(one["helper"], one["household_count"]) for one in listed["helpers"]] == [(kept["helper"], 2)]
    assert listed["probably_same"] == []
    # A handover to oneself is none, an id that no helper has stands for nobody, and neither does nothing at all.
    for code, words in (
        ("CARE-1822", ("handover", fourth, "party_member", *details[:-1], "2015-06-02")),
        ("CARE-1821", ("assign", fourth, "party_member", *details)),
        ("CARE-3124", ("assign", fourth, "volunteer", "--helper", fourth, "--on", day)),
        ("CARE-1820", ("assign", fourth, "volunteer", "--on", day)),
    ):
        refused = office.carectl("pairing", *words)
        assert refused.code == 1 and code in refused.err, (code, refused)
