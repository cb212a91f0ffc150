"""Notices to offices: lists and questions that nobody saw to, and repayments that come due; each told once."""

import datetime

import pytest
from deployment import until
from offices import couple, write_roster
from test_notices import receive  # noqa: F401
from test_xiamen import HOMES, agree, in_hardship, review, reviewers

CITY = ("--division", "520100")
TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()


def day(offset):
    return (TODAY + datetime.timedelta(offset)).isoformat()


def notices(deployment, *options, key=None):
    return deployment.ok("notice", "offices", "--json", *options, key=key).json()["notices"]


def told(deployment, *kinds, key=None):
    """(kind, raised on) of the notices that are delivered everywhere."""
    found = [one for one in notices(deployment, "--state", "delivered", key=key) if one["kind"] in kinds]
    return sorted((one["kind"], one["raised_on"]) for one in found)


@pytest.fixture
def offices(deploy, receive):  # noqa: F811
    receiver = receive(lambda event, attempt: 200)
    made = deploy(settings={"notifier": {"webhook": f'"{receiver.url}"'}}).up()
    made.ok("rules", "publish", "guiyang-2013")
    made.ok("rules", "publish", "xiamen-2017")
    rights = ("--right", "command", "--right", "query")
    for name, department in (("fp", "dept.fp"), ("hrss", "dept.hrss"), ("water", "dept.water")):
        made.new_key(name, *CITY, "--department", department, *rights)
    made.new_key("elsewhere", "--division", "430100", *rights)
    made.receiver = receiver
    return made


def test_a_list_and_a_question_nobody_saw_to(offices):
    wishes = offices.folder / "wishes.csv"
    wishes.write_text("编号\n1\n", encoding="utf-8")
    send = ("exchange", "send", wishes, *CITY, "--kind", "training", "--period", "2026", "--to", "dept.hrss")
    number = offices.ok(*send, "--on", day(-20), "--due", day(-10), key="fp").out.strip()
    ask = ("consult", "ask", "well-7", *CITY, "--kind", "water", "--clause", "GY-3.18a", "--to", "dept.fp")
    question = offices.ok(*ask, "--due", day(2), "--on", day(-1), key="water").out.strip()
    until(
        lambda: told(offices, "list_due", "list_overdue", "consultation_due") == [
            ("consultation_due", day(-1)), ("list_due", day(-13)), ("list_overdue", day(-9))],
        "the offices are reminded", 30, pause=0.2)
    mine = [one for one in notices(offices) if one["kind"].startswith("list_")]
    assert {one["department"] for one in mine} == {"dept.hrss"} and {one["stream"] for one in mine} == {"duty-520100"}
    posted = {event["data"]["key"]: event for event in offices.receiver.offices}
    event = posted[f"list_overdue/{number}"]
    assert event["type"] == "guanhuai.notice.list_overdue" and event["data"]["department"] == "dept.hrss"
    printed = (offices.folder / "notifier.out").read_text()
    assert printed.count(f"【名单签收逾期】duty-520100") == 1

    # Started anew, also without what it had kept: nothing twice.
    before = notices(offices)
    offices.kill("notifier")
    (offices.data / "notifier" / "checkpoint").unlink(missing_ok=True)
    offices.start("notifier").ready()
    offices.ok("exchange", "receive", number, wishes, *CITY, "--on", day(-1), key="hrss")
    offices.ok("consult", "answer", question, *CITY, "--outcome", "agreed", key="fp")
    offices.kill("notifier")
    offices.start("notifier").ready()
    assert notices(offices) == before
    assert len({event["id"] for event in offices.receiver.offices}) == len(offices.receiver.offices)
    assert notices(offices, key="elsewhere") == []


def test_a_receiver_that_refuses_and_an_operator(offices):
    offices.receiver.answer_office = lambda event: 410
    ask = ("consult", "ask", *CITY, "--kind", "water", "--clause", "GY-3.18a", "--to", "dept.fp", "--on", day(-5))
    for project in ("well-1", "well-2"):
        offices.ok(*ask[:2], project, *ask[2:], "--due", day(-4), key="water")

    def parked():
        return [one for one in notices(offices, "--state", "parked") if one["kind"] == "consultation_overdue"]

    until(lambda: len(parked()) == 2, "both are parked", 30, pause=0.2)
    again, given_up = parked()
    offices.receiver.answer_office = lambda event: 200
    offices.ok("notice", "retry", again["stream"], again["sequence"])
    offices.ok("notice", "skip", given_up["stream"], given_up["sequence"], "--reason", "told_by_phone")
    until(lambda: parked() == [], "nothing is parked", 30, pause=0.2)
    said = offices.carectl("notice", "retry", again["stream"], again["sequence"])
    assert said.code == 1 and "CARE-5001" in said.err, said
    assert "CARE-6580" in offices.carectl("notice", "retry", "duty-520100").err


def test_a_repayment_comes_due(offices):
    for name in ("treasurer", "payer"):
        offices.new_key(name, "--division", "350200", "--department", "dept.fp_association")
    reviewers(offices)
    roster = couple(395, 户标识="x", 档案号="XM-1", 建档日期="2016-03-01", 区划代码=HOMES["siming"])
    counts, said = offices.import_file(write_roster(offices.folder / "loan.csv", roster))
    assert counts == {"new": 1}, said
    offices.ready(projected=True)
    home = offices.households("--number", "XM-1")[0]["household"]
    in_hardship(offices, home)
    fund = offices.ok(
        "fund", "open", "--division", "350203", "--mode", "revolving_loan", "--on", day(-90),
        key="treasurer").out.strip()
    offices.ok("fund", "deposit", fund, "--amount", "50000", "--payer", "district", "--receipt", "in", "--on", day(-90),
               key="treasurer")
    case = offices.ok(
        "loan", "apply", home, "--fund", fund, "--amount", "20000", "--purpose", "shop", "--on", day(-80),
        key="village").out.strip()
    review(offices, case, day(-70))
    agree(offices, case, day(-65), HOMES["siming"], f"{day(-3)}=5000", f"{day(20)}=15000")
    offices.ok("loan", "disburse", case, "--on", day(-60), key="payer")
    expected = [("loan_due", day(-33)), ("loan_due", day(-10)), ("loan_overdue", day(-2))]

    def reminded():
        return told(offices, "loan_due", "loan_overdue", key="village")

    until(lambda: reminded() == expected, "the lender is reminded", 60, pause=0.2)
    event = next(event for event in offices.receiver.offices if event["data"]["kind"] == "loan_overdue")
    assert event["subject"].startswith("loan-") and event["data"]["amount_fen"] == 500_000
    assert event["data"]["person"] == "cadre-3" and event["data"]["department"] == "dept.fp_association"
    # What is repaid later is told no more, and the books are what they were.
    offices.ok("loan", "repay", case, "--amount", "5000", "--receipt", "r-1", "--on", day(-1), key="treasurer")
    assert fund in offices.ok("fund", "show", fund, "--json").out
    assert reminded() == expected
    # Whoever operates is told of no case, except of what could not be delivered.
    assert told(offices, "loan_due", "loan_overdue") == []
