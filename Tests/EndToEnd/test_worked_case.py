"""A case of the catalogue worked by hand: amounts, days, gaps and reasons as of each day and as known at each time.

The family: wife born on 1965-09-10, husband on 1967-03-05, only child born on 1990-05-06, third-grade certificate of
2013-06-20; registered in 431002 with all four helpers on 2014-08-04. Then the record learns, one after the other:

1. nothing more: the wife turns 49 on 2014-09-10, so September 2014 is due in full, 300 yuan for each of the two;
2. a new certificate of 2015-03-15 gives grade 4: no special-hardship family from that day, March 2015 still due;
3. on 2015-10-20 it is told that the child died on 2015-07-20: a bereaved family from that day, July 2015 due;
4. the cadre leaves, 2015-11-05 is the first day without.
"""

import datetime
import os

import identity
import pytest
from contract import commands, common
from family import sealed
from offices import id_number

BORN = {"wife": "1965-09-10", "husband": "1967-03-05", "child": "1990-05-06"}
CERTIFIED, REGISTERED, FORTY_NINE = "2013-06-20", "2014-08-04", "2014-09-10"
FOURTH_GRADE, DIED, TOLD, CADRE_LEFT = "2015-03-15", "2015-07-20", "2015-10-20", "2015-11-05"
KINDS = ("department", "cadre", "party_member", "volunteer")


class Family:
    """The family's id, its people, and the moments between what the record learned."""

    def __init__(self, deployment):
        self.deployment, self.moments = deployment, []
        self._first = os.urandom(16)
        self.id = identity.household_of(self._first)
        self.wife, self.husband, self.child = (identity.person_of(self._first, place) for place in range(3))
        self.helpers = {kind: os.urandom(16) for kind in KINDS}

    @property
    def written(self):
        return identity.written(self.id)

    def tell(self, occurred_on, learned_on=None, fill=None, command_id=None):
        """Sends a command and returns its receipt's place once everything derived from it is recorded too."""
        command = commands.Command(
            command_id=command_id or os.urandom(16), household=self.id, occurred_on=identity.day(occurred_on))
        if learned_on:
            command.learned_on = identity.day(learned_on)
        fill(command)
        return self.deployment.submit(command)

    def pause(self):
        """Waits for what follows from the commands and keeps the moment: the record knew this much then."""
        self.deployment.ready(projected=True)
        last = self.page("2016-01-01")["history"][-1]["recorded_at"]
        self.moments.append(last)

    def page(self, day, known_at=None, *options):
        more = ["--known-at", known_at] if known_at else []
        return self.deployment.show(self.written, "--as-of", day, *more, *options)

    def register(self, serial=7):
        def fill(command):
            form = command.register_household
            form.household.division, form.household.area = "431002", common.AREA_URBAN
            for role, sex, person, who, word in (
                    (common.MEMBER_ROLE_WIFE, common.SEX_FEMALE, self.wife, "wife", "女"),
                    (common.MEMBER_ROLE_HUSBAND, common.SEX_MALE, self.husband, "husband", "男"),
                    (common.MEMBER_ROLE_ONLY_CHILD, common.SEX_MALE, self.child, "child", "男")):
                form.members.add(
                    role=role, sex=sex, birth_date=identity.day(BORN[who]),
                    sealed_parts=[sealed(person, name=f"试{who}", id_number=id_number(BORN[who], word, serial))])
            fact = form.facts.add(
                occurred_on=identity.day(CERTIFIED), version=1, kind=common_kind("EVENT_KIND_DISABILITY_ASSESSED"))
            fact.payload = assessed(self.child, 3).SerializeToString()

        self.tell(REGISTERED, fill=fill, command_id=self._first)
        for kind, helper in self.helpers.items():
            self.tell(REGISTERED, fill=lambda command: self._assign(command, kind, helper))

    @staticmethod
    def _assign(command, kind, helper):
        command.assign_helper.kind = kind
        command.assign_helper.helper.person = helper
        command.assign_helper.helper.unit = "某单位"
        command.assign_helper.helper.real_name_given = True
        command.assign_helper.sealed_parts.append(sealed(helper, name=f"帮{kind}", phone="14000000001"))

    def fourth_grade(self):
        self.tell(FOURTH_GRADE, fill=lambda command: command.assess_disability.CopyFrom(assessed(self.child, 4)))

    def death(self):
        def fill(command):
            command.record_death.person = self.child

        self.tell(DIED, TOLD, fill)

    def cadre_leaves(self):
        def fill(command):
            command.end_pairing.kind, command.end_pairing.reason = "cadre", "transfer"
            command.end_pairing.helper = self.helpers["cadre"]

        self.tell(CADRE_LEFT, fill=fill)


def common_kind(name):
    from contract import event_kind

    return event_kind.EventKind.Value(name)


def assessed(person, grade):
    from contract import event_class

    return event_class(common_kind("EVENT_KIND_DISABILITY_ASSESSED"), 1)(person=person, kind="physical", grade=grade)


@pytest.fixture(scope="module")
def family(shared):
    """The family after all four steps, with `moments` of what was known after each; coverage was asked in between."""
    made = Family(shared)
    made.coverage = []
    for step in (made.register, made.fourth_grade, made.death, made.cadre_leaves):
        step()
        made.pause()
        made.coverage.append({day: coverage(shared, day) for day in DAYS})
    return made


DAYS = ["2014-07-15", "2014-08-03", "2014-08-04", "2015-03-14", "2015-03-15", "2015-07-19", "2015-07-20", "2015-11-04",
        "2015-11-05"]


def coverage(deployment, day):
    """(special-hardship families, those with all helpers, what is missing since when) on a day."""
    total = deployment.ok("pairing", "coverage", "--as-of", day, "--json").json()["total"]
    missing = deployment.ok("pairing", "missing", "--as-of", day, "--json").json()["households"]
    gaps = {gap["kind"]["code"]: gap["missing_since"] for line in missing for gap in line["gaps"]}
    return total["household_count"], total["covered_count"], gaps


def status(page):
    found = page["status"]
    return found and (found["kind"], found["since"])


def supplement(page):
    """What CZ-2.1 gives on the page's day: {person: (status, fen, first day, first day no more)}."""
    lines = [line for line in page["entitlements"] if line["clause"] == "CZ-2.1"]
    return {line["subject"]["text"].split()[0]: (
        line["status"], line["amount"] and line["amount"]["fen"], line["from"], line["until"]) for line in lines}


def both(status_, fen, from_, until):
    return {"妻子": (status_, fen, from_, until), "丈夫": (status_, fen, from_, until)}


# What the record says of a day (columns) after each of the four steps (rows).
DISABLED, BEREAVED = ("disabled_child", CERTIFIED), ("bereaved", DIED)
STATUS = {
    "2013-06-19": [None, None, None, None],
    "2013-06-20": [DISABLED, DISABLED, DISABLED, DISABLED],
    "2015-03-14": [DISABLED, DISABLED, DISABLED, DISABLED],
    "2015-03-15": [DISABLED, None, None, None],
    "2015-07-19": [DISABLED, None, None, None],
    "2015-07-20": [DISABLED, None, BEREAVED, BEREAVED],
    "2016-01-01": [DISABLED, None, BEREAVED, BEREAVED],
}


@pytest.mark.parametrize("day", STATUS)
def test_status_as_of_the_day_as_known_at_each_time(family, day):
    found = [status(family.page(day, moment)) for moment in family.moments]
    assert found == STATUS[day]
    assert status(family.page(day)) == STATUS[day][-1]


YES, NO = "entitled", "not_entitled"
SUPPLEMENT = {
    "2014-09-09": [both(NO, None, "2014-07-16", FORTY_NINE)] * 4,
    "2014-09-10": [both(YES, 30000, FORTY_NINE, None)] + [both(YES, 30000, FORTY_NINE, FOURTH_GRADE)] * 3,
    "2015-03-14": [both(YES, 30000, FORTY_NINE, None)] + [both(YES, 30000, FORTY_NINE, FOURTH_GRADE)] * 3,
    "2015-03-15": [both(YES, 30000, FORTY_NINE, None), both(NO, None, FOURTH_GRADE, None)]
    + [both(NO, None, FOURTH_GRADE, DIED)] * 2,
    "2015-07-20": [both(YES, 30000, FORTY_NINE, None), both(NO, None, FOURTH_GRADE, None)]
    + [both(YES, 30000, DIED, None)] * 2,
}


@pytest.mark.parametrize("day", SUPPLEMENT)
def test_supplement_as_of_the_day_as_known_at_each_time(family, day):
    assert [supplement(family.page(day, moment)) for moment in family.moments] == SUPPLEMENT[day]


def months_through_now(first):
    year, month = map(int, first.split("-")[:2])
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    return (today.year - year) * 12 + today.month - month + 1


def test_arrears_and_over_payment(family):
    """Each person: from September 2014 on arrears; after grade 4 everything from April 2015 on was too much; the death
    brings back July 2015 and all after it. Four months, March to July without both, stay unpaid: April, May, June."""
    differences = []
    for moment in family.moments[:3]:
        lines = [line for line in family.page("2016-01-01", moment)["entitlements"] if line["clause"] == "CZ-2.1"]
        differences.append({line["difference"]["fen"] for line in lines})
    assert differences == [
        {30000 * months_through_now("2014-09")}, {-30000 * months_through_now("2015-04")},
        {30000 * months_through_now("2015-07")}]
    assert months_through_now("2015-04") - months_through_now("2015-07") == 3


def test_what_waits_for_a_decision(family):
    """The page says what all determinations together left, as `rules arrears` lists it: after grade 4 what was too much
    is taken off the arrears that nobody had paid, and the death brings it back but for three months."""
    whole = months_through_now("2014-09")
    standing = []
    for moment in family.moments[:3]:
        lines = [line for line in family.page("2016-01-01", moment)["entitlements"] if line["clause"] == "CZ-2.1"]
        standing.append({(line["standing"]["arrears"]["fen"], line["standing"]["recovery"]["fen"]) for line in lines})
    assert standing == [{(30000 * whole, 0)}, {(30000 * 7, 0)}, {(30000 * (whole - 3), 0)}]


WIFE_LATER = "妻子（单亲的为本人）2014-09-10 年满 49 周岁"
NO_CHILD = "不符合：独生子女死亡，或持有一至三级残疾证"
# Why CZ-2.1 gives nothing on the day, as known after each of the four steps; nothing to say where it gives. Where the
# definition does not hold, its own condition is said, also when a death of a later day was learned since.
REASONS = {
    "2014-09-09": [[WIFE_LATER]] * 4,
    "2014-09-10": [[]] * 4,
    "2015-03-15": [[], [NO_CHILD], [NO_CHILD], [NO_CHILD]],
    "2015-07-20": [[], [NO_CHILD], [], []],
}


@pytest.mark.parametrize("day", REASONS)
def test_why_not_as_of_the_day_as_known_at_each_time(family, day):
    found = []
    for moment in family.moments:
        lines = [line for line in family.page(day, moment)["entitlements"] if line["clause"] == "CZ-2.1"]
        assert lines[0]["reasons"] == lines[1]["reasons"]
        found.append(lines[0]["reasons"])
    assert found == REASONS[day]
    # The page of today is the page as known at the last moment, word for word.
    lines = [line for line in family.page(day)["entitlements"] if line["clause"] == "CZ-2.1"]
    assert [line["reasons"] for line in lines] == [REASONS[day][-1]] * 2


def test_the_page_says_it_to_people_too(family):
    def text(day):
        return family.deployment.ok("household", "show", family.written, "--as-of", day).out

    assert WIFE_LATER in text("2014-09-09") and "300.00" in text("2014-09-09")
    assert NO_CHILD in text("2015-04-01")
    assert "前任 帮cadre" in text("2015-11-05") and "失独" in text("2015-11-05")


COVERAGE = {
    "2014-07-15": [(0, 0, {})] * 4,
    "2014-08-03": [(1, 0, {kind: "2014-07-16" for kind in KINDS})] * 4,
    "2014-08-04": [(1, 1, {})] * 4,
    "2015-03-14": [(1, 1, {})] * 4,
    "2015-03-15": [(1, 1, {}), (0, 0, {}), (0, 0, {}), (0, 0, {})],
    "2015-07-19": [(1, 1, {}), (0, 0, {}), (0, 0, {}), (0, 0, {})],
    "2015-07-20": [(1, 1, {}), (0, 0, {}), (1, 1, {}), (1, 1, {})],
    "2015-11-04": [(1, 1, {}), (0, 0, {}), (1, 1, {}), (1, 1, {})],
    "2015-11-05": [(1, 1, {}), (0, 0, {}), (1, 1, {}), (1, 0, {"cadre": CADRE_LEFT})],
}


@pytest.mark.parametrize("day", COVERAGE)
def test_coverage_of_the_day_as_it_was_known_after_each_step(family, day):
    assert [known[day] for known in family.coverage] == COVERAGE[day]


def test_the_empty_slot_names_who_left(family):
    slots = {slot["kind"]["code"] if isinstance(slot["kind"], dict) else slot["kind"]: slot
             for slot in family.page("2015-11-05")["pairings"]}
    assert {kind for kind, slot in slots.items() if not slot["filled"]} == {"cadre"}
    assert slots["cadre"]["missing_since"] == CADRE_LEFT
    assert slots["cadre"]["last_helper"]["name"] == "帮cadre"
    assert slots["cadre"]["last_helper"]["until"] == CADRE_LEFT
    before = family.page("2015-11-05", family.moments[2])["pairings"]
    assert all(slot["filled"] for slot in before)


def test_the_death_was_learned_three_months_late(family):
    late = [line for line in family.page("2016-01-01")["history"] if line["kind"] == "PersonDied"]
    assert [(line["occurred_on"], line["learned_on"]) for line in late] == [(DIED, TOLD)]
    assert late[0]["recorded_at"][:10] > TOLD
    page = family.page("2016-01-01")
    assert page["status"]["rests_on"] == late[0]["sequence"]
    rests = next(line for line in page["entitlements"] if line["clause"] == "CZ-2.1")["facts"]
    assert late[0]["sequence"] in rests


def test_a_clerk_records_without_a_file_what_happened(shared):
    """An accident, a guardian from naming to end, the plan and a death, each with a command of its own."""
    shared.new_key("clerk-fp", "--division", "431000", "--department", "dept.fp")
    other = Family(shared)
    other.register(serial=83)

    def said(*words, code=0):
        answer = shared.carectl(*words[:2], other.written, *words[2:], key="clerk-fp")
        assert answer.code == code, answer
        return answer

    def place(*words):
        return said(*words).out.split()[1].split("-")[0]

    accident = ("incident", "report", "--kind", "accident", "--victim", "husband=disability:2", "--on", "2015-03-02")
    reported = place(*accident)
    assert "CARE-6621" in said(*accident, code=1).err, "one accident is one"
    place("case", "withdraw", reported, "--reason", "duplicate")
    assert "CARE-7278" in said("case", "withdraw", reported, "--reason", "说不清", code=64).err

    place("guardian", "name", "wife", "--name", "试亲", "--named-by", "org.community", "--relation", "relative",
          "--on", "2015-01-05")
    notarised = ("guardian", "notarise", "wife", "--certificate", "2015-7", "--scope", "surgery", "--fee-waived",
                 "--on", "2015-01-07")
    assert "CARE-1501" in said(*notarised, code=1).err, "the wife has not agreed yet"
    place("guardian", "consent", "wife", "--on", "2015-01-06")
    place(*notarised)
    assert "已公证生效" in shared.ok("household", "show", other.written, key="clerk-fp").out
    place("guardian", "end", "wife", "--reason", "replaced", "--on", "2016-01-01")
    assert "CARE-1501" in said("guardian", "consent", "wife", "--on", "2016-02-01", code=1).err, "nobody is named"

    item = place("plan", "open", "--department", "dept.fp", "--due", "2015-06-30", "--on", "2015-05-01")
    place("plan", "done", item, "--on", "2015-06-01")
    place("case", "death", "only_child", "--on", "2015-03-02")
    shared.ready(projected=True)
    assert status(other.page("2015-03-02")) == ("bereaved", "2015-03-02")
