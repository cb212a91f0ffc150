"""A payment batch from the families' rights to the bank's answer, with real processes: every month once, books balanced."""

import csv
import io

import pytest
from deployment import until
from recorder import Log
from test_worked_case import Family

MONTHS = ("--division", "431002", "--period", "2014-09", "--clause", "CZ-2.1")


def tell_account(family, person, account):
    """States the reference to somebody's payment details."""
    def fill(command):
        fact = command.state_fact
        fact.fact, fact.source = "person.account_ref", "form"
        fact.subject.person = person
        fact.value.reference = account

    return family.tell("2014-08-05", fill=fill)


@pytest.fixture(scope="module")
def families(shared):
    """Two families of two people each with 300 yuan a month from September 2014; the husband has named the wife's account."""
    for name in ("fund", "payer"):
        shared.new_key(name, "--division", "431000", "--department", "dept.finance")
    shared.new_key("clerk-fp", "--division", "431000", "--department", "dept.fp")
    made = []
    for number in range(2):
        family = Family(shared)
        family.register(serial=70 + 4 * number)
        tell_account(family, family.wife, f"acc-{number}-wife")
        tell_account(family, family.husband, f"acc-{number}-wife")
        made.append(family)
    shared.ready(projected=True)
    return made


def batch(deployment, number):
    return deployment.ok("pay", "show", number, "--json").json()


def rows(text):
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))


def answer(deployment, number, lines, *options, total=None, count=None, code=0):
    """Hands in the bank's answer: (reference, yuan, result, reason) each."""
    file = deployment.folder / "answer.csv"
    total = total or f"{sum(float(line[1]) for line in lines):.2f}"
    table = [("业务参考号", "金额", "结果", "原因"), *lines, ("合计", total, str(count or len(lines)), "")]
    file.write_text("\n".join(",".join(row) for row in table), encoding="utf-8")
    said = deployment.carectl("pay", "answer", number, file, *options, key="payer")
    assert said.code == code, said
    return said


def balanced(deployment):
    found = deployment.ok("pay", "reconcile", "--json").json()
    assert found["sum_fen"] == 0 and found["findings"] == []
    return found


def test_from_right_to_bank_and_back(shared, families):
    number = shared.ok("pay", "prepare", *MONTHS).out.strip()
    assert shared.ok("pay", "prepare", *MONTHS).out.strip() == number, "the same run is the same batch"
    for key in ("carectl", "clerk-fp", "clerk"):
        assert "CARE-6581" in shared.carectl("pay", "close", number, key=key).err, "not a key of the treasury"
    shared.ok("pay", "close", number, key="fund")
    state = batch(shared, number)
    assert state["batch"]["state"] == "frozen" and state["batch"]["lines"] == 4
    assert {line["sum_fen"] for line in state["lines"]} == {30000}
    assert state["batch"]["balances"] == {"expense.finance": 120000, "payable": -120000}
    shared.ok("pay", "close", number, key="fund")
    assert batch(shared, number) == state, "closing again changes nothing"

    assert "CARE-1718" in shared.carectl("pay", "export", number, key="fund").err, "whoever closed it does not pay it"
    first = rows(shared.ok("pay", "export", number, key="payer").out)
    assert first[0] == ["业务参考号", "账户编号", "金额", "条款", "月份"] and first[-1][:3] == ["合计", "4 笔", "1200.00"]
    assert rows(shared.ok("pay", "export", number, "--file", "1").out) == first
    lines = [[row[0], row[2], "成功", ""] for row in first[1:-1]]
    again = shared.ok("pay", "export", number, key="payer")
    assert rows(again.out) == first and "第 1 个文件" in again.err and "没有新的待送明细" in again.err, again
    told = [{"number": 1, "lines": 4, "sum_fen": 120000, "unanswered": 4}]
    files = batch(shared, number)["files"]
    assert [{key: file[key] for key in told[0]} for file in files] == told and files[0]["issued_on"], files

    for wrong, what in (
            ([lines[0], [lines[1][0], "30.00", "成功", ""], *lines[2:]], "CARE-1759"),
            ([lines[0], lines[0], *lines[2:]], "CARE-1758"),
            ([["00000000-1-1", *lines[0][1:]], *lines[1:]], "CARE-1757")):
        said = answer(shared, number, wrong, code=1)
        assert what in said.err and "第" in said.err, said
    assert "CARE-1760" in answer(shared, number, lines, total="1.00", code=1).err
    assert batch(shared, number)["batch"]["balances"]["transit"] == -120000, "nothing of a wrong answer is booked"

    lines[1][2:] = ["失败", "账户不存在"]
    answer(shared, number, lines)
    answer(shared, number, lines)
    assert batch(shared, number)["batch"]["balances"]["bank"] == -90000, "the same answer twice counts once"
    second = rows(shared.ok("pay", "export", number, key="payer").out)
    assert len(second) == 3 and second[-1][2] == "300.00"
    answer(shared, number, [[second[1][0], "300.00", "成功", ""]])
    state = batch(shared, number)
    assert state["batch"]["state"] == "settled" and state["batch"]["open_steps"] is False
    said = shared.carectl("pay", "export", number, key="payer")
    assert said.code == 1 and "CARE-1755" in said.err, said
    assert "第 1 个（" in said.err and "第 2 个（" in said.err and "--file" in said.err, "the files there are, are named"
    assert [(file["lines"], file["unanswered"]) for file in state["files"]] == [(4, 0), (1, 0)]
    table = shared.ok("pay", "show", number).out
    assert "未回盘" in table and "1200.00" in table

    shared.ok("pay", "return", number, "2", "--reason", "account_closed", key="payer")
    shared.ok("pay", "reverse", number, "2", "--reason", "died", key="payer")
    assert batch(shared, number)["batch"]["balances"]["bank"] == -90000
    history = [line["title"] for line in shared.show(families[0].written)["history"]]
    assert "列入发放" in history and "发放结果" in history
    assert balanced(shared)["lines"] == 4
    audit = shared.ok("audit", "separation", "--json").json()
    assert audit["cases"] == 4 and audit["findings"] == []
    assert {(holder["function"], holder["actor"]) for holder in audit["holders"]} == {
        ("fund", "fund"), ("payment", "payer")}


def test_a_month_is_paid_once_whoever_asks(shared, families):
    number = shared.ok(
        "pay", "prepare", "--division", "431000", "--period", "2014-08..2014-10", "--clause", "CZ-2.1").out.strip()
    shared.ok("pay", "close", number, key="fund")
    months = sorted((line["first_month"], line["last_month"]) for line in batch(shared, number)["lines"])
    # One line of September was reversed above, so it is paid here together with October.
    assert months == [("2014-09", "2014-10")] + 3 * [("2014-10", "2014-10")]
    balanced(shared)


def test_what_is_taken_back_is_a_list_and_never_goes_to_a_bank(shared, families):
    """Paid for November, then it is told that the wife had died in August: her account is left alone."""
    family = Family(shared)
    family.register(serial=80)
    for person in (family.wife, family.husband):
        tell_account(family, person, "acc-80")
    shared.ready(projected=True)
    november = ("--division", "431002", "--period", "2014-11", "--clause", "CZ-2.1")
    number = shared.ok("pay", "prepare", *november).out.strip()
    shared.ok("pay", "close", number, key="fund")
    sent = rows(shared.ok("pay", "export", number, key="payer").out)
    answer(shared, number, [[row[0], row[2], "成功", ""] for row in sent[1:-1]])

    def death(command):
        command.record_death.person = family.wife

    family.tell("2014-08-20", fill=death)
    shared.ready(projected=True)
    waiting = shared.ok("rules", "arrears", "--kind", "recovery", "--json").json()["entries"]
    waiting = [entry for entry in waiting if entry["household"] == family.written]
    assert [entry["sum_fen"] for entry in waiting] == [30000, 30000], "the husband alone has the right at another age"
    for entry in waiting:
        shared.ok("pay", "decide", family.written, "recovery", "carry-out", "--determination", entry["determination"],
                  "--reason", "died", key="clerk-fp")
    back = ("--kind", "recovery", "--division", "431002", "--period", "2014-10..2014-12", "--clause", "CZ-2.1")
    shared.ready(projected=True)
    number = shared.ok("pay", "prepare", *back).out.strip()
    shared.ok("pay", "close", number, key="fund")
    assert [line["sum_fen"] for line in batch(shared, number)["lines"]] == [-30000, -30000]
    said = shared.ok("pay", "export", number, key="payer")
    assert "CARE-1448" in said.err and "应退清单" in said.err and "acc-80" not in said.out + said.err, said
    assert "-" not in "".join(row[3] for row in rows(said.out)), "nothing negative"
    listed = rows(said.out)
    assert listed[0][:4] == ["业务参考号", "户编号", "应退人", "应退金额"] and listed[-1][:4] == ["合计", "2 笔", "", "600.00"]
    notes = {row[2].split()[0]: (row[1], row[3], row[6]) for row in listed[1:-1]}
    assert notes["丈夫"] == (family.written, "300.00", ""), listed
    assert notes["妻子"][:2] == (family.written, "300.00") and "本人已故（2014-08-20）" in notes["妻子"][2], listed
    assert "CARE-7276" in answer(shared, number, [[listed[1][0], "-300.00", "成功", ""]], code=1).err
    husband = 1 + [row[2].split()[0] for row in listed[1:-1]].index("丈夫")
    shared.ok("pay", "collect", number, husband, key="payer")
    shared.ok("pay", "collect", number, 3 - husband, "--failed", "not_found", key="payer")
    states = {line["number"]: line["state"] for line in batch(shared, number)["lines"]}
    assert states == {husband: "paid", 3 - husband: "failed"}
    assert "未收回" in shared.ok("pay", "show", number).out
    assert batch(shared, number)["batch"]["balances"]["bank"] == 30000, "what came in"
    balanced(shared)


def test_what_is_paid_in_place_of_a_person_goes_to_the_institution(shared, families):
    """A premium (代缴) never stands with the family's account; until its fund's account is named it waits, and nothing else."""
    family = Family(shared)
    family.register(serial=86)
    for person in (family.wife, family.husband):
        tell_account(family, person, "acc-86")

    def enrolled(command):
        fact = command.state_fact
        fact.fact, fact.source = "person.pension_scheme", "form"
        fact.subject.person = family.wife
        fact.value.code = "resident"

    family.tell("2014-08-05", fill=enrolled)
    setting = ("rules", "set-parameter", "chenzhou-2014")
    shared.ok(*setting, "cz.min_pension_premium", "100", "--from", "2014-01-01")
    shared.ready(projected=True)
    january = ("--division", "431002", "--period", "2016-01", "--clause", "CZ-2.1", "--clause", "CZ-2.7e")
    number = shared.ok("pay", "prepare", *january).out.strip()
    shared.ok("pay", "close", number, key="fund")
    said = shared.ok("pay", "export", number, key="payer")
    assert "CARE-1468" in said.err and "cz.pension_fund_account" in said.err, said
    assert {row[3] for row in rows(said.out)[1:-1]} == {"CZ-2.1"}, "all others are sent"
    assert "acc-86" in said.out
    shared.ok(*setting, "cz.pension_fund_account", "fund-of-chenzhou", "--from", "2014-07-16", "--for", "431000")
    said = shared.ok("pay", "export", number, key="payer")
    sent = rows(said.out)[1:-1]
    assert [row[1:4] for row in sent] == [["fund-of-chenzhou", "100.00", "CZ-2.7e"]], said
    balanced(shared)
    answer(shared, number, [[sent[0][0], sent[0][2], "成功", ""]])

    def death(command):
        command.record_death.person = family.wife

    family.tell("2015-12-20", fill=death)
    shared.ready(projected=True)
    waiting = shared.ok("rules", "arrears", "--kind", "recovery", "--json", key="payer").json()["entries"]
    got = {one["clause"]: one["institutions"] for one in waiting if one["household"] == family.written}
    assert [(one["title_zh"], one["account_ref"]) for one in got["CZ-2.7e"]] == [
        ("居民养老保险经办机构", "fund-of-chenzhou")], got
    assert all(got[clause] == [] for clause in got if clause == "CZ-2.1"), "the family got that"
    shared.ok("pay", "decide", family.written, "recovery", "carry-out", "--clause", "CZ-2.7e", "--reason", "died",
              key="clerk-fp")
    back = ("--kind", "recovery", "--division", "431002", "--period", "2016-01", "--clause", "CZ-2.7e")
    shared.ready(projected=True)
    number = shared.ok("pay", "prepare", *back).out.strip()
    shared.ok("pay", "close", number, key="fund")
    said = shared.ok("pay", "export", number, key="payer")
    listed = rows(said.out)[1]
    assert "CARE-1448" not in said.err and "向清单写明的机构收回" in said.err, said
    assert listed[2:4] == ["居民养老保险经办机构", "100.00"] and "fund-of-chenzhou" in listed[6], listed
    shown = shared.ok("pay", "show", number, "--json", key="payer").json()
    assert [line["holders"][0]["account_ref"] for line in shown["lines"]] == ["fund-of-chenzhou"]
    balanced(shared)
    paid_to = {one["clause"]: one for one in shared.ok("rules", "facts", "chenzhou-2014", "--json").json()["payees"]}
    assert paid_to["CZ-2.3"]["parameter"] == "cz.accident_insurer_account"
    assert paid_to["CZ-2.7d"]["fact"] == "person.institution_account_ref"


def test_another_division_sees_nothing(shared, families):
    shared.new_key("elsewhere", "--division", "431003", "--right", "command", "--right", "query")
    assert shared.ok("pay", "ls", "--json", key="elsewhere").json()["batches"] == []
    assert shared.carectl("pay", "prepare", *MONTHS, key="elsewhere").code != 0


def test_an_interrupted_export_gives_the_same_file(deploy):
    deployment = deploy().up()
    for name in ("fund", "payer"):
        deployment.new_key(name, "--division", "431000", "--department", "dept.finance")
    family = Family(deployment)
    family.register(serial=90)
    for person in (family.wife, family.husband):
        tell_account(family, person, "acc-90")
    deployment.ready(projected=True)
    number = deployment.ok("pay", "prepare", *MONTHS).out.strip()
    deployment.ok("pay", "close", number, key="fund")
    file = deployment.folder / "bank.csv"
    log = Log(deployment)
    before = log.length()
    exporting = deployment.background("pay", "export", number, "--out", file, "--key", "payer", name="export")
    # The file is recorded; whether it was written too, nobody knows.
    until(lambda: log.length() > before or exporting.poll() is not None, "the file is recorded", 60, pause=0)
    exporting.kill()
    exporting.wait()
    file.unlink(missing_ok=True)
    # A folder that is not there: recorded before, and not written again.
    assert deployment.carectl("pay", "export", number, "--out", deployment.folder / "no" / "b.csv", key="payer").code != 0
    said = deployment.ok("pay", "export", number, "--out", file, key="payer")
    assert "第 1 个文件" in said.err, said
    assert rows(file.read_text(encoding="utf-8")) == rows(deployment.ok("pay", "export", number, "--file", "1").out)
    once = file.read_bytes()
    said = deployment.ok("pay", "export", number, "--out", file, key="payer")
    assert file.read_bytes() == once and "没有新的待送明细" in said.err, said
    assert [(one["number"], one["lines"]) for one in batch(deployment, number)["files"]] == [(1, 2)]
    assert balanced(deployment)["lines"] == 2


@pytest.mark.long
def test_killed_and_repeated_runs_pay_once(deploy, tmp_path):
    deployment = deploy().up()
    file = tmp_path / "district.ndjson"
    file.write_text(deployment.ok("synthesize", "--households", "200", "--years", "3", "--seed", "11").out)
    deployment.import_file(file)
    deployment.ready(projected=True, seconds=120)
    scope = ("--division", "431000", "--period", "2019-01..2026-06")
    deployment.new_key("fund", "--division", "431000", "--department", "dept.finance")
    number = deployment.ok("pay", "prepare", *scope).out.strip()
    log = Log(deployment)
    seen = [log.length()]
    for round, name in enumerate(("intake", "care-archive", "intake", "care-archive", "intake")):
        closing = deployment.background("pay", "close", number, "--key", "fund", name=f"close-{round}")
        # A moment after the families' files began to change, or the run ended.
        until(lambda: log.length() > seen[-1] or closing.poll() is not None, "orders", 60, pause=0)
        deployment.kill(name)
        closing.kill()
        closing.wait()
        deployment.start(name)
        deployment.ready(seconds=90)
        seen.append(log.length())
    print(f"events in the log before and after each kill: {seen}")
    deployment.ok("pay", "close", number, key="fund", timeout=300)
    state = batch(deployment, number)
    assert state["batch"]["state"] in ("frozen", "settled") and state["batch"]["lines"] > 50
    assert state["batch"]["members_done"] == state["batch"]["members"]
    other = deployment.ok("pay", "prepare", *scope, "--number", "2").out.strip()
    deployment.ok("pay", "close", other, key="fund", timeout=300)
    assert batch(deployment, other)["lines"] == [], "nobody is paid twice"
    balanced(deployment)
    assert deployment.ok("log", "verify", "--json").json()["sound"]
