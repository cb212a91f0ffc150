"""What led to what: carectl trace."""

import pytest

from told import FIRST, SECOND, family, roster, told_office, view


@pytest.fixture(scope="module")
def office(shared, tmp_path_factory):
    return told_office(shared, tmp_path_factory.mktemp("office"))


def walk(nodes):
    """Every (depth, act, event) of trees."""
    waiting = [(0, node) for node in nodes]
    while waiting:
        depth, node = waiting.pop()
        for event in node["events"]:
            yield depth, node, event
            waiting += [(depth + 1, child) for child in event["caused"]]
        waiting += [(depth + 1, child) for child in node["caused"]]


def trace(deployment, target, *options):
    return deployment.ok("trace", target, "--json", *options).json()


def test_a_family_is_one_tree_from_the_clerk_to_the_notice(office):
    # The second family has no helpers: there is something to tell.
    own = family(office, SECOND)
    found = trace(office, own)
    steps = {(event["stream"], event["sequence"]): (depth, act) for depth, act, event in walk(found["trees"])}
    events = {(e["stream"], e["sequence"]): e for e in view(office, own)}
    assert set(events) <= set(steps), "every event of the family stands in the tree"
    by_kind = {}
    for place, (depth, act) in steps.items():
        if place in events:
            by_kind.setdefault(events[place]["event"], set()).add((act["service"], depth > 0))
    assert by_kind["HouseholdRegistered"] == {("intake", False)}
    assert by_kind["DeterminationMade"] == {("eligibility", True)}
    assert by_kind["NoticeRaised"] == {("notifier", True)}
    assert by_kind["NoticeDelivered"] == {("notifier", True)}
    persons = {event["event"] for _, act, event in walk(found["trees"]) if event["stream"].startswith("person-")}
    assert persons == {"PersonReserved", "PersonConfirmed"}
    assert found["left_out"] == []


def test_an_event_is_traced_to_its_command(office):
    delivered = view(office, "--type", "NoticeDelivered")[0]
    for target in (f"#{delivered['position']}",
                   f"{delivered['stream']}/{delivered['sequence']}"):
        tree = trace(office, target)["trees"]
        assert len(tree) == 1
        asked = [(depth, event) for depth, act, event in walk(tree) if act["asked"]]
        assert [(event["event"], event["position"]) for _, event in asked] == [
            ("NoticeDelivered", delivered["position"])]
        assert asked[0][0] >= 1 and tree[0]["service"] == "intake"


def test_a_command_is_found_by_its_id(office):
    own = family(office, FIRST)
    detail = office.ok("log", "get", own, "1").json()
    for options in ((), ("--lang", "en")):
        answer = office.ok("trace", detail["append_id"], *options)
        assert answer.out.splitlines()[0].split()[1] == detail["append_id"]
        assert "HouseholdRegistered" in answer.out and "DeterminationMade" in answer.out
    # A command that registered nobody is looked for in the log.
    made = next(e for e in view(office, own) if e["event"] == "DeterminationMade")
    command = office.ok("log", "get", own, str(made["sequence"])).json()["append_id"]
    asked = [event for _, act, event in walk(trace(office, command)["trees"]) if act["asked"]]
    assert {event["event"] for event in asked} == {"DeterminationMade"}
    assert made["position"] in {event["position"] for event in asked}


def test_a_beginning_of_a_household_is_enough(office):
    own = family(office, SECOND)
    assert trace(office, own)["trees"] == trace(office, f"household-{own}")["trees"]
    assert own in office.ok("trace", own).out


@pytest.mark.parametrize("target, code, status", [
    ("not an id", "CARE-6275", 64), ("#999999999", "CARE-6276", 1), ("0" * 26, "CARE-6276", 1),
    ("household-00000000000000000000000000/1", "CARE-6276", 1),
])
def test_what_is_not_there_is_said(office, target, code, status):
    answer = office.carectl("trace", target)
    assert answer.code == status and answer.out == "" and code in answer.err, answer


def test_another_district_sees_neither_events_nor_trees(office):
    office.new_key("elsewhere", "--division", "330302", "--right", "query")
    own = family(office, FIRST)
    made = next(e for e in view(office, own) if e["event"] == "DeterminationMade")
    command = office.ok("log", "get", own, str(made["sequence"])).json()["append_id"]
    for target in (own, f"{own}/1", f"#{made['position']}", command):
        answer = office.carectl("trace", target, key="elsewhere")
        assert answer.code == 1 and answer.out == "" and "CARE-6276" in answer.err, answer


def test_nothing_personal_is_shown(office):
    secrets = [row[key] for row in roster() for key in ("姓名", "身份证号", "联系电话", "住址") if row.get(key)]
    shown = "".join(office.ok("trace", family(office, number)).out for number in (FIRST, SECOND))
    assert shown and not [secret for secret in secrets if secret in shown]
