"""Events by a condition in the language of the packs: carectl log tail and view --where."""

import json

import pytest

from deployment import until
from told import FIRST, family, kinds, roster, told_office, view


@pytest.fixture(scope="module")
def office(shared, tmp_path_factory):
    return told_office(shared, tmp_path_factory.mktemp("office"))


def test_a_condition_picks_what_a_program_would_pick(office):
    everything = view(office)
    for condition, picks in (
        ("event == 'PairingAssigned' && data.kind == 'cadre'",
         lambda e: e["event"] == "PairingAssigned" and e["kind"] == "cadre"),
        ("has(data.clause) && data.clause.startsWith('CZ-2')", lambda e: e.get("clause", "").startswith("CZ-2")),
        ("category == 'household' && sequence <= 3", lambda e: e["stream"].startswith("household-") and e["sequence"] <= 3),
        ("occurred_on == care.date('2014-08-04')", lambda e: e["occurred_on"] == "2014-08-04"),
        ("event == 'DeterminationMade' && data.intervals.exists(i, has(i.amount_fen) && i.amount_fen > 0)",
         lambda e: any(i.get("amount_fen", 0) > 0 for i in e.get("intervals", []))),
        ("false", lambda e: False),
    ):
        wanted = [event for event in everything if picks(event)]
        # Later notices may have come meanwhile.
        found = view(office, "--where", condition, code=0)
        assert [e for e in found if e["position"] <= everything[-1]["position"]] == wanted, condition
        assert wanted or condition == "false", condition


def test_it_works_with_the_other_choices(office):
    own = family(office, FIRST)
    pairings = view(office, own, "--type", "PairingAssigned", "--where", "data.kind in ['cadre', 'volunteer']")
    assert sorted(event["kind"] for event in pairings) == ["cadre", "volunteer"]
    later = view(office, "--from", pairings[0]["position"], "--where", "event == 'PairingAssigned' && data.kind != 'x'")
    assert later and all(event["position"] > pairings[0]["position"] for event in later)


def test_who_spoke_can_be_asked(office):
    made = view(office, "--where", "meta.peer == 'eligibility'")
    assert kinds(made) == {"DeterminationMade"}
    caused = view(office, "--where", "event == 'DeterminationMade' && has(meta.causation)")
    assert {event["position"] for event in caused} == {event["position"] for event in made}


def test_events_without_an_answer_are_counted(office):
    answer = office.carectl("log", "view", "--limit", "0", "--json", "--where", "data.clause == 'CZ-2.1'")
    assert answer.code == 1 and "无法判断" in answer.err and "data.clause" in answer.err and "has(" in answer.err
    assert all(event["clause"] == "CZ-2.1" for event in answer.lines())
    english = office.carectl("log", "view", "--where", "1 / 0 > 0", "--lang", "en")
    assert english.code == 1 and english.out == "" and "divide_by_zero" in english.err


@pytest.mark.parametrize("condition, code", [
    ("data.clauze == 'x'", "CARE-6271"), ("position > 'x'", "CARE-6272"), ("event ==", "CARE-6270"),
    ("event == 'Nothing'", "CARE-6272"), ("!" * 300 + "true", "CARE-6273"), ("care.month_of_year() == 1", "CARE-6274"),
    ("data.name == '王秀英'", "CARE-6271"), ("data.id_number != ''", "CARE-6271"),
])
def test_mistakes_are_told_before_any_service_is_asked(deploy, condition, code):
    deployment = deploy()
    for command in ("view", "tail"):
        answer = deployment.carectl("log", command, "--where", condition)
        assert answer.code == 64 and answer.out == "", answer
        assert answer.err.startswith(code) and "列" in answer.err, answer


def test_a_tail_shows_what_fits_and_says_what_was_undecided(office):
    tail = office.background("log", "tail", "--from-start", "--json", "--where", "data.kind == 'cadre'", name="where")
    out, err = office.folder / "where.out", office.folder / "where.err"
    until(lambda: "PairingAssigned" in out.read_text(), "a pairing on the tail")
    tail.terminate()
    assert tail.wait(60) == 130
    assert {json.loads(line)["kind"] for line in out.read_text().splitlines()} == {"cadre"}
    assert "无法判断" in err.read_text() and "data.kind" in err.read_text()


def test_the_fields_are_listed_and_none_is_personal(office):
    fields = {line["field"]: line for line in office.ok("log", "fields", "--json").json()}
    assert fields["position"]["type"] == "int" and not fields["position"]["may_be_missing"]
    assert fields["data.clause"]["may_be_missing"]
    assert not {"data.name", "data.id_number", "data.phone", "data.address", "data.text", "data.sealed"} & set(fields)
    table = office.ok("log", "fields").out
    assert all(name in table for name in ("data.intervals", "meta.department", "occurred_on"))


def test_the_help_shows_three_examples(office):
    for command in ("view", "tail"):
        text = office.ok("log", command, "--help").out
        assert text.count(f"carectl log {command} ") >= 3, text


def test_another_district_sees_nothing_whatever_it_asks(office):
    office.new_key("elsewhere", "--division", "330302", "--right", "query")
    seen = office.carectl("log", "view", "--limit", "0", "--where", "category == 'household'", key="elsewhere")
    assert seen.code == 0 and seen.out == ""


def test_a_division_leaves_out_what_lies_elsewhere_or_nowhere(office):
    everything = view(office)
    assert {"household", "person", "pack"} <= {event["stream"].split("-")[0] for event in everything}
    places = {}
    for event in everything:
        moved = event["event"] == "HouseholdMoved" and event["kind"] == "registration"
        if moved or event["event"] == "HouseholdRegistered":
            places[event["stream"]] = event["division"]
    for division in (places["household-" + family(office, FIRST)], "4310"):
        inside = {stream for stream, place in places.items() if place.startswith(division)}
        wanted = [
            event for event in everything
            if event["stream"] in inside
            or event["stream"].startswith("person-") and "household-" + event["household"] in inside
        ]
        found = [event for event in view(office, "--division", division) if not event["stream"].startswith("access-")]
        assert [event for event in found if event["position"] <= everything[-1]["position"]] == wanted, division
        assert {event["stream"].split("-")[0] for event in found} == {"household", "person"}
    assert office.ok("log", "view", "--limit", "0", "--json", "--division", "330302").lines() == []


def test_nothing_personal_is_shown(office):
    secrets = [row[key] for row in roster() for key in ("姓名", "身份证号", "联系电话", "住址") if row.get(key)]
    shown = office.ok("log", "view", "--limit", "0", "--where", "position > 0").out
    assert shown and not [secret for secret in secrets if secret in shown]
