"""Rules as data at the tool: checked, tested, tried on written families; replayed, adopted and explained on recorded ones."""

import datetime
import json
import xml.etree.ElementTree as xml

import pytest
from deployment import REPOSITORY, Deployment
from offices import couple, write_roster

PACKS = REPOSITORY / "Sources/RulePacks/Packs"
CHENZHOU = PACKS / "chenzhou-2014/2014-07-16.yaml"
IDS = ("boshan-2021", "chenzhou-2014", "guiyang-2013", "wenzhou-2021", "xiamen-2017")


def beijing_today():
    """The civil day of the record, wherever and whenever the tests run."""
    return datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()


@pytest.fixture(scope="module")
def desk(tmp_path_factory, binaries):
    """carectl without any service."""
    return Deployment(tmp_path_factory.mktemp("desk"), binaries)


@pytest.fixture(scope="module")
def district(shared, tmp_path_factory):
    """Three bereaved couples; the wives are born in March 1966 and turn 49 in March 2015."""
    roster = [row for number in (1, 2, 3) for row in couple(number)]
    counts, _ = shared.import_file(write_roster(tmp_path_factory.mktemp("office") / "roster.csv", roster))
    assert counts == {"new": 3}
    shared.ready(projected=True)
    return shared


def version(path, day, *changes):
    """The Chenzhou pack from another day on, with some words changed."""
    text = CHENZHOU.read_text().replace("valid_from: 2014-07-16", f"valid_from: {day}")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)
    return path


HIGHER = ("amount: {type: exact, value: 300, unit: yuan}", "amount: {type: exact, value: 400, unit: yuan}")


# Without a service


@pytest.mark.parametrize("pack", IDS)
def test_every_pack_is_clean_and_its_scenarios_hold(desk, pack, tmp_path):
    checked = desk.ok("rules", "lint", pack, "--errors-only", "--json").json()
    assert checked["files"] >= 1 and checked["issues"] == []
    report = tmp_path / "junit.xml"
    desk.ok("rules", "test", pack, "--junit", report, timeout=120)
    suites = xml.parse(report).getroot()
    assert suites.tag == "testsuites" and suites.get("failures") == "0" and int(suites.get("tests")) > 50


def test_a_broken_pack_is_refused_with_place_and_advice(desk, tmp_path):
    file = version(tmp_path / "2014-07-16.yaml", "2014-07-16", ("household.home_care_rate * (", "household.home_care_rte * ("))
    line = file.read_text()[:file.read_text().index("home_care_rte")].count("\n") + 1
    found = desk.carectl("rules", "lint", file, "--json")
    assert found.code == 1
    [issue] = [issue for issue in found.json()["issues"] if issue["code"] == "expression.unknown_fact"]
    assert issue["line"] == line and "home_care_rte" in issue["problem"]["zh"] and issue["advice"]["en"]
    words = desk.carectl("rules", "lint", file, "--lang", "en")
    assert f":{line}:" in words.out and "has no fact" in words.out


def test_a_scenario_that_does_not_hold_fails(desk, tmp_path):
    folder = tmp_path / "chenzhou-2014"
    (folder / "scenarios").mkdir(parents=True)
    (folder / "2014-07-16.yaml").write_text(CHENZHOU.read_text())
    (folder / "scenarios/wrong.yaml").write_text("""\
pack: chenzhou-2014
scenarios:
  - id: wrong
    zh: 没有子女去世也算，这句是错的。
    kind: just_in
    clause: CZ-1.1
    household: {division: "431002"}
    persons: {wife: {role: wife, birth_date: 1970-01-01}, child: {role: only_child, birth_date: 1995-01-01}}
    expect: [{on: 2015-01-01, status: entitled}]
""")
    answer = desk.carectl("rules", "test", folder)
    assert answer.code == 1 and "✗" in answer.out and "expected entitled, found not_entitled" in answer.out


FAMILY = {
    "pack": "chenzhou-2014",
    "subjects": {
        "one": {
            "household": {"division": "431002"},
            "persons": {
                "wife": {"role": "wife", "birth_date": "1965-09-10"},
                "husband": {"role": "husband", "birth_date": "1967-01-20"},
                "child": {
                    "role": "only_child", "birth_date": "1990-05-01",
                    "death_date": [{"value": "2012-03-01", "from": "2012-03-01", "learned": "2014-10-05"}]},
            },
        },
    },
}


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_day_asked_about_is_that_of_beijing_whatever_the_machine_s_zone(desk, tmp_path, monkeypatch, zone):
    """One of the two far zones has another day than Beijing at any hour."""
    monkeypatch.setenv("TZ", zone)
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(FAMILY))
    before = beijing_today()
    said = desk.ok("rules", "try", "--pack", "chenzhou-2014", "--facts", file, "--json").json()["on"]
    assert said in (str(before), str(beijing_today()))


def trial(desk, tmp_path, facts, *options):
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(facts))
    answers = desk.ok("rules", "try", "--pack", "chenzhou-2014", "--facts", file, "--json", *options).json()
    return {(line["who"], line["clause"]): line for line in answers["answers"]}


def test_a_written_family_is_tried_on_both_axes_of_time(desk, tmp_path):
    before = trial(desk, tmp_path, FAMILY, "--on", "2014-09-09")[("wife", "CZ-2.1")]
    assert before["status"] == "not_entitled" and before["unmet"][0]["id"] == "wife_49"
    assert before["nearest"]["met_on"] == "2014-09-10" and before["right_begins"] == "2014-09-10"
    birthday = trial(desk, tmp_path, FAMILY, "--on", "2014-09-10")[("husband", "CZ-2.1")]
    assert birthday["status"] == "entitled" and birthday["amount_fen"] == 30000
    assert birthday["due"] == {
        "month": "2014-09", "first_day": "2014-09-10", "status": "entitled", "amount_fen": 30000, "hours": None,
        "payers": [{"payer": "finance", "parts": 1, "amount_fen": 30000}]}
    assert birthday["payers"] == [{"payer": "finance", "parts": 1, "amount_fen": 30000}]
    # The death was learned on 5 October: by what was known the day before there was no right.
    ignorant = trial(desk, tmp_path, FAMILY, "--on", "2014-09-10", "--learned-by", "2014-10-04")[("wife", "CZ-2.1")]
    assert ignorant["status"] == "not_entitled"
    outside = trial(desk, tmp_path, FAMILY, "--on", "2014-09-10", "--clause", "cz-2.10d")
    assert {who: line["unmet"][0]["id"] for (who, _), line in outside.items()} == {
        "wife": "who", "husband": "who", "child": "who"}
    months = trial(desk, tmp_path, FAMILY, "--from", "2014-08-01", "--to", "2014-12-31")[("wife", "CZ-2.1")]["dues"]
    assert [due["month"] for due in months] == ["2014-09", "2014-10", "2014-11", "2014-12"]


def test_the_answers_and_sums_of_a_stretch_are_told_in_words_too(desk, tmp_path):
    """Wife and husband have 300 a month from the wife's birthday on: no right before, four months each after."""
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(FAMILY))
    said = desk.ok(
        "rules", "try", "--pack", "chenzhou-2014", "--facts", file, "--clause", "CZ-2.1", "--from", "2014-08-01", "--to",
        "2014-12-31").out
    lines = [line.split() for line in said.splitlines()]
    assert ["one", "wife", "CZ-2.1", "2014-08-01", "2014-09-09", "不享受"] in lines, said
    assert ["one", "wife", "CZ-2.1", "2014-09-10", "2014-12-31", "享受", "300.00"] in lines, said
    dues = [words for words in lines if words[:3] == ["one", "wife", "CZ-2.1"] and len(words) > 4 and words[4] == "300.00"]
    assert [words[3] for words in dues] == ["2014-09", "2014-10", "2014-11", "2014-12"], said
    assert "应发合计 2400.00 元" in said


def test_a_computed_sum_is_told_step_by_step(desk, tmp_path):
    """The reduced city share: score, ratio, sum; below 90 points it is paid by one clause alone."""
    file = tmp_path / "facts.yaml"
    file.write_text('subjects: {s: {unit: {division: "330302", confirmed_cost: 305500, score: 85}}}\n')
    command = ("rules", "try", "--pack", "wenzhou-2021", "--facts", file, "--on", "2021-12-20")
    lines = {line["clause"]: line for line in desk.ok(*command, "--json").json()["answers"]}
    steps = [step["zh"] for step in lines["WZ-A3.5b"]["steps"]]
    assert "按比例的市级补助：确认的活动经费 305500.00 元 × 45% = 137475.00 元" in steps
    assert lines["WZ-A3.5b"]["payers"] == [{"payer": "city", "parts": 1, "amount_fen": 13_747_500}]
    assert lines["WZ-4.2"]["status"] == "not_entitled" and lines["WZ-4.2"]["unmet"][0]["id"] == "full_share"
    words = desk.ok(*command, "--clause", "WZ-A3.5b", "--lang", "en").out
    assert "305500.00 yuan × 45% = 137475.00 yuan" in words


def test_a_slip_of_the_hand_in_a_parameter_is_named(desk, tmp_path):
    file = tmp_path / "facts.yaml"
    file.write_text("""\
subjects: {}
parameters:
  - {id: wz.municipal_budgt, keys: ["330302"], value: 1, from: 2021-01-01}
  - {id: wz.municipal_budget, keys: [lucheng], value: 1, from: 2021-01-01}
  - {id: wz.municipal_budget, keys: ["330302"], value: -1, from: 2021-01-01}
  - {id: wz.municipal_budget, keys: ["330302"], value: 1, unit: fen, from: 2021-01-01}
  - {id: wz.public_notice_days, value: 99999, from: 2021-01-01}
""")
    said = desk.carectl("rules", "try", "--pack", "wenzhou-2021", "--facts", file, "--on", "2021-12-20")
    assert said.code == 65, said
    for line, code in enumerate(
            ("scenario.unknown_parameter", "pack.parameter_keys", "scenario.negative", "scenario.unit", "scenario.range"), 3):
        assert any(f"facts.yaml:{line}:" in text and code in text for text in said.err.splitlines()), (line, said.err)


def test_a_day_before_the_document_is_answered_with_the_day_it_takes_effect(desk, tmp_path):
    early = trial(desk, tmp_path, FAMILY, "--on", "2014-07-15", "--clause", "CZ-2.1")[("wife", "CZ-2.1")]
    assert early["status"] == "not_entitled" and early["amount_fen"] is None
    assert [line["id"] for line in early["unmet"]] == ["not_in_force"] and "2014-07-16" in early["unmet"][0]["zh"]


def test_a_clause_brings_its_parts_along(desk, tmp_path):
    """The town of item 1 beside its village; the indexed grant is split to the fen."""
    file = tmp_path / "facts.yaml"
    file.write_text("""\
parameters: [{id: gy.bereavement_grant, value: 26157.39, from: 2014-01-01}]
subjects:
  town: {unit: {division: "520121", multi_child_births_outside_policy: 0, good_fp_work: true}}
  family:
    household: {division: "520121", area: rural}
    persons: {wife: {birth_date: 1970-01-01}, child: {role: only_child, death_date: 2014-03-10}}
""")
    command = ("rules", "try", "--pack", "guiyang-2013", "--facts", file, "--on", "2014-05-01", "--json", "--clause")
    [town] = desk.ok(*command, "GY-3.1").json()["answers"]
    assert town["clause"] == "GY-3.1.township" and town["status"] == "entitled"
    [grant] = desk.ok(*command, "GY-3.12a").json()["answers"]
    assert {part["payer"]: part["amount_fen"] for part in grant["payers"]} == {
        "city": 1_307_870, "district": 1_307_869, "province": 3_000_000}
    reads = desk.ok("rules", "facts", "guiyang-2013", "--clause", "gy-3.12a", "--json").json()
    assert "person.death_date" in {fact["id"] for fact in reads["facts"]}
    assert {parameter["id"] for parameter in reads["parameters"]} == {"gy.bereavement_grant"}


def test_clauses_that_no_facts_answer_are_shown_with_owner_and_deadline(desk, tmp_path):
    file = tmp_path / "facts.yaml"
    file.write_text("readings: {mid_month_words: before_the_11th}\nsubjects: {}\n")

    def declared(day, clause):
        answer = desk.ok(
            "rules", "try", "--pack", "boshan-2021", "--facts", file, "--on", day, "--clause", clause, "--json").json()
        assert answer["answers"] == []
        [line] = answer["declared"]
        return line

    report = declared("2021-11-25", "BS-4.6a")
    assert report["owner"] == "org.community" and report["pieces"] == [5, 10] and report["evidence"]["zh"]
    assert report["deadlines"] == [{"warn_from": "2021-11-20", "last_day": "2021-11-25", "state": "warned"}]
    assert declared("2021-11-26", "BS-4.6a")["deadlines"][0]["state"] == "past"
    # The reading moves the middle of October to the tenth.
    assert declared("2021-10-11", "BS-4.4")["deadlines"] == [
        {"warn_from": "2021-10-01", "last_day": "2021-10-10", "state": "past"}]


def test_mistakes_in_a_facts_file_are_named(desk, tmp_path):
    file = tmp_path / "facts.yaml"
    file.write_text("subjects:\n  one:\n    household: {divison: '431002', dibao: maybe}\n")
    answer = desk.carectl("rules", "try", "--pack", "chenzhou-2014", "--facts", file, "--on", "2015-01-01")
    assert answer.code == 65 and "household.divison" in answer.err and "facts.yaml:3:" in answer.err, answer
    assert "household.dibao" in answer.err
    missing = desk.carectl("rules", "lint", "--packs", tmp_path / "nowhere")
    assert missing.code == 64 and "CARE-6173" in missing.err, missing
    unwritable = desk.carectl("rules", "test", "xiamen-2017", "--junit", tmp_path / "nowhere/report.xml")
    assert unwritable.code == 64 and "CARE-6189" in unwritable.err, unwritable
    unknown = desk.carectl("rules", "try", "--pack", "changsha-2014", "--facts", file)
    assert unknown.code == 64 and "chenzhou-2014@2014-07-16" in unknown.err


def test_an_index_proposes_new_standards_with_its_sheet(desk, tmp_path):
    """The worked example of the catalogue: 30.7869 % in 2015 triggers, although the yearly rates add up to 28 %."""
    levels = {2011: "10000", 2012: "11000", 2013: "11990", 2014: "12949.2", 2015: "13078.69"}
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({
        "subjects": {"city": {"city": {}}},
        "parameters": [
            {"id": "gy.index_series", "keys": ["all"], "value": level, "from": f"{year}-01-01", "until": f"{year + 1}-01-01"}
            for year, level in levels.items()]}))
    answer = desk.ok("rules", "try", "--pack", "guiyang-2013", "--facts", file, "--on", "2016-01-01", "--json").json()
    [sheet] = [line for line in answer["adjustments"] if line["clause"] == "GY-3.0" and line["series"] == "all"]
    assert [line["triggers"] for line in sheet["sheet"]] == [False, False, False, True]
    [proposal] = sheet["proposals"]
    after = {change["before_fen"]: change["after_fen"] for change in proposal["changes"]}
    assert after[50_000] == 65_393 and after[100_000] == 130_787 and after[500_000] == 653_935
    assert after[2_000_000] == 2_615_738 and proposal["base_year"] == 2011


def test_two_versions_are_compared(desk, tmp_path):
    higher = version(tmp_path / "2016-01-01.yaml", "2016-01-01", HIGHER)
    answer = desk.carectl("rules", "diff", "chenzhou-2014@2014-07-16", higher, "--json")
    assert answer.code == 1
    assert [(change["part"], change["id"], change["field"]) for change in answer.json()] == [
        ("pack", "chenzhou-2014", "valid_from"), ("rule", "CZ-2.1", "amount")]
    same = desk.carectl("rules", "diff", "chenzhou-2014@2014-07-16", CHENZHOU)
    assert same.code == 0 and not same.out


def test_the_vocabulary_and_the_schema_can_be_printed(desk):
    facts = desk.ok("rules", "facts", "wenzhou-2021", "--json").json()
    assert {fact["nature"] for fact in facts["facts"]} == {"certified", "event", "plain"}
    assert any(reading["id"] == "reduction_mode" for reading in facts["readings"])
    codes = desk.ok("rules", "facts", "chenzhou-2014", "--json").json()["codes"]
    assert [word["code"] for word in codes["pairing_kinds"]] == ["department", "cadre", "party_member", "volunteer"]
    assert set(codes) == {"sources", "pairing_kinds", "visit_kinds", "visit_forms", "needs", "holidays"}
    table = desk.ok("rules", "facts", "chenzhou-2014").out
    assert all(word["code"] in table for words in codes.values() for word in words)
    schema = desk.ok("rules", "schema").json()
    assert schema["properties"]["rules"] and schema["$defs"]["rule"]


# On recorded families


def test_a_candidate_is_replayed_and_nothing_is_written(district, tmp_path):
    higher = version(tmp_path / "2016-01-01.yaml", "2016-01-01", HIGHER)
    head = district.ok("projection", "ls", "--json").json()["head_position"]
    answer = district.carectl(
        "rules", "replay", "--pack", higher, "--from", "2016-01-01", "--to", "2016-12-31", "--output", "json")
    assert answer.code == 1, answer
    report = answer.json()
    # Two spouses in each of three families, twelve months of 100 yuan each, all of them past.
    assert report["totals"]["households"] == 3 and report["totals"]["affected"] == 3
    assert report["totals"]["all"]["arrears_fen"] == 3 * 2 * 12 * 100 * 100
    assert report["totals"]["by_payer_fen"] == {"finance": 3 * 2 * 12 * 100 * 100}
    right = report["households"][0]["rights"][0]
    assert right["change"] == "changed" and right["causes"][0]["field"] == "amount"
    assert (right["standing_before_fen"], right["standing_after_fen"]) == (30000, 40000)
    # The same sum, but left to people: nothing of it is over-paid before somebody decides.
    floor = version(tmp_path / "floor.yaml", "2016-01-01", (HIGHER[0], HIGHER[0].replace("exact", "floor")))
    left = district.carectl(
        "rules", "replay", "--pack", floor, "--from", "2016-01-01", "--to", "2016-12-31", "--output", "json").json()
    sums = {name: left["totals"]["all"][name] for name in ("arrears_fen", "overpayment_fen", "undecided_fen", "later_fen")}
    assert set(sums.values()) == {0} and left["totals"]["by_payer_fen"] == {}, left["totals"]
    assert left["totals"]["all"]["awaiting_decision_fen"] == 3 * 2 * 12 * 300 * 100
    assert left["totals"]["all"]["awaiting_decision"] == 6 and left["totals"]["all"]["lost"] == 0
    assert {right["change"] for home in left["households"] for right in home["rights"]} == {"awaiting_decision"}
    lines = district.carectl("rules", "replay", "--pack", higher, "--from", "2016-01-01", "--output", "ndjson")
    assert len(lines.lines()) == 3
    elsewhere = district.ok("rules", "replay", "--pack", higher, "--from", "2016-01-01", "--division", "431003")
    assert not elsewhere.out
    assert district.ok("projection", "ls", "--json").json()["head_position"] == head


def test_the_coming_months_are_forecast(district):
    months = 3
    forecast = district.ok("rules", "forecast", "--months", months, "--json").json()
    assert forecast["households"] == 3
    due = {line["month"]: line["due_fen"] for line in forecast["budget"] if line["payer"] == "finance"}
    assert len(due) == months and min(due.values()) >= 3 * 2 * 30000


def test_every_answer_is_explained_by_the_rules_of_its_day(district):
    household = district.households("--number", "CZ-0001")[0]["household"]
    early = district.ok("household", "why", household, "CZ-2.1", "--on", "2015-03-01").out
    assert "2015-03-02 年满 49 周岁" in early and "郴政办发〔2014〕25号" in early and "300元" in early
    english = district.ok("household", "why", household, "CZ-2.1", "--on", "2016-01-01", "--lang", "en").out
    assert "300.00" in english and "chenzhou-2014" in english and "event" in english
    nothing = district.carectl("household", "why", household, "CZ-2.1", "--on", "2010-01-01")
    assert nothing.code == 1 and not nothing.out and "CARE-7249" in nothing.err and "chenzhou-2014 2014-07-16" in nothing.err
    unknown = district.carectl("household", "why", household, "CZ-9.9", "--on", "2016-01-01")
    assert unknown.code == 1 and "CARE-7248" in unknown.err and "没有这一条" in unknown.err
    # Before the document was published, or out, nobody knew the clause: that is said, and from when on it is known.
    for basis, known_at, since in (("recorded", "2000-01-01", "发布的"), ("learned", "2014-01-01", "印发的")):
        when = ("--on", "2016-01-01", "--known-at", known_at, "--basis", basis)
        early = district.carectl("household", "why", household, "CZ-2.1", *when)
        assert early.code == 1 and "CARE-3125" in early.err and "chenzhou-2014@" in early.err and since in early.err, early
        table = district.carectl("household", "why", household, "--all", *when)
        assert table.code == 1 and "还没有政策文件" in table.err and since in table.err, table


def test_a_version_that_cannot_be_worked_out_takes_nothing_away(district, tmp_path):
    sequences = {line["household"]: line["last_sequence"] for line in district.households()}
    versions = district.ok("rules", "ls", "--json").json()
    # Sixty within sixty within sixty: one and a half million steps for each person and day.
    ones = "[" + ",".join(["1"] * 60) + "]"
    bomb = version(
        tmp_path / "2016-02-01.yaml", "2016-02-01",
        ("household.has_wife ? members.exists(m, m.role == 'wife' && m.alive && care.age(m) >= 49) : care.age(subject) >= 49",
         f"{ones}.all(a, {ones}.all(b, {ones}.all(c, a + b + c > 0)))"))
    checked = district.carectl("rules", "lint", bomb, "--json")
    assert checked.code == 1 and [issue["code"] for issue in checked.json()["issues"]] == ["expression.too_costly"]
    for command in (("replay", "--pack", bomb, "--from", "2016-02-01"), ("adopt", bomb, "--yes")):
        refused = district.carectl("rules", *command)
        assert refused.code == 65 and "expression.too_costly" in refused.err, refused
    # A sum below zero is an error of the rule, found only when it is worked out.
    failing = version(
        tmp_path / "2016-01-01.yaml", "2016-01-01",
        (HIGHER[0], 'amount: {type: exact, expr: "household.special_hardship_family ? care.yuan(300) - care.yuan(500) : '
                    'care.yuan(300)"}'))
    for source in ((), ("--from-log",)):
        report = district.carectl(
            "rules", "replay", "--pack", failing, "--from", "2016-01-01", "--output", "json", *source)
        assert report.json()["totals"]["failed"] == 6 and "规则出错" in report.err, report
        [why] = report.json()["failures"]
        assert why["clause"] == "CZ-2.1" and why["day"] == "2016-01-01", why
        assert [part["why"]["zh"] for part in why["parts"]] == ["得出 -200.00 元，小于零"], why
        assert "金额算不出" in report.err and "请告知规则包的维护人" in report.err, report
    refused = district.carectl("rules", "adopt", failing, "--yes", timeout=120)
    assert refused.code == 1 and "CARE-6194" in refused.err and "CZ-2.1" in refused.err and not refused.out, refused
    assert "小于零" in refused.err, refused
    assert {line["household"]: line["last_sequence"] for line in district.households()} == sequences
    assert district.ok("rules", "ls", "--json").json() == versions


def test_an_adopted_version_revises_everybody_once(district, tmp_path):
    higher = version(tmp_path / "2016-01-01.yaml", "2016-01-01", HIGHER)
    refused = district.carectl("rules", "adopt", higher)
    assert refused.code == 64 and "--yes" in refused.err
    district.ok("rules", "adopt", higher, "--yes", timeout=120)
    district.ready(projected=True)
    household = district.households("--number", "CZ-0002")[0]["household"]
    page = district.show(household, "--as-of", "2016-02-01")
    lines = [line for line in page["entitlements"] if line["clause"] == "CZ-2.1"]
    assert [line["amount"]["fen"] for line in lines] == [40000, 40000]
    assert all(line["pack_version"] == "chenzhou-2014@2016-01-01" for line in lines)
    earlier = district.show(household, "--as-of", "2015-12-31")
    assert {line["amount"]["fen"] for line in earlier["entitlements"] if line["clause"] == "CZ-2.1"} == {30000}
    sequences = {line["household"]: line["last_sequence"] for line in district.households()}
    again = district.ok("rules", "adopt", higher, "--yes")
    assert "已采用过" in again.err and not again.out
    district.ready(projected=True)
    assert {line["household"]: line["last_sequence"] for line in district.households()} == sequences
    # Why about a month before the change answers with the rule of that month.
    old = district.ok("household", "why", household, "CZ-2.1", "--on", "2015-12-31").out
    assert "2014-07-16" in old and "300.00" in old
    today = beijing_today().isoformat()
    assert "400.00" in district.ok("household", "why", household, "CZ-2.1", "--on", today).out


def test_a_version_for_new_cases_leaves_running_rights_alone(district, tmp_path):
    """Everybody has held the right since 2015, so a version for new cases changes nobody; the answer says which version judges."""
    lower = version(tmp_path / "2018-01-01.yaml", "2018-01-01", (HIGHER[0], HIGHER[0].replace("300", "250")))
    candidate = ("rules", "replay", "--pack", lower, "--from", "2018-01-01", "--output", "json")
    assert district.carectl(*candidate).json()["totals"]["affected"] == 3
    spared = district.ok(*candidate, "--transition", "new_cases").json()
    assert spared["totals"]["affected"] == 0 and spared["transition"] == "new_cases"
    unnamed = district.carectl("rules", "adopt", lower, "--from", "2014-01-01", "--yes")
    assert unnamed.code == 64 and "CARE-6190" in unnamed.err and "--transition retroactive" in unnamed.err, unnamed
    sequences = {line["household"]: line["last_sequence"] for line in district.households()}
    district.ok("rules", "adopt", lower, "--yes", "--transition", "new_cases", timeout=120)
    district.ready(projected=True)
    assert {line["household"]: line["last_sequence"] for line in district.households()} == sequences
    other = district.carectl("rules", "adopt", lower, "--yes")
    assert other.code != 0 and "CARE-6185" in other.err, other
    [listed] = [pack for pack in district.ok("rules", "ls", "--json").json()["packs"] if pack["effective_from"] == "2018-01-01"]
    assert listed["transition"] == "new_cases"
    household = district.households("--number", "CZ-0001")[0]["household"]
    why = district.ok("household", "why", household, "CZ-2.1", "--on", "2019-01-01").out
    assert "过渡：2018-01-01 起施行的版本只适用于新个案" in why and "2016-01-01" in why


def test_arrears_stand_in_a_list_for_people(district, tmp_path):
    """Every month since 2016 that began by today is 100 yuan more for two spouses in each of three families."""
    today = beijing_today()
    months = (today.year - 2016) * 12 + today.month
    adopted = district.ok("rules", "arrears", "--adoption", "chenzhou-2014@2016-01-01", "--json").json()
    assert adopted["total"] == 6 and adopted["recoveries_fen"] == 0
    assert adopted["arrears_fen"] == 6 * months * 10000
    line = adopted["entries"][0]
    assert line["cause"] == {"kind": "adoption", "pack": "chenzhou-2014", "version_from": "2016-01-01", "parameter": None}
    assert (line["clause"], line["kind"], line["months"], line["first_month"]) == ("CZ-2.1", "arrears", months, "2016-01")
    assert line["department"]["code"] and line["since"] == today.isoformat()
    assert district.ok("rules", "arrears", "--kind", "recovery", "--json").json()["total"] == 0
    assert district.ok("rules", "arrears", "--division", "431003", "--json").json()["total"] == 0
    everything = district.ok("rules", "arrears", "--pack", "chenzhou-2014", "--json").json()
    assert {entry["cause"]["kind"] for entry in everything["entries"]} == {"adoption", "fact"}
    table = district.ok("rules", "arrears", "--adoption", "chenzhou-2014@2016-01-01", "--csv").out
    assert table.count("采用 chenzhou-2014@2016-01-01") == 6
    wrong = district.carectl("rules", "arrears", "--adoption", "chenzhou-2014")
    assert wrong.code == 64 and "CARE-6191" in wrong.err, wrong
    district.ok("projection", "rebuild")
    district.ready(projected=True)
    assert district.ok("rules", "arrears", "--adoption", "chenzhou-2014@2016-01-01", "--json").json() == adopted


def test_an_adoption_is_taken_back_by_adopting_the_earlier_version_again(district, tmp_path):
    """What was replaced counts again, why answers with it, and the list says which version was replaced by which."""
    higher = version(tmp_path / "2016-01-01.yaml", "2016-01-01", HIGHER)
    slip = version(tmp_path / "slip.yaml", "2016-01-01", (HIGHER[0], HIGHER[0].replace("300", "450")))
    household = district.households("--number", "CZ-0002")[0]["household"]

    def told():
        return district.ok("household", "why", household, "CZ-2.1", "--on", "2016-02-01").out

    def standing():
        packs = district.ok("rules", "ls", "--json").json()["packs"]
        return [(pack["hash"], pack["counts"], pack["replaced_by"]) for pack in packs if pack["effective_from"] == "2016-01-01"]

    [(first, counts, _)] = standing()
    assert counts and "400.00" in told()
    published = district.carectl("rules", "publish", slip)
    assert published.code == 1 and "CARE-6192" in published.err, published
    adopted = district.ok("rules", "adopt", slip, "--yes", timeout=120)
    assert "取代 chenzhou-2014@2016-01-01" in adopted.err
    district.ready(projected=True)
    assert "450.00" in told()
    second = standing()[1][0]
    assert standing() == [(first, False, second), (second, True, None)]
    again = district.carectl("rules", "publish", higher)
    assert again.code == 1 and "CARE-6192" in again.err and "曾发布" in again.err, again
    district.ok("rules", "adopt", higher, "--yes", timeout=120)
    district.ready(projected=True)
    assert "400.00" in told()
    assert standing() == [(first, False, second), (second, False, first), (first, True, None)]
    assert "已被" in district.ok("rules", "ls").out
