"""An application from the declaration over the public notice to the archive, with real processes and four people."""

import hashlib
import json

import pytest
from offices import couple, write_roster
from test_attachments import png

CLAUSE = "CZ-2.1"


@pytest.fixture(scope="module")
def office(shared):
    """Two families of one township, and the people who may act: village, reviewer, inspector, payer."""
    for name, division, department in (
            ("village", "431002001", "org.township"), ("township", "431002001", "org.township"), ("reviewer", "431002", "dept.fp"),
            ("inspector", "431002", "dept.fp"), ("payer", "431002", "dept.finance"), ("elsewhere", "431003", "dept.fp")):
        shared.new_key(
            name, "--division", division, "--department", department, "--right", "command", "--right", "query")
    # What stands on paper is typed in later: that takes one more right.
    for name, division, department in (
            ("typist", "431002", "dept.fp"), ("wz", "330302", "dept.health_commission")):
        shared.new_key(name, "--division", division, "--department", department, "--right", "command", "--right", "query",
                       "--right", "import-history")
    shared.import_file(write_roster(shared.folder / "families.csv", couple(31) + couple(32)))
    shared.ready(projected=True)
    return shared


@pytest.fixture(scope="module")
def families(office):
    return sorted(line["household"] for line in office.households())


def apply(deployment, *words, key="reviewer", refused=None):
    """Runs carectl apply; it succeeds, or is refused with this code."""
    said = deployment.carectl("apply", *words, key=key)
    if refused:
        assert said.code == 1 and f"CARE-{refused}" in said.err, said
    else:
        assert said.code == 0, said
    return said


def shown(deployment, household):
    return deployment.ok("apply", "show", household, "--json").json()["applications"]


def test_from_declaration_to_archive(office, families):
    home = families[0]
    said = apply(office, "submit", home, CLAUSE, "--person", "wife", "--on", "2014-08-10", key="village")
    assert "申请表 application_form、证明材料 certificates" in said.err, "what is missing is told once, in full"
    apply(office, "submit", home, CLAUSE, "--person", "wife", "--on", "2014-08-10", key="village", refused=1771)
    apply(office, "forward", home, "--on", "2014-08-11", key="village", refused=1777)
    papers = ("--paper", "application_form", "--paper", "certificates")
    apply(office, "forward", home, *papers, "--on", "2014-08-11", key="village")
    apply(office, "forward", home, "--on", "2014-08-12", key="village", refused=6584)
    apply(office, "forward", home, "--on", "2014-08-12", key="township")
    apply(office, "forward", home, "--on", "2014-08-13", key="village", refused=1775)
    apply(office, "return", home, "--to", "township", "--reason", "papers_wrong", "--text", "证明不清", "--on", "2014-08-13")
    apply(office, "forward", home, "--on", "2014-08-14", key="township")
    apply(office, "forward", home, "--on", "2014-08-15")
    assert shown(office, home)[0]["step"] == "notice"

    apply(office, "notice", home, "--days", "7", "--on", "2014-09-01", key="carectl", refused=6581)
    apply(office, "notice", home, "--on", "2014-09-01", key="typist", refused=1781)
    apply(office, "notice", home, "--days", "7", "--on", "2014-09-01", key="reviewer", refused=1783)
    apply(office, "notice", home, "--days", "7", "--on", "2014-09-01", key="typist")
    listed = office.ok("apply", "notices", "--on", "2014-09-05", key="village").out
    assert "李**" in listed and "2014-09-02" in listed and "2014-09-08" in listed
    assert "4310**********" in listed and "李安" not in listed
    assert "李**" not in office.ok("apply", "notices", "--on", "2014-09-09").out
    apply(office, "object", home, "--reason", "income", "--text", "邻居反映", "--on", "2014-09-05", key="village")
    apply(office, "confirm", home, "--on", "2014-09-08", refused=1780)
    apply(office, "confirm", home, "--on", "2014-09-09", refused=1784)
    answer = ("answer", home, "--verdict", "dismissed", "--finding", "unfounded", "--on", "2014-09-06")
    apply(office, *answer, key="reviewer", refused=1718)
    apply(office, *answer, key="inspector")
    apply(office, "confirm", home, "--on", "2014-09-09", refused=1777)
    apply(office, "forward", home, "--paper", "notice_sheet", "--on", "2014-09-09")
    apply(office, "confirm", home, "--on", "2014-09-10")
    apply(office, "object", home, "--reason", "income", "--on", "2014-09-11", key="village", refused=1786)
    apply(office, "forward", home, "--on", "2014-09-11")
    apply(office, "forward", home, "--paper", "receipt", "--on", "2014-09-12", refused=1718)
    apply(office, "forward", home, "--paper", "receipt", "--on", "2014-09-12", key="carectl", refused=6581)
    apply(office, "forward", home, "--paper", "receipt", "--on", "2014-09-12", key="payer")
    apply(office, "forward", home, "--on", "2014-09-13", key="village")
    state = shown(office, home)[0]
    assert state["state"] == "confirmed" and state["step"] is None and state["confirmed_on"] == "2014-09-10"
    assert "公示" in [line["title"] for line in office.show(home)["history"]]

    audit = office.ok("audit", "separation", "--json").json()
    assert audit["cases"] == 1 and audit["findings"] == []
    assert {(holder["function"], holder["actor"]) for holder in audit["holders"]} >= {
        ("review", "reviewer"), ("payment", "payer"), ("supervision", "inspector")}


def test_papers_are_files_or_were_seen(office, families):
    """A paper with a file lies in the attachment store and is read by the rights of the family's record."""
    home = families[1]
    scan = office.folder / "form.png"
    scan.write_bytes(png(7))
    apply(office, "submit", home, CLAUSE, "--person", "husband", "--on", "2014-08-10", "--paper", f"application_form={scan}",
          "--paper", "certificates", key="village")
    handed = shown(office, home)[0]["handed_papers"]
    assert [paper["paper"] for paper in handed] == ["application_form", "certificates"]
    digest = "sha256:" + hashlib.sha256(scan.read_bytes()).hexdigest()
    assert [paper["file"] for paper in handed] == [digest, None]
    said = office.ok("apply", "show", home).out
    assert f"申请表 application_form：附件 {digest}" in said and "证明材料 certificates：验看原件" in said
    assert "申请表（附件）" in office.ok("household", "show", home).out
    office.new_key("reader", "--division", "431002", "--right", "query", "--right", "reveal")
    copy = office.folder / "copy.png"
    wanted = ("attachment", "get", digest, "--household", home, "--out", copy, "--reveal", "复核")
    office.ok(*wanted, key="reader")
    assert copy.read_bytes() == scan.read_bytes()
    assert office.carectl(*wanted, key="elsewhere").code != 0, "another county learns nothing of it"
    apply(office, "withdraw", home, "--reason", "own_wish", "--on", "2014-08-11", key="village")


def test_yearly_check(office, families):
    home = families[0]

    def overdue(day):
        return office.ok("apply", "overdue", "--on", day, "--json").json()["applications"]

    assert overdue("2015-12-31") == []
    assert [entry["reverification_year"] for entry in overdue("2016-01-01")] == [2015]
    apply(office, "reverify", home, "--on", "2015-11-02", key="payer", refused=6581)
    apply(office, "reverify", home, "--on", "2015-11-02")
    assert overdue("2016-01-01") == []
    apply(office, "reverify", home, "--on", "2015-11-03", "--year", "2015", refused=1789)
    apply(office, "reverify", home, "--on", "2016-11-03", "--exit", "moved", refused=1790)
    apply(office, "reverify", home, "--on", "2016-11-03", "--exit", "child_adopted", "--text", "收养一女")
    apply(office, "submit", home, CLAUSE, "--person", "wife", "--on", "2017-01-05")
    first, second = shown(office, home)
    assert first["state"] == "exited" and second["previous"] == first["application"]
    apply(office, "withdraw", home, "--reason", "own_wish", "--on", "2017-01-06", key="village")


def test_several_at_once_and_the_dead(office, families):
    """A command file carries many acts; a person who died cannot apply."""
    lines = []
    for home in families:
        page = office.show(home)
        husband = next(member["person"] for member in page["members"] if member["role"] == "husband")
        lines.append({"command": "submit_application", "household": home, "occurred_on": "2018-01-05", "clause": CLAUSE,
                      "person": husband, "papers": ["application_form", "certificates"]})
    file = office.folder / "applications.ndjson"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    office.import_file(file)
    waiting = office.ok("apply", "ls", "--step", "village", "--json").json()["applications"]
    assert {entry["household"] for entry in waiting} == set(families) and len(waiting) == 2
    file.write_text("".join(
        json.dumps({"command": "forward_application", "household": entry["household"], "occurred_on": "2018-01-06",
                    "application": entry["application"], "step": "village"}) + "\n" for entry in waiting))
    office.import_file(file, "--key", "reviewer")
    assert len(office.ok("apply", "ls", "--step", "township", "--json").json()["applications"]) == 2
    assert office.ok("apply", "ls", "--json", key="elsewhere").json()["applications"] == []

    home, husband = lines[1]["household"], lines[1]["person"]
    file.write_text(json.dumps(
        {"command": "record_death", "household": home, "occurred_on": "2018-01-07", "person": husband}) + "\n")
    office.import_file(file)
    apply(office, "forward", home, "--on", "2018-01-08", key="township", refused=1779)
    apply(office, "reject", home, "--reason", "died", "--on", "2018-01-08")
    apply(office, "submit", home, CLAUSE, "--person", "husband", "--on", "2018-01-09", refused=1779)


def test_wenzhou_by_its_own_document(office):
    """Another pack, another way: the county reviews, a parameter says how long the notice lasts, 10 November is the day."""
    office.ok("rules", "publish", "wenzhou-2021")
    office.ok("rules", "set-parameter", "wenzhou-2021", "wz.public_notice_days", "5", "--from", "2021-01-01", "--source",
              "test")
    office.new_key("wz-payer", "--division", "330302", "--department", "dept.finance")
    file = write_roster(office.folder / "wenzhou.csv", couple(33, **{"区划代码": "330302001"}))
    office.import_file(file)
    office.ready(projected=True)
    home = next(line["household"] for line in office.households() if line["division"] == "330302001")
    papers = ("--paper", "application_form", "--paper", "certificates")
    said = apply(office, "submit", home, CLAUSE, "--person", "wife", "--on", "2021-10-08", key="wz", refused=6582)
    assert "wenzhou-2021" in said.err, "the pack of the place is named"
    apply(office, "submit", home, "WZ-3.1", *papers, "--paper", "notice_sheet", "--on", "2021-10-08", key="wz", refused=1793)
    apply(office, "submit", home, "WZ-3.1", *papers, "--on", "2021-10-08", key="wz")
    apply(office, "forward", home, "--on", "2021-10-09", key="wz")
    apply(office, "notice", home, "--days", "4", "--on", "2021-10-11", key="wz", refused=1782)
    apply(office, "notice", home, "--on", "2021-10-11", key="wz")
    assert shown(office, home)[0]["notice_last_day"] == "2021-10-16"
    apply(office, "confirm", home, "--on", "2021-10-16", key="wz", refused=1780)
    apply(office, "forward", home, "--paper", "notice_sheet", "--on", "2021-10-17", key="wz")
    apply(office, "confirm", home, "--on", "2021-10-17", key="wz")
    entry = shown(office, home)[0]
    assert (entry["step"], entry["due_on"]) == ("enter", "2021-11-10")

    def overdue(day):
        lists = office.ok("apply", "overdue", "--division", "330300", "--on", day, "--json").json()
        return [line["step"] for line in lists["applications"]]

    assert overdue("2021-11-10") == [] and overdue("2021-11-11") == ["enter"]
    apply(office, "forward", home, "--on", "2021-11-21", key="wz", refused=1791)
    apply(office, "forward", home, "--on", "2022-06-01", key="wz", refused=1791)
    late = apply(office, "forward", home, "--on", "2021-11-20", key="wz")
    assert "CARE-1792" in late.err and "2021-11-10" in late.err, "in the window, and late"
    assert shown(office, home)[0]["acts"][-1]["text"].endswith("（逾期）")
    apply(office, "forward", home, "--paper", "receipt", "--on", "2021-12-01", key="wz-payer")
    apply(office, "forward", home, "--on", "2021-12-02", key="wz")
    apply(office, "submit", home, "WZ-3.1", *papers, "--on", "2022-02-01", key="wz")
    assert [line["state"] for line in shown(office, home)] == ["confirmed", "under_way"], "the next year is another one"
    assert office.ok("audit", "separation", "--json").json()["findings"] == []


def test_a_preview_judges_applications_by_the_office_that_speaks(office):
    """Of a family that the file itself brings: accepted, refused as the second of one right, as the run says."""
    about = {"household": {"ref": "new"}, "occurred_on": "2018-03-01"}
    application = {"command": "submit_application", **about, "clause": CLAUSE, "person": {"ref": "w"},
                   "papers": ["application_form", "certificates"]}
    lines = [
        {"command": "register_household", **about, "division": "431002001",
         "members": [{"person": {"ref": "w", "name": "赵甲"}, "role": "wife"}]},
        application, {**application, "occurred_on": "2018-03-02"},
        {"command": "assess_disability", **about, "person": {"ref": "w"}, "kind": "physical", "grade": 2}]
    file = office.folder / "preview.ndjson"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    told = []
    for options in (("--dry-run",), ()):
        counts, said = office.import_file(file, "--key", "typist", *options, code=1)
        assert counts == {"new": 1, "changed": 2, "refused": 1} and "CARE-1771" in said, said
        told.append(counts)
    assert told[0] == told[1]
