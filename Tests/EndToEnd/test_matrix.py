"""Every key × every query × every command: what another place's office, a reader and a key without rights get to see or do.

The questions come from the contract itself, so that a new one cannot be forgotten. What must not be told is looked for in
the bytes of the answers; the same questions asked by the operator show that it would be found.
"""

import os
import pathlib
import re

import identity
import pytest
from contract import bus, commands, common, queries
from family import sealed
from google.protobuf.descriptor import FieldDescriptor as Field
from offices import couple, helpers, write_roster
from service import NoAnswer, Refused
from told import family

NEIGHBOURS = {"next-county": "431003", "other-city": "330302"}
TODAY = 20_600
RIGHTS = pathlib.Path(__file__).resolve().parents[1] / "IntakeCoreTests/Fixtures/rights.txt"


@pytest.fixture(scope="module")
def office(shared, tmp_path_factory):
    """A family in 431002 with helpers, a need, a visit and an application's worth of facts, and the keys that ask."""
    folder = tmp_path_factory.mktemp("office")
    roster = couple(7, **helpers(7))
    counts, _ = shared.import_file(write_roster(folder / "roster.csv", roster))
    assert counts == {"new": 1}
    shared.ready(projected=True)
    for name, division in NEIGHBOURS.items():
        shared.new_key(name, "--division", division, "--right", "command", "--right", "query")
    shared.new_key("reader", "--division", "431002", "--right", "query")
    shared.new_key("voucher", "--division", "431002", "--right", "vouch")
    shared.household = family(shared, 7)
    found = shared.show(shared.household)
    shared.members = [member["person"] for member in found["members"]]
    return shared


def sixteen(written):
    """The bytes of an id in its 26 characters."""
    number = 0
    for letter in written:
        number = number << 5 | "0123456789abcdefghjkmnpqrstvwxyz".index(letter)
    return (number & (1 << 130) - 1).to_bytes(17, "big")[-16:]


def traces(office):
    """What tells of the family: its id and its people's, raw and written; and what is personal."""
    ids = [office.household, *office.members]
    found = [text.encode() for text in ids] + [sixteen(text) for text in ids]
    return found + personal()


def personal():
    rows = couple(7)
    cells = [row.get(heading) for row in rows for heading in ("姓名", "身份证号", "联系电话", "住址")]
    return [cell.encode() for cell in cells if cell]


def filled(message, office):
    """The question's fields by their names: about the family, its division, everything there is."""
    known = {
        "household": office.household, "division": "431002", "as_of": TODAY, "occurred_on": TODAY, "year": 2014,
        "from": 0, "to": TODAY, "clause": "CZ-2.1", "pack": "chenzhou-2014", "kind": "cadre",
        "household_prefix": office.household[:8], "number": "CZ-0007", "archive_number": "CZ-0007", "period": "2014",
    }
    for field in message.DESCRIPTOR.fields:
        value = known.get(field.name)
        if field.type == Field.TYPE_BYTES:
            value = sixteen(office.household) if field.name == "household" else None
        texts, numbers = (Field.TYPE_STRING,), (Field.TYPE_SINT32, Field.TYPE_INT32, Field.TYPE_UINT32, Field.TYPE_UINT64)
        fits = isinstance(value, bytes) or isinstance(value, str) and field.type in texts or \
            isinstance(value, int) and field.type in numbers
        if fits and field.label != Field.LABEL_REPEATED:
            setattr(message, field.name, value)
    return message


def questions(office):
    for field in queries.Query.DESCRIPTOR.oneofs_by_name["query"].fields:
        query = queries.Query()
        getattr(query, field.name).SetInParent()
        filled(getattr(query, field.name), office)
        yield field.name, query


def line(office, service, key):
    """The one connection of a key to a service."""
    lines = office.__dict__.setdefault("lines", {})
    if (service, key) not in lines:
        lines[service, key] = office.client(service, key)
    return lines[service, key]


def answer(office, query, key):
    """The answer's bytes, or the refusal with all that it says."""
    # The first checkpoint comes a minute after the start: until then there is none to answer with.
    patience = 1 if query.WhichOneof("query") == "checkpoint" else 20
    try:
        return line(office, "care-archive", key).ask(bus.METHOD_QUERY, query, timeout=patience), None
    except Refused as refused:
        return (refused.body or b"") + str(refused).encode(), refused
    except NoAnswer as nothing:
        assert query.WhichOneof("query") == "checkpoint", (query, key, nothing)
        return b"", None


def test_every_question_of_a_neighbour_leaves_the_family_out(office):
    secrets, telling = traces(office), set()
    for name, query in questions(office):
        seen, _ = answer(office, query, "carectl")
        if any(secret in seen for secret in secrets):
            telling.add(name)
        for key in NEIGHBOURS:
            said, _ = answer(office, query, key)
            # What was asked comes back in a refusal at most: nothing else of the family does.
            asked = query.SerializeToString()
            told = [secret for secret in secrets if secret in said and secret not in asked]
            assert not told, (name, key, told)
            assert office.household.encode() not in said or b"CARE-" in said, (name, key)
    # The same questions do tell the operator of the family, or nothing would have been shown.
    assert {"household_page", "find_households", "household_export", "household_events", "list_entitlements",
            "helper_suggestions"} <= telling, telling


def test_no_question_without_the_right_to_ask(office):
    for name, query in questions(office):
        said, refused = answer(office, query, "voucher")
        assert refused is not None and refused.status == bus.STATUS_UNAUTHORISED, (name, said[:200])


def test_names_and_numbers_stay_masked(office):
    for name, query in questions(office):
        said, _ = answer(office, query, "clerk")
        assert not [cell for cell in personal() if cell in said], name
    # With the right and a reason they are shown, or the test would look for what is never there.
    query = queries.Query()
    query.household_page.household, query.household_page.as_of = office.household, TODAY
    query.household_page.reveal_reason = "matrix"
    seen, refused = answer(office, query, "carectl")
    assert refused is None and any(cell in seen for cell in personal())
    said, refused = answer(office, query, "clerk")
    assert not any(cell in said for cell in personal())
    assert refused is not None and refused.status == bus.STATUS_UNAUTHORISED


def command(office, **action):
    made = commands.Command(
        command_id=os.urandom(16), household=sixteen(office.household), occurred_on=identity.day("2015-03-01"))
    for name, fields in action.items():
        inner = getattr(made, name)
        inner.SetInParent()
        for field, value in fields.items():
            if isinstance(value, bytes | str | int):
                setattr(inner, field, value)
            else:
                getattr(inner, field).CopyFrom(value)
    return made


def acts(office):
    """Commands about the family, each of them one that its own office may give."""
    wife, husband, child = (sixteen(person) for person in office.members)
    helper = identity.person_of(os.urandom(16), 0)
    assigned = command(office, assign_helper=dict(kind="volunteer"))
    assigned.assign_helper.helper.person, assigned.assign_helper.helper.unit = helper, "志愿服务队"
    fact = command(office, state_fact=dict(fact="household.economic_hardship", source="statement"))
    fact.state_fact.subject.household, fact.state_fact.value.truth = True, True
    yield "state_fact", fact
    yield "record_death", command(office, record_death=dict(person=husband))
    yield "remove_person", command(office, remove_person=dict(person=husband, reason="moved_out"))
    yield "open_plan_item", command(office, open_plan_item=dict(department="dept.fp"))
    yield "raise_need", command(office, raise_need=dict(kind="medical"))
    yield "close_household", command(office, close_household=dict(reason="moved_away"))
    yield "end_pairing", command(office, end_pairing=dict(kind="cadre", reason="left"))
    guardian = command(office, name_guardian=dict(person=wife))
    guardian.name_guardian.sealed_parts.append(sealed(wife, text="x"))
    yield "name_guardian", guardian
    moved = command(office, move_household=dict(kind=1, division="330302001"))
    yield "move_household", moved
    yield "change_person_details", command(office, change_person_details=dict(person=child))


def attempt(office, wanted, key, method):
    try:
        return line(office, "intake", key).ask(method, wanted, request_id=wanted.command_id), None
    except Refused as refused:
        return b"", refused


def head(office):
    return int(office.ok("log", "verify", "--json").json()["events"])


def test_no_command_of_a_neighbour_or_a_reader_is_recorded(office):
    before, possible = head(office), set()
    for name, wanted in acts(office):
        _, refused = attempt(office, wanted, "clerk", bus.METHOD_TRY_COMMAND)
        if refused is None:
            possible.add(name)
        for key in (*NEIGHBOURS, "reader", "voucher"):
            for method in (bus.METHOD_TRY_COMMAND, bus.METHOD_SUBMIT_COMMAND):
                _, refused = attempt(office, wanted, key, method)
                assert refused is not None, (name, key)
                if key in NEIGHBOURS:
                    # Like a family that does not exist: not even that there is one is told.
                    assert office.household not in str(refused), (name, key, refused)
    # Its own office may do most of this: the refusals are about who asks.
    assert len(possible) >= 6, possible
    assert head(office) == before


def test_no_command_at_all_without_the_right_to_command(office):
    before = head(office)
    for field in commands.Command.DESCRIPTOR.oneofs_by_name["action"].fields:
        wanted = command(office, **{field.name: {}})
        for key in ("reader", "voucher"):
            _, refused = attempt(office, wanted, key, bus.METHOD_SUBMIT_COMMAND)
            assert refused is not None, (field.name, key)
    new = commands.Command(command_id=os.urandom(16), occurred_on=identity.day("2015-03-01"))
    new.register_household.household.division = "431002001"
    new.register_household.members.add(role=common.MEMBER_ROLE_WIFE)
    for key in (*NEIGHBOURS, "reader"):
        _, refused = attempt(office, new, key, bus.METHOD_SUBMIT_COMMAND)
        assert refused is not None, key
    assert head(office) == before


def holders(pack, command):
    """The departments that the table of rights names for a command."""
    for line in RIGHTS.read_text(encoding="utf-8").splitlines():
        found = re.fullmatch(rf"{pack} 命令 {re.escape(command)} \S+(?: 上级| 月份所属地)?: (.+)", line)
        if found:
            return found[1].split()
    raise AssertionError(f"no line of {pack} {command}")


def probes(office):
    """Commands whose function the door checks, each with its place: what to say with a key of some department."""
    award = command(office, decide_award=dict(clause="CZ-2.1", outcome=2, reason="test"))
    award.decide_award.subject.person = sixteen(office.members[0])
    award.decide_award.period.start = identity.day("2015-03-01")

    def tried(key, _):
        _, said = attempt(office, award, key, bus.METHOD_TRY_COMMAND)
        return "" if said is None else said.code

    def said(*words):
        return lambda key, number: office.carectl(*(word.format(number) for word in words), key=key).err

    yield "chenzhou-2014", "household.decideAward", tried
    funds = {"chenzhou-2014": "431002", "guiyang-2013": "520103", "boshan-2021": "370304", "xiamen-2017": "350205"}
    for pack, division in funds.items():
        yield pack, "loan.openFund", said(
            "fund", "open", "--division", division, "--mode", "grant", "--number", "{}", "--on", "2021-05-05")
    unit = ("--unit", "330302", "--year", "2021", "--reason", "test")
    yield "wenzhou-2021", "unit.setBudget", said("settle", "budget", "{}", *unit)
    yield "wenzhou-2021", "unit.setAdvance", said("settle", "advance", "{}", *unit)
    yield "wenzhou-2021", "unit.score", said("settle", "score", "WZ-A3.2a", "{}", "--evidence", "sheet", *unit)


def test_the_door_asks_the_table_of_rights(office):
    """Offices of each kind × commands of each function and place against the running door: it answers as the table says."""
    departments = (
        "dept.fp", "dept.finance", "dept.justice", "dept.education", "dept.health_commission", "dept.fp_association",
        "dept.civil_affairs", "org.township", "org.community", "none")
    for pack in ("guiyang-2013", "boshan-2021", "xiamen-2017", "wenzhou-2021"):
        office.ok("rules", "publish", pack)
    for department in departments:
        office.new_key(department.replace(".", "-").replace("_", "-"), "--department", department)
    answered = 0
    for pack, name, probe in probes(office):
        refused = set()
        for number, department in enumerate(departments, 1):
            words = probe(department.replace(".", "-").replace("_", "-"), number)
            if "CARE-6581" in words:
                refused.add(department)
            else:
                answered += 1
        assert refused == set(departments) - set(holders(pack, name)), (pack, name)
        assert 0 < len(refused) < len(departments), (pack, name)
    assert answered >= 10, "some office may do each of it"


def seers(pack, fact):
    """The departments that the table of rights names for a fact."""
    found = re.search(rf"^{pack} 事实 {re.escape(fact)}: (.+)$", RIGHTS.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1].split()


def test_a_field_is_told_to_the_departments_that_the_table_names(office):
    """Department × question × field against the running services: who sees 失能程度, and that to the others it is kept back
    and named as such, whatever they ask. All fields of all packs: FieldMatrixTests."""
    fact = "person.care_dependency"
    stated = command(office, state_fact=dict(fact=fact, source="statement"))
    stated.state_fact.subject.person, stated.state_fact.value.code = sixteen(office.members[0]), "partial"
    _, refused = attempt(office, stated, "clerk", bus.METHOD_SUBMIT_COMMAND)
    assert refused is None, refused
    office.ready(projected=True)
    seeing, told = seers("chenzhou-2014", fact), set()
    departments = ("dept.fp", "dept.finance", "org.community", "dept.education", "dept.civil_affairs", "none")
    keys = {department: "field-" + department.replace(".", "-").replace("_", "-") for department in departments}
    for department, key in keys.items():
        office.new_key(key, "--division", "431002", "--department", department, "--right", "query")
    for department, key in keys.items():
        page = office.ok("household", "show", office.household, "--json", key=key).json()
        lines = [line for line in page["facts"] if line["fact"] == fact]
        stream = office.ok("log", "view", "--limit", "0", "--type", "FactStated", "--json", key=key).out
        if department in seeing:
            assert lines and fact in stream, department
            told.add(department)
        else:
            assert not lines and fact not in stream and fact in page["withheld_facts"], department
            for name, query in questions(office):
                said, _ = answer(office, query, key)
                assert "部分失能".encode() not in said, (department, name)
                if name == "household_events":
                    reply = queries.QueryReply.FromString(said).household_events
                    assert fact in [word.code for word in reply.withheld_facts]
                    assert not [one for one in reply.entries if fact.encode() in one.record], department
    assert told == set(seeing) & set(departments) and 0 < len(told) < len(departments)
    # What rests on it is told to the others as withheld, and no budget has it; whether it is stated makes no difference.
    for department in ("dept.fp", "dept.education"):
        forecast = office.ok("rules", "forecast", "--months", "1", "--json", key=keys[department])
        kept = [line["clause"] for line in forecast.json()["withheld"] if line["clause"].startswith("CZ-")]
        turned = {turn["clause"] for turn in forecast.json()["turns"]}
        assert bool(kept) == (department not in seeing) == ("CARE-6332" in forecast.err), department
        assert not turned & set(kept)


def test_an_accident_is_told_whole_or_not_at_all(office):
    """It has an event of its own: page, stream and export tell all that it says, or not even that there is one."""
    reported = command(office, report_incident=dict(kind="accident"))
    reported.report_incident.victims.add(person=sixteen(office.members[0]), outcome="disability", grade=4)
    _, refused = attempt(office, reported, "clerk", bus.METHOD_SUBMIT_COMMAND)
    assert refused is None, refused
    office.ready(projected=True)
    seeing = seers("chenzhou-2014", "incident.kind")
    assert seeing == seers("chenzhou-2014", "incident.disability_grade"), "one of its facts says it for all"
    keys = {department: "accident-" + department.replace(".", "-")
            for department in ("dept.fp", "org.community", "dept.education", "none")}
    for department, key in keys.items():
        office.new_key(key, "--division", "431002", "--department", department, "--right", "query")
    for department, key in keys.items():
        page = office.ok("household", "show", office.household, "--json", key=key).json()
        stream = office.carectl("log", "view", "--limit", "0", "--type", "IncidentReported", "--json", key=key).lines()
        export = office.ok("household", "export", office.household, "--canonical", key=key).out
        shown = [line["kind"] for line in page["history"]].count("IncidentReported")
        assert shown == len(stream) == export.count('"IncidentReported"') == (department in seeing), department
        assert ("incident.kind" in page.get("withheld_facts", [])) == (department not in seeing), department


def test_an_operator_of_another_place_sees_and_does_nothing_about_the_family(office):
    """In no stream of any kind: also those of persons, and of who looked at whom, tell of families."""
    office.new_key("far-operator", "--division", "330302", "--right", "operate", "--right", "query")
    office.new_key("own-operator", "--division", "431002", "--right", "operate", "--right", "query")
    # Somebody looked at the family's names: that stands in an access stream.
    office.ok("household", "show", office.household, "--reveal", "矩阵测试")
    written = [office.household, *office.members]

    def seen(key):
        lines = office.ok("log", "view", "--limit", "0", "--json", key=key).lines()
        about = [line for line in lines if any(text in str(line) for text in written)]
        return {line["stream"].split("-")[0] for line in about}

    assert seen("own-operator") == {"household", "person", "access"}
    assert seen("far-operator") == set()
    for stream in (f"household-{office.household}", office.household[:8]):
        said = office.carectl("log", "view", "--stream", stream, "--limit", "0", key="far-operator")
        assert not said.out.strip(), said
    # The lists are everybody's: nobody confined to a place has them rebuilt; a family elsewhere has nothing to retry.
    for key in ("far-operator", "own-operator"):
        said = office.carectl("projection", "rebuild", key=key)
        assert said.code == 77 and "CARE-6642" in said.err, said
    before = head(office)
    for act in (("sub", "retry"), ("sub", "skip")):
        said = office.carectl(
            *act, "eligibility", office.household, "1", "--reason", "test", key="far-operator")
        assert said.code != 0, said
    assert head(office) == before
    said = office.carectl("sub", "parked", "--json", key="far-operator")
    assert not [text for text in written if text in said.out], said
