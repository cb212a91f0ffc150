"""kill -9 of any service at random moments while families come in: what was acknowledged is there exactly once.

GUANHUAI_KILLS says how often (20), GUANHUAI_SEED repeats a run. `Tests/soak --kills 300` runs hundreds.
"""

import json
import os
import random
import re

import pytest

from deployment import SERVICES, until
from recorder import Log, Recorder, check_acknowledged, check_persons, check_streams, family_commands, whole_log

KILLS = int(os.environ.get("GUANHUAI_KILLS", "20"))
QUESTIONS = [
    ("household", "find", "--limit", "0", "--json"), ("pairing", "coverage", "--json"),
    ("pairing", "missing", "--json"), ("notice", "ls", "--limit", "0", "--json"),
]


class Killer:
    """Kills a service, starts it again at once, and lets the others work a while before the next."""

    def __init__(self, deployment, seed):
        self._deployment, self._random = deployment, random.Random(seed)
        self.kills = {name: 0 for name in SERVICES}

    def strike(self, recorder):
        # The two that every command passes are hit most.
        name = self._random.choices(("care-archive", "intake", "eligibility", "notifier"), (3, 3, 2, 1))[0]
        wanted = len(recorder.receipts) + self._random.randrange(1, 25)
        until(lambda: recorder.turn() or len(recorder.receipts) >= wanted or recorder.is_done,
              f"{wanted} answers (kills so far {self.kills})", 60, pause=0)
        for _ in range(self._random.randrange(3)):
            recorder.turn(self._random.random() / 50)
        self._deployment.kill(name)
        self._deployment.start(name)
        self.kills[name] += 1


class Imports:
    """carectl importing one invented district after the other, so that there is always an import to disturb."""

    def __init__(self, deployment, folder, seed):
        self._deployment, self._folder, self._seed = deployment, folder, seed
        self.files, self._people = [], set()
        self._start()

    def _strangers(self):
        """A district where nobody has an ID number of somebody who came before: a second family would be refused it."""
        while True:
            text = self._deployment.ok("synthesize", "--households", "60", "--years", "3", "--seed", self._seed).out
            self._seed += 1
            people = set(re.findall(r'"id_number":"(\w+)"', text))
            assert people
            if self._people.isdisjoint(people):
                self._people |= people
                return text

    def _start(self):
        file = self._folder / f"district-{len(self.files)}.ndjson"
        text = self._strangers()
        file.write_text(text)
        self.files.append((file, len(text.splitlines())))
        self._process = self._deployment.background("case", "import", file, "--json", "--quiet", name=file.stem)

    def go_on(self):
        if self._process.poll() is not None:
            self.finish()
            self._start()

    def finish(self):
        """carectl's own account: every line recorded, none refused."""
        file, lines = self.files[-1]
        said = (self._deployment.folder / f"{file.stem}.err").read_text()[-2000:]
        code = self._process.wait(300)
        counts = json.loads((self._deployment.folder / f"{file.stem}.out").read_text())
        for _ in range(20):
            if not counts["queued"]:
                break
            # The line was down for so long that intake kept lines itself: what names those is brought in again, as it says.
            self._deployment.ready()
            again = self._deployment.carectl("case", "import", file, "--json", "--quiet", timeout=300)
            code, said, counts = again.code, again.err[-2000:], again.json()
        assert code == 0, said
        assert counts["refused"] == 0 and counts["new"] + counts["changed"] + counts["repeated"] == lines, counts

    def check_again(self):
        """The same files again find all of their lines in the record."""
        for file, lines in self.files:
            again, _ = self._deployment.import_file(file)
            assert again == {"repeated": lines}


@pytest.mark.long
def test_what_was_acknowledged_is_there_exactly_once(deploy, tmp_path):
    seed = int(os.environ.get("GUANHUAI_SEED", str(random.randrange(1 << 30))))
    print(f"GUANHUAI_SEED={seed}")
    deployment = deploy().up()
    imports = Imports(deployment, tmp_path, seed)
    recorder, killer = Recorder(deployment), Killer(deployment, seed)
    families = 0
    for _ in range(KILLS):
        while recorder.waiting < 16:
            recorder.add(family_commands(seed, families))
            families += 1
        killer.strike(recorder)
        imports.go_on()
    recorder.run(90)
    imports.finish()
    deployment.ready(projected=True, seconds=90)
    lines = sum(lines for _, lines in imports.files)
    print(f"{killer.kills}, {len(recorder.receipts)} receipts, {recorder.repeats} repeats, {lines} imported lines")
    assert not recorder.refusals, list(recorder.refusals.values())[:3]
    assert len(recorder.receipts) == 6 * families
    # The county's own department sees every statement; the operator's key does not.
    deployment.new_key("reader", "--division", "000000", "--department", "dept.fp", "--right", "query")
    streams = whole_log(deployment, "reader")
    check_acknowledged(streams, recorder.receipts)
    check_streams(streams)
    check_persons(deployment)
    imports.check_again()
    check_rebuild(deployment)


def come_to_rest(deployment, seconds=60):
    """Waits until nobody records anything more: whoever stands at the head may still have something to say."""
    heads, log = [], Log(deployment)

    def rests():
        deployment.ready(projected=True, seconds=seconds)
        heads.append(log.length())
        return heads[-3:].count(heads[-1]) == 3

    until(rests, "nothing is recorded any more", seconds, pause=1.0)


def check_rebuild(deployment, *also, seconds=60):
    """The log is sound; lists and archive, of some households and of `also`, equal those of a rebuild from zero."""
    assert deployment.ok("log", "verify", "--json", timeout=seconds).json()["sound"]
    come_to_rest(deployment, seconds)
    before = [deployment.ok(*question).out for question in QUESTIONS]
    some = [*(line["household"] for line in deployment.households()[::7]), *also]
    exports = {own: deployment.export(own) for own in some}
    deployment.ok("projection", "rebuild", timeout=seconds)
    deployment.ready(projected=True, seconds=seconds)
    for question, text in zip(QUESTIONS, before):
        assert deployment.ok(*question).out == text, question
    assert {own: deployment.export(own) for own in some} == exports
