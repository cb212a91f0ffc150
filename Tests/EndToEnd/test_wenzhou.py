"""Wenzhou's year with carectl alone: guidance numbers, applications, grants, payment, evaluation, settlement."""

import csv
import io
import json

import pytest
from offices import couple, write_roster

LUCHENG, LONGWAN = "330302", "330303"
YEAR = ("--year", "2021")
QUOTAS = """record_type,unit_code,unit_zh,健康促进,关怀救助,助学高中,助学大学,关注三留守,致富发展,city_share,unit_share
unit,wz.lucheng,鹿城区,35,30,15,15,2,0,1,1
unit,wz.longwan,龙湾区,25,20,20,20,10,0,2,8
unit,wz.ouhai,瓯海区,55,15,20,25,10,0,2,8
unit,wz.zhenan_edz,浙南产业集聚区 (经济开发区),15,5,10,15,5,0,2,8
unit,wz.dongtou,洞头区,23,10,10,14,9,0,0,1
unit,wz.yueqing,乐清市,40,50,20,30,37,10,0,1
unit,wz.ruian,瑞安市,30,29,29,30,20,0,0,1
unit,wz.yongjia,永嘉县,30,30,50,50,92,7,0,1
unit,wz.wencheng,文成县,30,,20,20,80,0,0,1
unit,wz.pingyang,平阳县,15,12,15,11,25,0,0,1
unit,wz.taishun,泰顺县,30,0,0,0,30,0,0,1
unit,wz.cangnan,苍南县,55,45,22,19,26,0,0,1
unit,wz.longgang,龙港市,10,10,2,3,3,0,0,1
printed_total,,合计,393,256,233,252,349,17,,
"""
PARTS = ("WZ-A3.2a", "WZ-A3.2b", "WZ-A3.2c", "WZ-A3.2d", "WZ-A3.2e")


@pytest.fixture(scope="module")
def city(shared):
    """The city, two districts, and those who close and pay batches; families in both districts."""
    shared.ok("rules", "publish", "wenzhou-2021")
    shared.ok(
        "rules", "set-parameter", "wenzhou-2021", "wz.public_notice_days", "5", "--from", "2021-01-01", "--source", "市级通知")
    rights = ("--right", "command", "--right", "query")
    for name, division, department in (
            ("city", "330300", "dept.health_commission"), ("lucheng", LUCHENG, "dept.health_commission"),
            ("longwan", LONGWAN, "dept.health_commission"), ("fund", "330300", "dept.finance"),
            ("payer", "330300", "dept.finance"), ("evaluator", "330300", "dept.fp_association")):
        shared.new_key(name, "--division", division, "--department", department, *rights)
    shared.new_key("typist", "--division", "330300", "--department", "dept.health_commission", *rights, "--right",
                   "import-history")
    rows = [row for number in range(6) for row in couple(41 + number, 区划代码=LUCHENG + "001")]
    shared.import_file(write_roster(shared.folder / "wenzhou.csv", rows))
    shared.ready(projected=True)
    return shared


@pytest.fixture(scope="module")
def homes(city):
    """Six families in need, in the order of their rosters; the last three live in the other district."""
    found = {}
    for line in city.households():
        page = city.show(line["household"])
        found[page["archive_number"]] = page
    pages = [found[f"CZ-{41 + number:04d}"] for number in range(6)]
    ids = [page["household"] for page in pages]
    facts = []
    for number, page in enumerate(pages):
        wife = next(member["person"] for member in page["members"] if member["role"] == "wife")
        for fact in ("household.fp_hardship", "household.health_need", "household.special_family"):
            facts.append({"command": "state_fact", "household": ids[number], "occurred_on": "2021-01-05", "fact": fact,
                          "value": True, "source": "certificate"})
        facts.append({"command": "state_fact", "household": ids[number], "occurred_on": "2021-01-05", "person": wife,
                      "fact": "person.account_ref", "value": {"reference": f"acc-{number}"}, "source": "form"})
    for home in ids[3:]:
        facts.append({"command": "move_household", "household": home, "occurred_on": "2021-02-01", "kind": "residence",
                      "division": LONGWAN + "002"})
    tell(city, *facts)
    return ids


def tell(city, *commands, key="carectl"):
    file = city.folder / "told.ndjson"
    file.write_text("".join(json.dumps(command) + "\n" for command in commands), encoding="utf-8")
    city.import_file(file, "--key", key)
    city.ready(projected=True)


def refused(city, code, *words, key):
    said = city.carectl(*words, key=key)
    assert said.code != 0 and f"CARE-{code}" in said.err, said
    return said


def apply(city, home, clause):
    """An application from the declaration to the confirmation, by people of the district."""
    papers = [word for paper in ("application_form", "certificates") for word in ("--paper", paper)]
    city.ok("apply", "submit", home, clause, *papers, "--on", "2021-06-01")
    number = city.ok("apply", "show", home, "--json").json()["applications"][-1]["application"]
    sheet = ("--paper", "notice_sheet")
    for act, day, *paper in (
            ("forward", "2021-06-02"), ("notice", "2021-06-03"), ("forward", "2021-06-09", *sheet), ("confirm", "2021-06-09")):
        city.ok("apply", act, home, number, *paper, "--on", day, key="typist")


def give(home, clause, *options, unit=LUCHENG, on="2021-06-15"):
    return ("grant", "give", home, clause, "--unit", unit, *YEAR, "--on", on, *options)


def cell(city, unit, clause):
    page = city.ok("quota", "show", *YEAR, "--unit", unit, "--json", key="city").json()
    return next(cell for cell in page["units"][0]["cells"] if cell["clause"] == clause)


def test_guidance_numbers(city):
    file = city.folder / "quotas.csv"
    file.write_text(QUOTAS.replace("393,256,233", "393,257,233"), encoding="utf-8")
    said = refused(city, 6433, "quota", "import", file, *YEAR, key="city")
    assert "第 15 行" in said.err and "第 5 列" in said.err and "256" in said.err
    assert city.ok("quota", "show", *YEAR, "--json", key="city").json()["places"] == 0, "nothing of a wrong table counts"
    file.write_text(QUOTAS, encoding="utf-8")
    assert "1500" in city.ok("quota", "import", file, *YEAR, "--source", "温卫发〔2021〕42号 附件1", key="city").err
    assert "本次登记 0" in city.ok("quota", "import", file, *YEAR, key="city").err, "again changes nothing"
    page = city.ok("quota", "show", *YEAR, "--json", key="city").json()
    assert (page["places"], page["full_cost_fen"], page["full_share_fen"]) == (1500, 422_600_000, 31_875_000)
    assert len(page["units"]) == 13 and page["is_cap"] is False
    own = city.ok("quota", "show", *YEAR, "--json", key="longwan").json()["units"]
    assert [unit["division"] for unit in own] == [LONGWAN]
    refused(city, 6419, "quota", "set", "WZ-3.1", "36", "--unit", LUCHENG, *YEAR, key="city")
    city.ok("quota", "set", "WZ-3.5", "1", "--unit", LUCHENG, *YEAR, "--reason", "city_transfer", key="city")
    city.ok("quota", "set", "WZ-3.5", "0", "--unit", LUCHENG, *YEAR, "--reason", "city_transfer", key="city")
    refused(city, 1106, "quota", "set", "WZ-3.1", "36", "--unit", LUCHENG, *YEAR, "--reason", "x", key="longwan")
    own = ("--unit", LUCHENG, *YEAR, "--reason", "own_wish")
    said = refused(city, 6423, "quota", "set", "WZ-3.1", "99", *own, key="lucheng")
    assert "上一级" in said.err and "WZ-A1" in said.err, "a unit does not set what it is measured by"
    refused(city, 6423, "settle", "budget", "999999", *own, key="lucheng")
    refused(city, 6423, "settle", "advance", "999999", *own, key="lucheng")
    refused(city, 6423, "settle", "score", "WZ-A3.2a", "20", "--evidence", "x", *own, key="lucheng")
    refused(city, 6423, "settle", "compute", "--unit", LUCHENG, *YEAR, key="lucheng")
    survey = ("survey", "state", "WZ-A3.2e", "--pack", "wenzhou-2021", "--division", LUCHENG, "--measure", "satisfaction",
              "--period", "2021", "--asked", "100", "--answered", "100", "--positive", "95", "--on", "2021-11-20")
    refused(city, 6423, *survey, key="lucheng")
    city.ok(*survey, key="city")
    refused(city, 6430, "quota", "show", "--year", "2030", key="city")
    shown = city.ok("quota", "show", *YEAR, key="city").out
    assert "鹿城区" in shown and "35/35" in shown and "1500/1500" in shown


def test_from_application_to_grant(city, homes):
    home = homes[0]
    refused(city, 6408, *give(home, "WZ-3.1"), key="lucheng")
    apply(city, home, "WZ-3.1")
    refused(city, 6404, *give(home, "WZ-3.1", "--amount", "3200"), key="lucheng")
    refused(city, 6414, *give(home, "WZ-3.1", unit="330382"), key="city")
    for day in ("2021-06-08", "2021-05-31"):
        assert "2021-06-09" in refused(city, 1470, *give(home, "WZ-3.1", on=day), key="lucheng").err
    grant = city.ok(*give(home, "WZ-3.1"), key="lucheng").out.strip()
    again = city.ok(*give(home, "WZ-3.1", on="2021-06-15"), key="lucheng")
    assert again.out.strip() == grant and "此前已资助" in again.err
    assert (cell(city, LUCHENG, "WZ-3.1")["left"], cell(city, LUCHENG, "WZ-3.1")["confirmed"]) == (34, 1)
    apply(city, home, "WZ-3.2")
    said = refused(city, 6405, *give(home, "WZ-3.2"), key="lucheng")
    assert "WZ-3.8" in said.err and "WZ-3.1" in said.err and "健康促进" in said.err, "it names what stands"
    assert cell(city, LUCHENG, "WZ-3.2")["left"] == 30
    # Taken back, once; then the other project may be granted.
    for act, day in (("release", "2021-06-14"), ("expire", "2021-06-14")):
        said = refused(city, 1203, "grant", act, grant, "--reason", "x", "--on", day, key="lucheng")
        assert "2021-06-15" in said.err, "no grant ends before it was given"
    city.ok("grant", "release", grant[:8], "--reason", "other_project", "--on", "2021-06-20", key="lucheng")
    twice = refused(city, 6410, "grant", "release", grant, "--reason", "other_project", key="lucheng")
    assert "已取消" in twice.err
    refused(city, 6435, "grant", "release", grant, "--reason", "x", key="longwan")
    city.ready(projected=True)
    city.ok(*give(home, "WZ-3.2", on="2021-06-21"), key="lucheng")
    listed = city.ok("grant", "list", *YEAR, "--json", key="lucheng").json()["grants"]
    assert [(line["clause"], line["state"]) for line in listed] == [("WZ-3.1", "released"), ("WZ-3.2", "confirmed")]
    assert city.ok("grant", "list", "--json", key="longwan").json()["grants"] == []


def test_a_person_is_named_by_role_as_well_as_by_id(city, homes):
    home = homes[1]
    child = next(member["person"] for member in city.show(home)["members"] if member["role"] == "only_child")
    answers = []
    for person in (child, "only_child"):
        said = city.carectl(*give(home, "WZ-3.3a", "--person", person), key="lucheng")
        answers.append((said.code, [word for word in said.err.split() if "CARE-" in word]))
    # Refused alike for what the record says, and not for how the person is named.
    assert answers[0] == answers[1] and answers[0][1] and "CARE-6682" not in str(answers), answers
    said = refused(city, 6682, *give(home, "WZ-3.3a", "--person", "daughter"), key="lucheng")
    assert "only_child" in said.err


def test_helped_the_year_before(city, homes):
    home = homes[1]
    tell(city, {"command": "decide_award", "household": home, "occurred_on": "2020-11-01", "clause": "WZ-3.1",
                "outcome": "excepted", "amount_fen": 350_000, "from": "2020-01-01", "until": "2021-01-01",
                "reason": "imported_list", "second_approver": "city-head"}, key="typist")
    apply(city, home, "WZ-3.1")
    said = refused(city, 6406, *give(home, "WZ-3.1"), key="lucheng")
    assert "WZ-3.7" in said.err and "2020" in said.err
    exception = ("--exception", "--reason", "flood")
    refused(city, 1716, *give(home, "WZ-3.1", *exception), key="lucheng")
    refused(city, 1717, *give(home, "WZ-3.1", *exception, "--second", "lucheng"), key="lucheng")
    city.ok(*give(home, "WZ-3.1", *exception, "--second", "lucheng-head"), key="lucheng")
    assert city.ok("grant", "list", "--household", home, "--json", key="city").json()["grants"][0]["reason"] == "flood"


def test_two_units_at_once(city, homes):
    """Registered in one district, living in the other: both grant in the same moment, one succeeds."""
    home = homes[3]
    for clause in ("WZ-3.1", "WZ-3.2"):
        apply(city, home, clause)
    running = [
        city.background(*give(home, clause, unit=unit), "--key", key, name=f"race-{key}")
        for clause, unit, key in (("WZ-3.1", LUCHENG, "lucheng"), ("WZ-3.2", LONGWAN, "longwan"))]
    codes = [process.wait(timeout=60) for process in running]
    assert sorted(codes) == [0, 2], [(city.folder / f"race-{key}.err").read_text() for key in ("lucheng", "longwan")]
    loser = ("lucheng", "longwan")[codes.index(2)]
    said = (city.folder / f"race-{loser}.err").read_text()
    assert "CARE-6405" in said and "WZ-3.8" in said
    grants = city.ok("grant", "list", *YEAR, "--household", home, "--json", key="city").json()["grants"]
    assert [line["state"] for line in grants].count("confirmed") == 1
    assert all(line["state"] in ("confirmed", "refused") for line in grants)


def test_beyond_the_number(city, homes):
    home = homes[2]
    apply(city, home, "WZ-3.1")
    city.ok("quota", "set", "WZ-3.1", "1", "--unit", LUCHENG, *YEAR, "--reason", "test", key="city")
    said = refused(city, 6403, *give(home, "WZ-3.1"), key="lucheng")
    assert "WZ-A1" in said.err
    smaller = ("--amount", "3200", "--reason", "own_funds")
    assert "3500" in refused(city, 1716, *give(home, "WZ-3.1", *smaller), key="lucheng").err
    city.ok(*give(home, "WZ-3.1", *smaller, "--second", "lucheng-head"), key="lucheng")
    entry = city.ok("grant", "list", "--household", home, "--json", key="city").json()["grants"][0]
    assert entry["is_beyond"] is True and entry["amount_fen"] == 320_000
    city.ok("quota", "set", "WZ-3.1", "35", "--unit", LUCHENG, *YEAR, "--reason", "as_printed", key="city")


def test_the_unit_that_grants_pays_and_bears(city, homes):
    """WZ-4.2: registered in Lucheng (1:1), living in Longwan and helped by it: 2:8, in Longwan's own batch."""
    home = homes[4]
    apply(city, home, "WZ-3.1")
    city.ok(*give(home, "WZ-3.1", unit=LONGWAN), key="longwan")
    city.ready(projected=True)
    number = city.ok("pay", "prepare", "--division", LONGWAN, "--period", "2021", key="fund").out.strip()
    city.ok("pay", "close", number, key="fund")
    lines = city.ok("pay", "show", number, "--json", key="fund").json()["lines"]
    line = next(line for line in lines if line["household"] == home)
    assert {part["payer"]: part["sum_fen"] for part in line["payers"]} == {"city": 70_000, "district": 280_000}
    granted = city.ok("grant", "list", *YEAR, "--unit", LONGWAN, "--json", key="city").json()["grants"]
    assert {line["household"] for line in lines} == {
        line["household"] for line in granted if line["state"] == "confirmed"}, "what Longwan granted, and nothing else"


def test_paid_once(city, homes):
    city.ready(projected=True)
    number = city.ok("pay", "prepare", "--division", "330300", "--period", "2021", key="fund").out.strip()
    city.ok("pay", "close", number, key="fund")
    state = city.ok("pay", "show", number, "--json", key="fund").json()
    granted = city.ok("grant", "list", *YEAR, "--json", key="city").json()["grants"]
    # What Longwan granted is in its own batch: one family, or two when it was the faster one.
    due = {line["household"]: line["amount_fen"] for line in granted
           if line["state"] == "confirmed" and line["division"] != LONGWAN}
    assert {line["household"]: line["sum_fen"] for line in state["lines"]} == due and len(due) in (3, 4)
    first = next(line for line in state["lines"] if line["household"] == homes[2])
    assert {part["payer"]: part["sum_fen"] for part in first["payers"]} == {"city": 160_000, "district": 160_000}
    rows = list(csv.reader(io.StringIO(city.ok("pay", "export", number, key="payer").out.lstrip("\ufeff"))))
    answer = city.folder / "answer.csv"
    lines = [("业务参考号", "金额", "结果", "原因"), *((row[0], row[2], "成功", "") for row in rows[1:-1]),
             ("合计", rows[-1][2], str(len(due)), "")]
    answer.write_text("\n".join(",".join(row) for row in lines), encoding="utf-8")
    city.ok("pay", "answer", number, answer, key="payer")
    found = city.ok("pay", "reconcile", "--json", key="fund").json()
    assert found["sum_fen"] == 0 and found["findings"] == []
    paid = next(line["grant"] for line in granted if line["household"] == homes[2])
    refused(city, 6413, "grant", "release", paid, "--reason", "late", key="lucheng")
    audit = city.ok("audit", "separation", "--json").json()
    assert audit["findings"] == []


def test_a_further_batch_pays_what_was_granted_since(city, homes):
    """WZ-5.2: in batches; whoever granted has decided, and nobody decides about the family once more."""
    home = homes[5]
    apply(city, home, "WZ-3.1")
    city.ok(*give(home, "WZ-3.1", unit=LONGWAN), key="longwan")
    city.ready(projected=True)
    further = ("--division", LONGWAN, "--period", "2021", "--number", "2")
    number = city.ok("pay", "prepare", *further, key="fund").out.strip()
    assert "CARE-1767" not in city.ok("pay", "close", number, key="fund").err
    lines = city.ok("pay", "show", number, "--json", key="fund").json()["lines"]
    assert [(line["household"], line["sum_fen"]) for line in lines] == [(home, 350_000)]


def test_settlement(city, homes):
    def settle(*words, unit=LUCHENG):
        return ("settle", *words, "--unit", unit, *YEAR)

    refused(city, 6421, *settle("compute"), key="city")
    refused(city, 6418, *settle("score", "WZ-A3.2a", "20"), key="evaluator")
    refused(city, 6417, *settle("score", "WZ-A3.2a", "20.001", "--evidence", "卷-1"), key="evaluator")
    for part, points in zip(PARTS, ("18", "22", "20", "9", "16")):
        city.ok(*settle("score", part, points, "--evidence", f"评估卷 {part}"), key="evaluator")
    city.ok(*settle("budget", "100000", "--source", "市财政"), key="city")
    city.ok(*settle("advance", "6000"), key="city")
    said = refused(city, 1718, *settle("score", PARTS[0], "20", "--evidence", "x", "--reason", "x"), key="city")
    assert "city 资金管理" in said.err, "who manages a unit's money does not score it"
    shown = city.ok(*settle("compute"), key="city").out
    assert "市级应补助" in shown and "45 %" in shown
    page = city.ok(*settle("show", "--json"), key="city").json()
    made = page["versions"][0]
    granted = city.ok("grant", "list", *YEAR, "--unit", LUCHENG, "--json", key="city").json()["grants"]
    cost = sum(line["amount_fen"] for line in granted if line["state"] == "confirmed")
    assert (made["score"], made["cost_fen"], made["settled_fen"]) == ("85", cost, cost * 45 // 100)
    assert made["carried_out_fen"] == max(0, 600_000 - cost * 45 // 100)
    other = {(line["mode"], line["step"]): line["settled_fen"] for line in made["alternatives"]}
    assert other["relative", "whole_points"] == cost * 475 // 1000
    assert [line["code"] for line in made["sheet"]][-4:] == [
        "reading.percentage_point.whole_points", "reading.percentage_point.pro_rata", "reading.relative.whole_points",
        "reading.relative.pro_rata"]
    refused(city, 1803, *settle("compute", "--reason", "again"), key="city")
    # A correction is a new version; the first stays.
    refused(city, 6419, *settle("score", "WZ-A3.2e", "20", "--evidence", "复核"), key="evaluator")
    city.ok(*settle("score", "WZ-A3.2c", "25", "--evidence", "复核", "--reason", "recount"), key="evaluator")
    refused(city, 6419, *settle("compute"), key="city")
    city.ok(*settle("compute", "--reason", "score_corrected"), key="city")
    versions = city.ok(*settle("show", "--json"), key="city").json()["versions"]
    assert [(line["version"], line["score"]) for line in versions] == [(1, "85"), (2, "90")]
    assert versions[1]["settled_fen"] == cost // 2 and versions[0] == made
    assert "settled, within the budget" in city.ok(*settle("show", "--lang", "en"), key="city").out
    refused(city, 6400, *settle("show", unit="330102"), key="city")
    assert city.carectl(*settle("show"), key="longwan").code != 0
    audit = city.ok("audit", "separation", "--json").json()
    assert audit["findings"] == []
    assert {(holder["function"], holder["actor"]) for holder in audit["holders"]} >= {
        ("fund", "city"), ("supervision", "evaluator"), ("review", "lucheng")}
