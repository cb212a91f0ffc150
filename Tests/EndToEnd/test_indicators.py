"""Indicators of Guiyang's plan by hand, frozen as sent, and what becomes of them when facts come late.

Rural: 80,000 yuan for 100 persons is 800 a head, and 10 % of an income of 8,000. Urban: 50,000 yuan for 50 persons is 1,000 a
head, and 5 % of 20,000. Of 1,000,000 yuan of funds 8 % are 80,000.
"""

import json

import pytest
from offices import couple, write_roster

CITY = ("--division", "520100")
PACK = ("--pack", "guiyang-2013", *CITY, "--period", "2014")
FIGURES = {
    "city.fp_money_rural": "80000", "city.fp_persons_rural": "100", "city.rural_net_income": "8000",
    "city.fp_money_urban": "50000", "city.fp_persons_urban": "50", "city.urban_disposable_income": "20000",
    "city.fp_funds": "1000000", "city.fp_earmark": "79999.99"}


@pytest.fixture(scope="module")
def city(shared):
    """Two families of the plan, one in the country, one in town, and one that is none of it."""
    shared.ok("rules", "publish", "guiyang-2013")
    rights = ("--right", "command", "--right", "query")
    shared.new_key("fp", *CITY, "--department", "dept.fp", *rights)
    shared.new_key("elsewhere", "--division", "350100", "--department", "dept.fp", *rights)
    shared.new_key("water", *CITY, "--department", "dept.water", *rights)
    shared.new_key("farming", *CITY, "--department", "dept.agriculture", *rights)
    roster = []
    for place, area in enumerate(("农村", "城镇", "城镇")):
        roster += couple(
            330 + place, 户标识=f"i{place}", 档案号=f"GI-{place}", 建档日期="2013-07-01", 区划代码="520102001001", 城乡=area)
    counts, said = shared.import_file(write_roster(shared.folder / "indicators.csv", roster))
    assert counts == {"new": 3}, said
    shared.ready(projected=True)
    return shared


def refused(deployment, code, *arguments, key="fp"):
    said = deployment.carectl(*arguments, key=key)
    assert said.code != 0 and code in said.err, said
    return said


def state(deployment, fact, value, *more, key="fp"):
    return deployment.ok(
        "report", "state", fact, value, *PACK, "--source", "statistics_bureau", "--on", "2015-01-20", *more, key=key)


def indicators(deployment, *more, code=0):
    said = deployment.carectl("report", "indicators", *PACK, "--json", *more, key="fp")
    assert said.code == code, said
    return said.json()


def states(page):
    return {line["clause"]: line["state"] for line in page["indicators"]}


def test_what_nobody_stated_is_counted_or_missing(city):
    page = indicators(city, code=1)
    # Nothing was paid to anybody, so the floor is missed whatever the incomes are; what nobody can count is asked for.
    assert states(page)["GY-2.2"] == "missed" and states(page)["GY-3.12g"] == "needs_fact"
    counted = {line["fact"]: line["counted"] for line in page["inputs"]}
    # The child is dead: two persons in each family; money was paid to none of them.
    assert counted["city.fp_persons_rural"] == "2" and counted["city.fp_persons_urban"] == "4"
    assert page["figures"]["rural_persons"] == 2 and "rural_per_head_paid_fen" not in page["figures"]
    assert page["figures"]["rural_per_head_fen"] == 0


def test_by_hand(city):
    refused(city, "CARE-6574", "report", "state", "household.area", "rural", *PACK, "--source", "x")
    refused(city, "CARE-6174", "report", "state", "city.rural_net_income", "8000.123", *PACK, "--source", "x")
    refused(city, "CARE-6502", "report", "state", "city.rural_net_income", "8000", "--pack", "guiyang-2013", *CITY,
            "--period", "2999", "--source", "x")
    refused(city, "CARE-", "report", "state", "city.rural_net_income", "8000", *PACK, "--source", "x", key="elsewhere")
    # Whose a figure is, the pack says; the refusal names them.
    said = refused(city, "CARE-6537", "report", "state", "city.rural_net_income", "8000", *PACK, "--source", "x", key="water")
    assert "人口计生" in said.err and "水利" in said.err, said
    refused(city, "CARE-6551", "report", "state", "village.is_poor", "true", *PACK, "--source", "x", key="farming")
    numbers = {fact: state(city, fact, value).out.strip() for fact, value in FIGURES.items()}
    assert "此前已登记" in state(city, "city.rural_net_income", "8000").err
    # A fen less than eight percent was set aside: missed, and it does not read 8.00 %.
    page = indicators(city, code=1)
    assert states(page)["GY-2.2"] == "reached" and states(page)["GY-3.12g"] == "missed"
    reasons = next(line["reasons"] for line in page["indicators"] if line["clause"] == "GY-3.12g")
    assert any("差 0.01 元" in reason for reason in reasons), reasons
    measures = {line["clause"]: (line["measure"], line["unit"]) for line in page["indicators"]}
    assert measures["GY-3.12g"][0].startswith("80000")
    figures = page["figures"]
    assert (figures["rural_per_head_fen"], figures["rural_share_bp"], figures["rural_required_fen"]) == (80_000, 1_000, 80_000)
    assert (figures["urban_per_head_fen"], figures["urban_share_bp"], figures["urban_required_fen"]) == (100_000, 500, 100_000)
    assert (figures["earmark_required_fen"], figures["earmark_fen"], figures["earmark_share_bp"]) == (8_000_000, 7_999_999, 799)
    told = {line["fact"]: line for line in page["inputs"]}
    assert told["city.fp_persons_rural"]["value"] == "100" and told["city.fp_persons_rural"]["counted"] == "2"
    assert told["city.rural_net_income"]["sequence"] == int(numbers["city.rural_net_income"])

    state(city, "city.fp_earmark", "80000", "--replaces", numbers["city.fp_earmark"], "--reason", "revised")
    page = indicators(city)
    assert states(page)["GY-3.12g"] == "reached" and page["figures"]["earmark_share_bp"] == 800

    # A fen more of income, and it is missed.
    refused(city, "CARE-6553", "report", "state", "city.rural_net_income", "8000.01", *PACK, "--source", "statistics_bureau")
    state(city, "city.rural_net_income", "8000.01", "--replaces", numbers["city.rural_net_income"], "--reason", "revised")
    page = indicators(city, code=1)
    assert states(page)["GY-2.2"] == "missed"
    reasons = next(line["reasons"] for line in page["indicators"] if line["clause"] == "GY-2.2")
    assert any("10%" in reason for reason in reasons), reasons


def test_figures_that_cannot_both_be_right(city):
    """GY-2.3: of ten families on the list twelve cannot have been served; what is missing is named with its year."""
    state(city, "city.fp_relapsed", "10", key="farming")
    # One office that has both puts the wrong one right first.
    refused(city, "CARE-6538", "report", "state", "city.fp_relapsed_served", "12", *PACK, "--source", "x", key="farming")
    first = state(city, "city.fp_relapsed_served", "9", key="farming").out.strip()
    refused(city, "CARE-6174", "report", "state", "city.fp_relapsed_lifted", "9.5", *PACK, "--source", "x")
    # One of ten was not served: missed, whatever else is missing.
    assert states(indicators(city, code=1))["GY-2.3"] == "missed"
    state(city, "city.fp_relapsed_served", "10", "--replaces", first, "--reason", "typing", key="farming")
    line = next(line for line in indicators(city, code=1)["indicators"] if line["clause"] == "GY-2.3")
    assert line["state"] == "needs_fact" and any("2014 年" in reason for reason in line["reasons"]), line
    state(city, "city.fp_relapsed_lifted", "10")
    assert states(indicators(city, code=1))["GY-2.3"] == "reached"


def test_a_report_as_sent_stays(city):
    said = refused(city, "CARE-1473", "report", "indicators", *PACK, "--send", key="water")
    assert "人口计生" in said.err and "水利" in said.err, "it says whose the report is"
    sent = indicators(city, "--send", code=1)
    listed = city.ok("report", "list", *CITY, "--json", key="fp").json()["reports"]
    report = next(one for one in listed if one["kind"] == "indicators")
    assert [version["version"] for version in report["versions"]] == [1]
    assert report["versions"][0]["figures"] == sent["figures"]
    shown = city.ok("report", "show", report["report"][:8], key="fp").out
    assert json.loads(shown) == sent
    # Again it is the same report; nothing is added.
    again = city.carectl("report", "indicators", *PACK, "--known-at", sent["known_at"], "--send", key="fp")
    assert "与已上报的第 1 版相同" in again.err, again

    # A fact comes late: the present differs, what was sent does not.
    number = next(line["sequence"] for line in sent["inputs"] if line["fact"] == "city.rural_net_income")
    state(city, "city.rural_net_income", "7999", "--replaces", number, "--reason", "final")
    now = city.carectl("report", "indicators", *PACK, key="fp")
    assert now.code == 0 and "第 1 版" in now.err and "与当时的记录一致" in now.err, now
    assert city.ok("report", "show", report["report"], "--version", "1", key="fp").out == shown
    assert json.loads(shown) == indicators(city, "--known-at", sent["known_at"], code=1)
    refused(city, "CARE-6555", "report", "indicators", *PACK, "--send")
    city.ok("report", "indicators", *PACK, "--send", "--reason", "final_income", key="fp")
    listed = city.ok("report", "list", *CITY, "--json", key="fp").json()["reports"]
    versions = next(one["versions"] for one in listed if one["report"] == report["report"])
    assert [(one["version"], one["reason"]) for one in versions] == [(1, None), (2, "final_income")]
    assert city.ok("report", "show", report["report"], "--version", "1", key="fp").out == shown
    assert city.ok("report", "show", report["report"], key="fp").out != shown


def test_other_offices_see_nothing_of_it(city):
    assert city.ok("report", "list", "--json", key="elsewhere").json()["reports"] == []
    refused(city, "CARE-3503", "report", "indicators", *PACK, key="elsewhere")
    refused(city, "CARE-3503", "report", "indicators", "--pack", "chenzhou-2014", *CITY, "--period", "2014")
    refused(city, "CARE-6572", "report", "indicators", "--pack", "guiyang-2013", *CITY, "--period", "2014-spring_festival")


def test_a_village_keeps_its_facts_in_its_own_book_and_is_told_what_its_clauses_give(city):
    """GY-3.18c: a poor village, three years without a birth outside policy, standard 10,000: at least 12,000; the last of 2016."""
    village = "520111001001"
    place = ("--pack", "guiyang-2013", "--division", village)

    def state(fact, value, year):
        city.ok("report", "state", f"village.{fact}", value, *place, "--period", year, "--source", "village_committee",
                "--on", "2016-02-01", key="fp")

    def clauses(year, as_of, key="fp"):
        said = city.carectl("report", "indicators", *place, "--period", year, "--as-of", as_of, "--json", key=key)
        assert said.code in (0, 1), said
        return {line["clause"]: line for line in said.json()["indicators"]}

    for year in ("2012", "2013"):
        state("births_outside_policy", "0", year)
    state("is_poor", "true", "2014")
    state("support_standard", "10000", "2014")
    found = clauses("2014", "2014-06-01")
    # What is asked of the city is not asked of the village; what is missing says of which year.
    assert not any(clause.startswith("GY-2") for clause in found), found
    assert found["GY-3.18c"]["state"] == "needs_fact"
    assert any("（2011 年）" in reason for reason in found["GY-3.18c"]["reasons"]), found["GY-3.18c"]
    state("births_outside_policy", "0", "2011")
    line = clauses("2014", "2014-06-01")["GY-3.18c"]
    assert (line["state"], line["measure"], line["unit"]) == ("entitled", "12000", "元")
    # Whether there was a birth in 2014 nobody has said: the priority of that year waits.
    assert clauses("2014", "2014-06-01")["GY-3.1"]["state"] == "needs_fact"
    state("births_outside_policy", "1", "2014")
    assert clauses("2014", "2014-06-01")["GY-3.1"]["state"] == "not_entitled"
    for fact, value in (("is_poor", "true"), ("support_standard", "10000")):
        state(fact, value, "2016")
    # The birth of 2014 is among the three years before; from 2017 on nothing is looked at.
    assert clauses("2016", "2016-01-10")["GY-3.18c"]["reasons"] != clauses("2017", "2017-01-10")["GY-3.18c"]["reasons"]
    assert clauses("2016", "2016-01-10")["GY-3.18c"]["state"] == "not_entitled"
    assert clauses("2017", "2017-01-10")["GY-3.18c"]["state"] == "not_entitled"
    refused(city, "CARE-", "report", "state", "village.is_poor", "true", *place, "--period", "2015", "--source", "x",
            key="elsewhere")
