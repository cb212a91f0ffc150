"""kill -9 of services at random moments while cases are worked on: applications, public notices, guidance numbers, batches,
the bank's answers, loans and repayments. Nothing twice, nothing lost, every book adds up to nothing.

GUANHUAI_CASEWORK_KILLS says how often (60). Only `Tests/soak --kills 0 --casework 60` runs it: by its name it is none of the tests
that run each time.
"""

import json
import os
import random
import threading
import time

import pytest
from casework import District, Village, families
from offices import write_roster
from test_kills import check_rebuild
from test_wenzhou import LONGWAN, LUCHENG, QUOTAS

KILLS = int(os.environ.get("GUANHUAI_CASEWORK_KILLS", "60"))
VILLAGE = "350203001001"
CAPITAL = 2_000_000
RIGHTS = ("--right", "command", "--right", "query")
KEYS = (
    ("city", "330300", "dept.health_commission"), ("lucheng", LUCHENG, "dept.health_commission"),
    ("longwan", LONGWAN, "dept.health_commission"), ("fund", "330300", "dept.finance"), ("payer", "330300", "dept.finance"),
    ("evaluator", "330300", "dept.fp_association"), ("treasurer", "350200", "dept.fp_association"),
    ("xm-payer", "350200", "dept.fp_association"), ("village", "350200", "org.community"), ("township", "350200", "org.township"),
    ("district", "350203", "dept.fp_association"))


def office(deployment, tmp_path):
    """Keys, numbers, a fund, and families with their facts: ids of each district's and of the village's."""
    for pack in ("wenzhou-2021", "xiamen-2017"):
        deployment.ok("rules", "publish", pack)
    deployment.ok("rules", "set-parameter", "wenzhou-2021", "wz.public_notice_days", "5", "--from", "2021-01-01")
    for name, division, department in KEYS:
        deployment.new_key(name, "--division", division, "--department", department, *RIGHTS)
    deployment.new_key("typist", "--division", "330300", "--department", "dept.health_commission", *RIGHTS, "--right",
                       "import-history")
    (tmp_path / "quotas.csv").write_text(QUOTAS, encoding="utf-8")
    deployment.ok("quota", "import", tmp_path / "quotas.csv", "--year", "2021", key="city")
    for unit in (LUCHENG, LONGWAN):
        for clause in ("WZ-3.1", "WZ-3.2"):
            deployment.ok("quota", "set", clause, "400", "--unit", unit, "--year", "2021", "--reason", "soak", key="city")
    fund = deployment.ok("fund", "open", "--division", "350203", "--mode", "revolving_loan", "--on", "2017-01-03",
                         key="treasurer").out.strip()
    deployment.ok("fund", "deposit", fund, "--amount", str(CAPITAL), "--payer", "district", "--receipt", "in", "--on",
                  "2017-01-04", key="treasurer")
    homes = {}
    for prefix, first, count, division in (
            ("L", 0, 120, LUCHENG + "001"), ("W", 120, 120, LONGWAN + "001"), ("X", 240, 150, VILLAGE)):
        rows = families(first, count, division, prefix)
        counts, said = deployment.import_file(write_roster(tmp_path / f"{prefix}.csv", rows))
        assert counts == {"new": count}, said
        homes[prefix] = []
    for line in deployment.households():
        homes[line["archive_number"][0]].append(line["household"])
    facts(deployment, tmp_path, homes)
    return fund, homes


def facts(deployment, tmp_path, homes):
    """What the clauses ask of the families, and an account of each in Wenzhou."""
    lines = []

    def state(home, fact, value, on, **more):
        lines.append({"command": "state_fact", "household": home, "occurred_on": on, "fact": fact, "value": value, **more})

    for home in homes["X"]:
        state(home, "household.fp_hardship", True, "2016-03-01", source="certificate")
    for home in homes["L"] + homes["W"]:
        for fact in ("fp_hardship", "health_need", "special_family"):
            state(home, f"household.{fact}", True, "2021-01-05", source="certificate")
        wife = next(member["person"] for member in deployment.show(home)["members"] if member["role"] == "wife")
        state(home, "person.account_ref", {"reference": f"acc-{home}"}, "2021-01-05", source="form", person=wife)
    file = tmp_path / "facts.ndjson"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    deployment.import_file(file)
    deployment.ready(projected=True)


class Killer:
    """Kills a service at a moment, starts it again after another, and waits until work goes on."""

    def __init__(self, deployment, desks, seed):
        self._deployment, self._desks, self._random = deployment, desks, random.Random(seed)
        self.kills = {"intake": 0, "care-archive": 0, "eligibility": 0}

    def strike(self):
        wanted = self.commands + 1
        end = time.monotonic() + 300
        while self.commands < wanted and self.at_work:
            assert time.monotonic() < end, f"nothing goes on (kills so far {self.kills})"
            time.sleep(0.01)
        time.sleep(self._random.random() * 0.6)
        names = self._random.choices(list(self.kills), (4, 4, 1))
        if self._random.random() < 0.15:
            names = ["intake", "care-archive"]
        for name in names:
            self._deployment.kill(name)
            self.kills[name] += 1
        time.sleep(self._random.choice((0, 0, self._random.random() * 2)))
        for name in reversed(names):
            self._deployment.start(name)

    @property
    def commands(self):
        return sum(desk.commands for desk in self._desks)

    @property
    def at_work(self):
        failed = [desk.failure for desk in self._desks if desk.failure]
        if failed:
            raise failed[0]
        return True

    @property
    def count(self):
        return sum(self.kills.values())


@pytest.mark.long
def test_cases_go_on_whatever_is_killed(deploy, tmp_path):
    seed = int(os.environ.get("GUANHUAI_SEED", str(random.randrange(1 << 30))))
    print(f"GUANHUAI_SEED={seed}")
    deployment = deploy().up()
    fund, homes = office(deployment, tmp_path)
    desks = [District(deployment, "lucheng", LUCHENG, homes["L"], seed),
             District(deployment, "longwan", LONGWAN, homes["W"], seed),
             Village(deployment, fund, VILLAGE, homes["X"], seed)]
    threads = [threading.Thread(target=desk.run, name=desk.name) for desk in desks]
    for thread in threads:
        thread.start()
    killer = Killer(deployment, desks, seed)
    try:
        while killer.count < KILLS and any(thread.is_alive() for thread in threads):
            killer.strike()
    finally:
        for desk in desks:
            desk.stopped = True
        for thread in threads:
            thread.join(600)
    assert killer.at_work and not any(thread.is_alive() for thread in threads)
    print(f"{killer.kills}; " + "; ".join(
        f"{desk.name}: {desk.cases} rounds, {desk.commands} commands, {desk.killed} killed, {desk.repeats} typed again"
        for desk in desks))
    assert killer.count >= KILLS, "the families ran out before"
    deployment.ready(projected=True, seconds=90)
    for desk in desks[:2]:
        desk.check()
    desks[2].check(CAPITAL * 100)
    books = deployment.ok("pay", "reconcile", "--json", key="fund").json()
    assert books["sum_fen"] == 0 and books["findings"] == [], books
    # Ends with 1 for each, because neither sees the other's cases.
    for key in ("city", "treasurer"):
        assert deployment.carectl("audit", "separation", "--json", key=key).json()["findings"] == []
    check_rebuild(deployment)
