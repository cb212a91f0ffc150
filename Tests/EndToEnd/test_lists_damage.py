"""A byte of the lists' file turns on the disk: no list is ever wrong; the lists are made anew from the log by themselves."""

import random

import pytest

from deployment import until
from offices import couple, write_roster

PAGE = 8192


@pytest.fixture
def listed(deploy, tmp_path):
    """A deployment whose lists were just rebuilt, so that every page stands in the file itself, and what they say."""
    deployment = deploy().up()
    roster = [row for number in range(1, 31) for row in couple(number)]
    deployment.import_file(write_roster(tmp_path / "roster.csv", roster))
    deployment.ready(projected=True)
    deployment.ok("projection", "rebuild")
    deployment.ready(projected=True)
    return deployment


def says(deployment):
    """Every list that is asked for every day."""
    return [
        sorted(line["household"] for line in deployment.households()),
        deployment.ok("pairing", "missing", "--limit", "0", "--json").json(),
        deployment.ok("pairing", "coverage", "--json").json(),
    ]


def lists_file(deployment):
    folder = deployment.data / "read-model"
    return folder / (folder / "current").read_text().strip()


def turn(path, pages):
    """Turns one bit somewhere in each of these pages."""
    numbers = random.Random(7)
    with open(path, "r+b") as file:
        for page in pages:
            place = page * PAGE + numbers.randrange(PAGE)
            file.seek(place)
            byte = file.read(1)[0]
            file.seek(place)
            file.write(bytes([byte ^ 1 << numbers.randrange(8)]))


def damages(deployment):
    text = deployment.http("care-archive", "/metrics")[1]
    line = next((line for line in text.splitlines() if line.startswith("guanhuai_archive_read_model_damages_total ")), None)
    return float(line.split()[1]) if line else 0


@pytest.mark.parametrize("end", ["stop", "kill"])
@pytest.mark.parametrize("where", ["the first page", "one page", "everywhere"])
def test_damaged_lists_are_made_anew_by_themselves(listed, end, where):
    before = says(listed)
    path = lists_file(listed)
    getattr(listed, end)("care-archive")
    # What was written last would be put right from here; without it the log has it.
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    count = path.stat().st_size // PAGE
    assert count > 15
    turn(path, {"the first page": [0], "one page": [count // 2], "everywhere": range(1, count)}[where])
    listed.start("care-archive")
    # Whoever asks at once waits for the new lists; nobody is shown the damaged ones.
    assert says(listed) == before
    until(lambda: damages(listed) >= 1, "the damage is counted")
    assert "the lists are damaged on the disk" in listed.log("care-archive")
    until(lambda: listed.http("care-archive", "/readyz")[0] == 200, "ready again")
    assert says(listed) == before
    assert lists_file(listed) != path
    assert damages(listed) == 1
    assert listed.ok("log", "verify", "--json").json()["sound"]
