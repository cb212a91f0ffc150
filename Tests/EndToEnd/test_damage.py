"""A household whose record is damaged under the running services: named, closed, left out; all others are served."""

import contextlib
import sqlite3

import pytest

from deployment import until
from offices import couple, write_roster
from test_drill import flip, rewrite
from test_rules import HIGHER, version


def fences(deployment, count):
    """Waits until the metrics show so many damaged streams that take no events."""
    line = f"guanhuai_archive_fenced_streams {count}\n"
    until(lambda: line in deployment.http("care-archive", "/metrics")[1], f"{count} fenced")


def replayed(deployment, pack, *options):
    answer = deployment.carectl("rules", "replay", "--pack", pack, "--from", "2016-01-01", "--output", "json", *options)
    assert answer.code in (0, 1), answer
    return answer


def test_damage_met_while_running_closes_the_household_and_is_named(deploy, tmp_path):
    deployment = deploy().up()
    roster = [row for number in range(1, 6) for row in couple(number)]
    counts, _ = deployment.import_file(write_roster(tmp_path / "roster.csv", roster))
    assert counts == {"new": 5}
    deployment.ready(projected=True)
    deployment.stop()
    file = deployment.data / "log" / "events.sqlite"
    # Everything into the one file, where the byte is to turn.
    with contextlib.closing(sqlite3.connect(file)) as log:
        assert log.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[:2] == (0, 0)
    deployment.start()
    deployment.ready(projected=True)
    higher = version(tmp_path / "2016-01-01.yaml", "2016-01-01", HIGHER)
    whole = replayed(deployment, higher).json()
    assert whole["totals"]["households"] == 5 and whole["left_out"] == []
    assert replayed(deployment, higher, "--from-log").json() == whole
    # A byte of one family's record turns on the disk, far from where new events are written.
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as log:
        rows = log.execute("SELECT position, sequence, record FROM events WHERE sequence > 1").fetchall()
    content = file.read_bytes()
    position, sequence, record = next(row for row in rows if b"household-" in row[2] and content.count(row[2]) == 1)
    household = record[record.index(b"household-") + 10:][:26].decode()
    flip(file, content.index(record) + len(record) - 3)
    # Something new, so that nobody answers from what was read before.
    counts, _ = deployment.import_file(write_roster(tmp_path / "more.csv", couple(6)))
    assert counts == {"new": 1}
    deployment.ready(projected=True)
    answer = replayed(deployment, higher, "--from-log")
    assert answer.json()["left_out"] == [household], answer
    assert answer.json()["totals"]["households"] == 5 and household in answer.err
    fences(deployment, 1)
    assert "guanhuai_archive_unplaced_damage 0" in deployment.http("care-archive", "/metrics")[1]
    # The columns hold what the family was before it was damaged; it does not count either.
    columns = replayed(deployment, higher)
    assert columns.json() == answer.json()
    # It takes nothing, the others do.
    assert deployment.show(household)["fenced"]
    export = deployment.carectl("household", "export", household, "--canonical")
    assert export.code == 3 and "CARE-6246" in export.err and export.out, export
    command = (
        f'{{"command":"open_plan_item","household":"{household}","occurred_on":"2025-01-01",'
        '"department":"dept.fp"}\n').encode()
    refused = deployment.carectl("case", "import", "-", text=command)
    assert refused.code == 1 and "CARE-2003" in refused.err, refused
    # Elsewhere nobody learns that there is such a family.
    deployment.new_key("elsewhere", "--division", "330302")
    refused = deployment.carectl("case", "import", "-", text=command, key="elsewhere")
    assert refused.code == 1 and "CARE-2003" not in refused.err and "损坏" not in refused.err, refused
    told = deployment.carectl("log", "verify")
    assert told.code == 1 and household in told.out


def test_a_row_that_is_gone_closes_its_household_only(deploy, tmp_path):
    """A row removed with an SQL tool from the log of a killed archive: what came after it says whose it was."""
    deployment = deploy().up()
    roster = [row for number in range(1, 6) for row in couple(number)]
    deployment.import_file(write_roster(tmp_path / "roster.csv", roster))
    deployment.ready(projected=True)
    homes = sorted(line["household"] for line in deployment.households())
    deployment.stop("notifier", "eligibility", "intake")
    deployment.kill("care-archive")
    log = deployment.data / "log"
    with contextlib.closing(sqlite3.connect(log / "events.sqlite")) as database:
        rows = database.execute("SELECT position, sequence, record FROM events ORDER BY position").fetchall()
        position, record = next(
            (row[0], row[2]) for row in rows if row[1] == 2 and homes[0].encode() in bytes(row[2]))
        database.execute("DELETE FROM events WHERE position = ?", (position,))
        database.commit()
    (log / "events.image").unlink(missing_ok=True)
    deployment.start()
    deployment.ready()
    fences(deployment, 1)
    assert f"household-{homes[0]}" in deployment.log("care-archive")
    command = '{{"command":"open_plan_item","household":"{}","occurred_on":"2025-01-01","department":"dept.fp"}}\n'
    refused = deployment.carectl("case", "import", "-", text=command.format(homes[0]).encode())
    assert refused.code == 1 and "CARE-2003" in refused.err, refused
    deployment.ok("case", "import", "-", text=command.format(homes[1]).encode())
    told = deployment.carectl("log", "verify")
    assert told.code == 1 and homes[0] in told.out and homes[1] not in told.out, told


def five():
    return [row for number in range(1, 6) for row in couple(number)]


def rows_of(deployment, household):
    """Positions, sequences and records of a family, from the files of an archive that does not run."""
    with contextlib.closing(sqlite3.connect(deployment.data / "log" / "events.sqlite")) as database:
        rows = database.execute("SELECT position, sequence, record FROM events ORDER BY position").fetchall()
    return [row for row in rows if f"household-{household}".encode() in bytes(row[2])]


def exchange(deployment, one, other):
    """Two rows change places, as an SQL tool does it."""
    with contextlib.closing(sqlite3.connect(deployment.data / "log" / "events.sqlite")) as database:
        for old, new in ((one, -1), (other, one), (-1, other)):
            database.execute("UPDATE events SET position = ? WHERE position = ?", (new, old))
        database.commit()
    (deployment.data / "log" / "events.image").unlink(missing_ok=True)


def test_two_exchanged_rows_close_their_household_only(deploy, tmp_path):
    deployment = deploy().up()
    deployment.import_file(write_roster(tmp_path / "roster.csv", five()))
    deployment.ready(projected=True)
    homes = sorted(line["household"] for line in deployment.households())
    whole = {home: deployment.export(home) for home in homes}
    deployment.stop("notifier", "eligibility", "intake")
    deployment.kill("care-archive")
    rows = rows_of(deployment, homes[0])
    exchange(deployment, rows[1][0], rows[2][0])
    told = deployment.carectl("log", "verify", "--json")
    damages = told.json()["damages"]
    assert told.code == 1 and {damage["stream"] for damage in damages} == {f"household-{homes[0]}"}, told
    assert {rows[1][0], rows[2][0]} <= {damage["position"] for damage in damages}
    deployment.start()
    deployment.ready()
    fences(deployment, 1)
    command = '{{"command":"open_plan_item","household":"{}","occurred_on":"2025-01-01","department":"dept.fp"}}\n'
    refused = deployment.carectl("case", "import", "-", text=command.format(homes[0]).encode())
    assert refused.code == 1 and "CARE-2003" in refused.err, refused
    for home in homes[1:]:
        assert deployment.export(home) == whole[home]
        deployment.ok("case", "import", "-", text=command.format(home).encode())
    # What is left does not even tell where the family belongs: no export rather than a part that looks whole.
    export = deployment.carectl("household", "export", homes[0], "--canonical")
    assert export.code == 1 and "CARE-3511" in export.err and not export.out, export


@pytest.mark.parametrize("stopped", ["killed", "in order"])
def test_a_newest_event_rewritten_with_its_hash_closes_its_household_only(deploy, tmp_path, stopped):
    deployment = deploy().up()
    deployment.import_file(write_roster(tmp_path / "roster.csv", five()))
    deployment.ready(projected=True)
    homes = sorted(line["household"] for line in deployment.households())
    whole = {home: deployment.export(home) for home in homes}
    deployment.stop("notifier", "eligibility", "intake")
    if stopped == "killed":
        deployment.kill("care-archive")
    else:
        deployment.stop("care-archive")
    position, _, record = rows_of(deployment, homes[0])[-1]
    rewrite(deployment, position, record)
    told = deployment.carectl("log", "verify", "--json")
    damages = told.json()["damages"]
    assert told.code == 1 and {damage["stream"] for damage in damages} == {f"household-{homes[0]}"}, told
    assert {damage["position"] for damage in damages} == {position}, told
    deployment.start()
    deployment.ready()
    if stopped == "in order":
        # Behind the saved heads the start does not look; whoever reads the family does.
        deployment.carectl("household", "show", homes[0])
    fences(deployment, 1)
    command = '{{"command":"open_plan_item","household":"{}","occurred_on":"2025-01-01","department":"dept.fp"}}\n'
    refused = deployment.carectl("case", "import", "-", text=command.format(homes[0]).encode())
    assert refused.code == 1 and "CARE-2003" in refused.err, refused
    for home in homes[1:]:
        assert deployment.export(home) == whole[home]
        deployment.ok("case", "import", "-", text=command.format(home).encode())


def test_rows_behind_the_end_are_nobodys(deploy, tmp_path):
    """A row added to the file of a stopped archive, and the newest row with another number."""
    deployment = deploy().up()
    deployment.import_file(write_roster(tmp_path / "roster.csv", five()))
    deployment.ready(projected=True)
    homes = sorted(line["household"] for line in deployment.households())
    whole = {home: deployment.export(home) for home in homes}
    deployment.stop()
    with contextlib.closing(sqlite3.connect(deployment.data / "log" / "events.sqlite")) as database:
        end = database.execute("SELECT max(position) FROM events").fetchone()[0]
        source = rows_of(deployment, homes[0])[-1][0]
        for number in (end + 1, end + 1_000_000, -5):
            database.execute(
                "INSERT INTO events SELECT ?, stream, sequence + 1, position, kind, day, record, hash FROM events "
                "WHERE position = ?", (number, source))
        database.commit()
    told = deployment.carectl("log", "verify", "--json")
    assert told.code == 1 and [damage["kind"] for damage in told.json()["damages"]] == ["stray"] * 3, told
    assert all(f"household-{homes[0]}" in damage["detail"] for damage in told.json()["damages"])
    deployment.start()
    deployment.ready()
    assert deployment.log("care-archive").count("set aside or mended") == 3
    fences(deployment, 0)
    command = '{{"command":"open_plan_item","household":"{}","occurred_on":"2025-01-01","department":"dept.fp"}}\n'
    for home in homes:
        assert deployment.export(home) == whole[home]
        deployment.ok("case", "import", "-", text=command.format(home).encode())
    told = deployment.carectl("log", "verify", "--json")
    assert told.code == 0 and len(told.json()["set_aside"]) == 3, told
    # The newest row gets another number: its family is closed, all others go on.
    deployment.ready(projected=True)
    deployment.stop()
    with contextlib.closing(sqlite3.connect(deployment.data / "log" / "events.sqlite")) as database:
        end, record = database.execute("SELECT position, record FROM events ORDER BY position DESC").fetchone()
        far = next(end ^ bit for bit in (1 << place for place in range(20)) if end ^ bit > end)
        database.execute("UPDATE events SET position = ? WHERE position = ?", (far, end))
        database.commit()
    stream = bytes(record)[2:2 + bytes(record)[1]].decode()
    told = deployment.carectl("log", "verify", "--json")
    assert told.code == 1 and {damage["stream"] for damage in told.json()["damages"]} == {stream, None}, told
    deployment.start()
    deployment.ready()
    fences(deployment, 1)
    others = [home for home in homes if f"household-{home}" != stream]
    for home in others:
        deployment.ok("case", "import", "-", text=command.format(home).replace("2025", "2024").encode())


def test_a_cut_database_file_is_told_with_its_place(deploy, tmp_path):
    deployment = deploy().up()
    deployment.import_file(write_roster(tmp_path / "roster.csv", five()))
    deployment.stop()
    file = deployment.data / "log" / "events.sqlite"
    last = int(deployment.ok("log", "verify", "--json").json()["events"])
    whole = file.read_bytes()
    for part in (0, 100, len(whole) // 3, len(whole) - 4096):
        file.write_bytes(whole[:part])
        for name in ("events.sqlite-wal", "events.sqlite-shm"):
            (file.parent / name).unlink(missing_ok=True)
        told = deployment.carectl("log", "verify", "--json")
        assert told.code == 1, (part, told)
        missing = [damage for damage in told.json()["damages"] if damage["kind"] == "missing"]
        assert missing, part
        if part == len(whole) - 4096:
            continue  # The last page of the file holds some rows, not those of the highest positions.
        assert f"-{last}, " in missing[-1]["detail"] or missing[-1]["position"] == last, (part, missing)
