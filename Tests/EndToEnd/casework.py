"""Casework as clerks do it with carectl, while services are killed: what is not answered is looked at and typed again.

Each desk is a thread with cases of its own: two districts of Wenzhou (application, public notice, objection, grant, batch,
bank) and a village of Xiamen (loan, instalments). A desk knows what it was told was recorded, and at the end the record must
hold that once.
"""

import csv
import io
import json
import random
import subprocess
import time

from deployment import Answer
from offices import couple

# Try again later, and service unreachable: whether it was recorded is not known.
KILLED = -9
OPEN_END = (69, 75, KILLED)
PROJECTS = ("WZ-3.1", "WZ-3.2")
PRICE = {"WZ-3.1": 350_000, "WZ-3.2": 300_000}


class Desk:
    """Somebody who does one case after the other until told to stop."""

    def __init__(self, deployment, name, seed):
        self.deployment, self.name, self._random = deployment, name, random.Random(f"{seed} {name}")
        self.stopped, self.failure = False, None
        self.commands = self.repeats = self.killed = self.cases = 0

    def run(self):
        try:
            while not self.stopped and self.case():
                self.cases += 1
        except Exception as error:  # Told by the thread that kills.
            self.failure = error

    def case(self):
        """Does one case whole; false when there is no other."""
        raise NotImplementedError

    def do(self, key, *words, done=None, patience=180):
        """Types a command until it is answered. One that says it may be repeated is killed now and then, and typed again;
        where typing it again would be another act, `done()` looks first."""
        end = time.monotonic() + patience
        while True:
            hurry = self._random.uniform(0.02, 0.4) if done is None and self._random.random() < 0.15 else None
            said = self.type(key, words, hurry or patience)
            self.commands += 1
            if said.code == 0:
                return said
            assert said.code in OPEN_END, said
            assert time.monotonic() < end, said
            self.repeats += 1
            if done and self.look(done):
                return said
            time.sleep(0.2)

    def type(self, key, words, seconds):
        """What carectl said; it is killed when it takes longer."""
        name = f"desk-{self.name}"
        process = self.deployment.background(*words, "--key", key, name=name)
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            code, self.killed = KILLED, self.killed + 1
        out, err = ((self.deployment.folder / f"{name}.{end}").read_text(errors="replace") for end in ("out", "err"))
        return Answer(words, code, out, err)

    def look(self, question):
        """The answer of a question that may find nobody there for a while."""
        end = time.monotonic() + 120
        while True:
            try:
                return question()
            except (AssertionError, subprocess.TimeoutExpired, json.JSONDecodeError):
                assert time.monotonic() < end, question
                time.sleep(0.2)

    def ask(self, *words, key=None):
        """A question, asked until it is answered."""
        return self.look(lambda: self.deployment.ok(*words, "--json", key=key).json())

    def settle(self):
        """Waits until everything recorded is shown."""
        self.look(lambda: self.deployment.carectl("ready", "--wait", "60s", "--projected", timeout=90).code == 0 or fail())


def fail():
    raise AssertionError("not ready")


class District(Desk):
    """A district of Wenzhou: three families at a time, from the declaration to what the bank did."""

    AT_ONCE = 3

    def __init__(self, deployment, name, division, homes, seed):
        super().__init__(deployment, name, seed)
        self.division, self.homes = division, list(homes)
        self.granted, self.batches, self.paid = {}, [], {}
        self.released = 0

    def case(self):
        families = [self.homes.pop() for _ in range(min(self.AT_ONCE, len(self.homes)))]
        for place, home in enumerate(families):
            clause = PROJECTS[(len(self.granted) + place) % 2]
            self.apply(home, clause, objected=place == 0)
            self.grant(home, clause, twice=place == 1)
        if families:
            self.settle()
            self.pay(families)
        return bool(self.homes)

    # The application

    def acts(self, home):
        found = self.deployment.ok("apply", "show", home, "--json").json()["applications"]
        return [act["kind"] for act in found[-1]["acts"]] if found else []

    def act(self, home, kind, so_many, *words, key="typist"):
        self.do(key, "apply", *words, done=lambda: self.acts(home).count(kind) >= so_many)

    def apply(self, home, clause, objected):
        papers = [word for paper in ("application_form", "certificates") for word in ("--paper", paper)]
        self.act(home, "ApplicationSubmitted", 1, "submit", home, clause, *papers, "--on", "2021-06-01")
        self.act(home, "ApplicationForwarded", 1, "forward", home, "--on", "2021-06-02")
        self.act(home, "PublicNoticeOpened", 1, "notice", home, "--on", "2021-06-03")
        if objected:
            self.act(home, "ObjectionRecorded", 1, "object", home, "--reason", "income", "--on", "2021-06-04")
            self.act(home, "ObjectionDecided", 1, "answer", home, "--verdict", "dismissed", "--finding", "visited", "--on",
                     "2021-06-07", key="evaluator")
        self.act(home, "ApplicationForwarded", 2, "forward", home, "--paper", "notice_sheet", "--on", "2021-06-09")
        self.act(home, "ApplicationConfirmed", 1, "confirm", home, "--on", "2021-06-09")

    # The grant

    def grants(self, home):
        return self.ask("grant", "list", "--year", "2021", "--household", home, key="city")["grants"]

    def grant(self, home, clause, twice):
        give = ("grant", "give", home, clause, "--unit", self.division, "--year", "2021", "--on", "2021-06-15")
        number = self.do(self.name, *give).out.strip()
        if twice:
            self.do(self.name, "grant", "release", number, "--reason", "typing_error", "--on", "2021-06-16",
                    done=lambda: [one["state"] for one in self.grants(home)] == ["released"])
            self.released += 1
            self.do(self.name, *give[:-1], "2021-06-17")
        self.granted[home] = clause

    # The money

    def pay(self, families):
        # What was granted after the first batch the next regular one pays; somebody may decide about it as arrears as well.
        kind = "arrears" if len(self.batches) % 2 else "regular"
        scope = ("--division", self.division, "--period", "2021", "--kind", kind, "--number", str(len(self.batches) + 1))
        if kind == "arrears":
            for home in families:
                self.do(self.name, "pay", "decide", home, "arrears", "carry-out", "--reason", "second_batch",
                        done=lambda home=home: self.decided(home))
            self.settle()
        number = self.do("fund", "pay", "prepare", *scope).out.strip()
        self.do("fund", "pay", "close", number)
        self.batches.append(number)
        lines = self.ask("pay", "show", number, key="fund")["lines"]
        assert sorted(line["household"] for line in lines) == sorted(families), (number, lines)
        rows = self.export(number)
        # The bank sends one of them back, and pays it with the next file.
        self.answer(number, [row + (["失败", "账户不存在"] if place == 0 else ["成功", ""]) for place, row in enumerate(rows)])
        again = self.export(number)
        assert [row[1] for row in again] == [rows[0][1]], again
        self.answer(number, [row + ["成功", ""] for row in again])
        for line in lines:
            self.paid[line["household"]] = line["sum_fen"]

    def decided(self, home):
        history = self.deployment.ok("household", "show", home, "--json", key="city").json()["history"]
        return any(entry["kind"] == "DueDecided" for entry in history)

    def export(self, number):
        """(reference, yuan) of each line of the file for the bank."""
        text = self.do("payer", "pay", "export", number).out.lstrip("\ufeff")
        return [[row[0], row[2]] for row in list(csv.reader(io.StringIO(text)))[1:-1]]

    def answer(self, number, lines):
        file = self.deployment.folder / f"answer-{self.name}.csv"
        total = sum(round(float(line[1]) * 100) for line in lines)
        table = [["业务参考号", "金额", "结果", "原因"], *lines, ["合计", f"{total / 100:.2f}", str(len(lines)), ""]]
        file.write_text("\n".join(",".join(row) for row in table), encoding="utf-8")
        self.do("payer", "pay", "answer", number, file)

    # What must be true

    def check(self):
        """Each family: one application with each act once, one grant that stands, one payment of its sum."""
        kinds = ["ApplicationSubmitted", "ApplicationForwarded", "PublicNoticeOpened", "ApplicationForwarded",
                 "ApplicationConfirmed"]
        for home, clause in self.granted.items():
            (application,) = self.ask("apply", "show", home)["applications"]
            found = [act["kind"] for act in application["acts"] if not act["kind"].startswith("Objection")]
            assert found[:5] == kinds and found.count("ApplicationConfirmed") == 1, (home, found)
            grants = self.grants(home)
            assert [one["clause"] for one in grants if one["state"] == "confirmed"] == [clause], grants
            assert {one["state"] for one in grants} <= {"confirmed", "released"}, grants
        assert self.paid == {home: PRICE[self.granted[home]] for home in self.paid}
        told = [line for number in self.batches for line in self.ask("pay", "show", number, key="fund")["lines"]]
        assert sorted(line["household"] for line in told) == sorted(self.paid), "everybody once"
        assert {line["state"] for line in told} <= {"paid"}, told
        self.check_numbers()

    def check_numbers(self):
        """The remainder is what was given, not a place more or less."""
        page = self.ask("quota", "show", "--year", "2021", "--unit", self.division, key="city")
        for clause in PROJECTS:
            cell = next(cell for cell in page["units"][0]["cells"] if cell["clause"] == clause)
            given = sum(1 for one in self.granted.values() if one == clause)
            assert (cell["confirmed"], cell["left"]) == (given, cell["places"] - given), (clause, cell, given)


class Village(Desk):
    """Loans of Xiamen: from the application to instalments that came back."""

    AMOUNT, PARTS = 8_000, 4

    def __init__(self, deployment, fund, division, homes, seed):
        super().__init__(deployment, "village", seed)
        self.fund, self.division, self.homes = fund, division, list(homes)
        self.loans = {}

    def case(self):
        home = self.homes.pop()
        case = self.do(
            "village", "loan", "apply", home, "--fund", self.fund, "--amount", str(self.AMOUNT), "--purpose", "shop", "--on",
            "2018-01-02").out.strip()
        for level, key in (("village", "village"), ("township", "township"), ("district", "district")):
            self.do(key, "loan", "review", case, "--level", level, "--on", "2018-01-05")
        on = ("--on", "2018-01-08")
        self.do("village", "loan", "helper", case, "--helper", "cadre-3", *on)
        self.do("village", "loan", "guarantee", case, "--committee", self.division, "--paper", "g-1", *on)
        days = [f"2018-{month:02d}-28={self.AMOUNT // self.PARTS}" for month in range(3, 3 + self.PARTS)]
        self.do("village", "loan", "sign", case, "--party", "applicant",
                *[word for day in days for word in ("--instalment", day)], *on)
        self.do("village", "loan", "sign", case, "--party", "project_lead", *on)
        self.do("township", "loan", "sign", case, "--party", "township", *on)
        self.do("village", "loan", "inform", case, *on)
        self.do("xm-payer", "loan", "disburse", case, "--on", "2018-01-10")
        self.loans[case] = 0
        for part in range(self.PARTS - 1):
            self.do("treasurer", "loan", "repay", case, "--amount", str(self.AMOUNT // self.PARTS), "--receipt",
                    f"{case[:8]}-{part}", "--on", f"2018-{3 + part:02d}-20")
            self.loans[case] += 1
        return bool(self.homes)

    def check(self, capital):
        """Every mother owes one instalment; the fund holds the rest, and its postings add up to nothing."""
        part = self.AMOUNT // self.PARTS * 100
        for case, repaid in self.loans.items():
            page = self.ask("loan", "show", case, "--as-of", "2018-12-31", key="village")
            assert page["loan"]["outstanding_fen"] == self.AMOUNT * 100 - repaid * part, page["loan"]
            paid = [act for act in page["acts"] if (act["detail"] or "").startswith(case[:8])]
            assert len(paid) == repaid, page["acts"]
        page = self.ask("fund", "show", self.fund, key="treasurer")["fund"]
        out = sum(self.AMOUNT * 100 - repaid * part for repaid in self.loans.values())
        assert sum(page["balances"].values()) == 0 and page["findings"] == [], page
        assert (page["outstanding_fen"], page["available_fen"]) == (out, capital - out), page


def families(first, count, division, prefix):
    """Rows of a roster of so many couples."""
    return [row for number in range(first, first + count)
            for row in couple(number, 户标识=f"{prefix}{number}", 档案号=f"{prefix}-{number}", 建档日期="2014-08-04",
                              区划代码=division)]
