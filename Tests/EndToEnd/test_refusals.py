"""What the record cannot take in: refused with a code, in the user's words, and nothing of it is left behind."""

import datetime
import os

import identity
import pytest

from contract import bus, commands, common, event_class, event_kind
from family import sealed
from offices import id_number, wrong_number
from recorder import check_persons, family_commands
from service import Refused


def tomorrow():
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    return (today - datetime.date(1970, 1, 1)).days + 1


def refusal_of(deployment, command, key="carectl"):
    """The refusal a command gets; it must be a refusal that says so in both languages."""
    with pytest.raises(Refused) as caught:
        deployment.submit(command, key)
    refused = commands.Refusal.FromString(caught.value.body)
    assert refused.code == caught.value.code and refused.text_en
    assert any("\u4e00" <= letter <= "\u9fff" for letter in refused.text_zh), refused
    return caught.value.status, refused


def head(deployment):
    return deployment.ok("projection", "ls", "--json").json()["head_position"]


def streams_of_people(deployment):
    """What was recorded about people; reminders come with the day, whatever a test does."""
    lines = deployment.ok("log", "view", "--category", "household", "--category", "pack", "--limit", "0", "--json").out
    return "\n".join(line for line in lines.splitlines() if '"event":"Notice' not in line)


def registration(number):
    return family_commands("refused", number)[0]


def wife(command):
    return command.register_household.members[0]


def details(member, **changes):
    content = common.PersonalDetails.FromString(member.sealed_parts[0].content)
    for key, value in changes.items():
        setattr(content, key, value)
    member.sealed_parts[0].content = content.SerializeToString()
    return content


def wrong_check_digit(command):
    details(wife(command), id_number=wrong_number(details(wife(command)).id_number))


def impossible_number(command):
    details(wife(command), id_number="431002196613310029")


def other_birth_date(command):
    wife(command).birth_date += 1


def other_sex(command):
    wife(command).sex = common.SEX_MALE


def in_the_future(command):
    command.occurred_on = tomorrow()


def before_all_records(command):
    command.occurred_on = identity.day("1800-01-01")


def died_before_birth(command):
    command.register_household.facts[0].occurred_on = identity.day("1950-01-01")


def dies_tomorrow(command):
    command.register_household.facts[0].occurred_on = tomorrow()


def nobody(command):
    del command.register_household.members[:]


def two_wives(command):
    command.register_household.members.append(wife(command))
    second = command.register_household.members[3]
    details(second, id_number=id_number(identity_date(second.birth_date), "女", 499))
    second.sealed_parts[0].subject = identity.person_of(command.command_id, 3)


def identity_date(day):
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=day)).isoformat()


def no_division(command):
    command.register_household.household.division = "999999"


def division_in_words(command):
    command.register_household.household.division = "北湖区"


def grade_nine(command):
    fact = command.register_household.facts.add(
        occurred_on=identity.day("2013-01-01"), version=1,
        kind=event_kind.EventKind.Value("EVENT_KIND_DISABILITY_ASSESSED"))
    person = identity.person_of(command.command_id, 2)
    fact.payload = event_class(fact.kind, 1)(person=person, grade=9).SerializeToString()


def unknown_fact(command):
    fact = command.register_household.facts.add(
        occurred_on=identity.day("2013-01-01"), version=1,
        kind=event_kind.EventKind.Value("EVENT_KIND_FACT_STATED"))
    payload = event_class(fact.kind, 1)(fact="household.wealth", source="form")
    payload.subject.household, payload.value.truth = True, True
    fact.payload = payload.SerializeToString()


def unknown_event(command):
    command.register_household.facts.add(occurred_on=identity.day("2013-01-01"), version=1, kind=180, payload=b"")


def later_version(command):
    command.register_household.facts[0].version = 7


def strangers_death(command):
    fact = command.register_household.facts[0]
    fact.payload = event_class(fact.kind, 1)(person=os.urandom(16)).SerializeToString()


def short_id(command):
    command.command_id = b"short"


def nothing_asked(command):
    command.ClearField("register_household")


CASES = {
    wrong_check_digit: "CARE-1307", impossible_number: "CARE-1307", other_birth_date: "CARE-1308",
    other_sex: "CARE-1308", in_the_future: "CARE-1201", before_all_records: "CARE-1202",
    died_before_birth: "CARE-1203", dies_tomorrow: "CARE-1201", nobody: "CARE-1301", two_wives: "CARE-1305",
    no_division: "CARE-1901", division_in_words: "CARE-1008", grade_nine: "CARE-1309", unknown_fact: "CARE-1401",
    unknown_event: "CARE-1002", later_version: "CARE-1003", strangers_death: "CARE-1302", short_id: "CARE-1005",
    nothing_asked: "CARE-1004",
}


@pytest.mark.parametrize("spoil", CASES, ids=lambda spoil: spoil.__name__)
def test_a_registration_that_cannot_be_is_refused_whole(shared, spoil):
    number = 1000 + list(CASES).index(spoil)
    command = registration(number)
    spoil(command)
    before = streams_of_people(shared)
    status, refused = refusal_of(shared, command) if spoil is not short_id else _short(shared, command)
    assert refused.code == CASES[spoil], refused
    assert status in (bus.STATUS_REFUSED, bus.STATUS_BAD_REQUEST, bus.STATUS_CONFLICT)
    number_text = details(registration(number).register_household.members[0]).id_number
    assert number_text not in refused.text_zh + refused.text_en + refused.detail
    assert streams_of_people(shared) == before
    # The same people can be registered at once when the form is right: no reservation is left.
    assert shared.submit(registration(number)).first_sequence == 1
    check_persons(shared)


def _short(deployment, command):
    with pytest.raises(Refused) as caught:
        deployment.client("intake").ask(bus.METHOD_SUBMIT_COMMAND, command)
    return caught.value.status, commands.Refusal.FromString(caught.value.body)


def test_a_person_is_in_one_household(shared):
    first = registration(2000)
    registered = shared.submit(first)
    again = registration(2000)
    again.command_id = os.urandom(16)
    for place, member in enumerate(again.register_household.members):
        member.sealed_parts[0].subject = identity.person_of(again.command_id, place)
    fact = again.register_household.facts[0]
    fact.payload = event_class(fact.kind, 1)(person=identity.person_of(again.command_id, 2)).SerializeToString()
    status, refused = refusal_of(shared, again)
    assert (status, refused.code) == (bus.STATUS_CONFLICT, "CARE-1304")
    assert refused.candidate_household == registered.household
    assert "household-" + identity.written(identity.household_of(again.command_id)) not in streams_of_people(shared)
    # A clerk of another place learns that it is so, but not where.
    shared.new_key("elsewhere", "--division", "431003", "--right", "command", "--right", "query")
    again.register_household.household.division = "431003"
    again.command_id = os.urandom(16)
    for place, member in enumerate(again.register_household.members):
        member.sealed_parts[0].subject = identity.person_of(again.command_id, place)
    fact.payload = event_class(fact.kind, 1)(person=identity.person_of(again.command_id, 2)).SerializeToString()
    status, refused = refusal_of(shared, again, "elsewhere")
    assert refused.code == "CARE-1304" and not refused.HasField("candidate_household")
    check_persons(shared)


def test_the_same_command_again_is_the_same_answer_and_with_other_content_refused(shared):
    command = registration(2001)
    first = shared.submit(command)
    again = shared.submit(command)
    assert again.already_recorded and not first.already_recorded
    assert (again.first_sequence, again.last_sequence, again.receipt) == (
        first.first_sequence, first.last_sequence, first.receipt)
    before = streams_of_people(shared)
    command.register_household.household.division = "431003"
    with pytest.raises(Refused) as caught:
        shared.submit(command)
    assert caught.value.code == "CARE-2002" and "编号" in str(caught.value)
    assert streams_of_people(shared) == before


def stale(registered, seen, helper):
    command = commands.Command(
        command_id=os.urandom(16), household=registered.household, occurred_on=identity.day("2015-01-05"),
        seen_sequence=seen)
    command.assign_helper.kind, command.assign_helper.helper.person = "cadre", helper
    command.assign_helper.helper.real_name_given = True
    command.assign_helper.sealed_parts.append(sealed(helper, name="试干部"))
    return command


def test_what_the_person_did_not_see_is_a_conflict(shared):
    chain = family_commands("stale", 2002)
    registered = shared.submit(chain[0])
    for command in chain[3:]:
        shared.submit(command)
    status, refused = refusal_of(shared, stale(registered, registered.last_sequence, os.urandom(16)))
    assert (status, refused.code) == (bus.STATUS_CONFLICT, "CARE-1105")
    shared.ready(projected=True)
    page = shared.show(identity.written(registered.household))
    reply = shared.submit(stale(registered, page["last_sequence"], os.urandom(16)))
    assert reply.first_sequence == page["last_sequence"] + 1
    # Determinations and notices that came in between are no reason to look again.
    seen = max(line["sequence"] for line in page["history"] if line["kind"] == "FactStated")
    assert seen < page["last_sequence"]


def test_determinations_do_not_make_a_view_stale(shared):
    registered = shared.submit(registration(2003))
    shared.ready(projected=True)
    page = shared.show(identity.written(registered.household))
    assert page["last_sequence"] > registered.last_sequence
    reply = shared.submit(stale(registered, registered.last_sequence, os.urandom(16)))
    assert reply.first_sequence == page["last_sequence"] + 1


def test_who_may_not_say_when_it_was_learned_is_told(shared):
    command = family_commands("learned", 2004, "431002")[0]
    command.learned_on = identity.day("2014-10-01")
    status, refused = refusal_of(shared, command, "clerk")
    assert refused.code == "CARE-1204"
    assert shared.submit(command).first_sequence == 1


def test_a_household_nobody_knows_is_not_there(shared):
    command = family_commands("nowhere", 2005)[1]
    status, refused = refusal_of(shared, command)
    assert (status, refused.code) == (bus.STATUS_NOT_FOUND, "CARE-1101")
