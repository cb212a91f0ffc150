"""carectl drill: what it acknowledged is there exactly once, whatever is killed; what was damaged is named."""

import contextlib
import hashlib
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess

import pytest
from deployment import clean_environment
from drills import Drill, ended

KILLS = int(os.environ.get("GUANHUAI_KILLS", "12"))


@pytest.fixture
def drill(tmp_path, binaries):
    return Drill(tmp_path / "drill", binaries)


def test_two_runs_go_on_with_the_same_data(drill):
    drill.whole(70)
    drill.whole(40, "--in-flight", "5")
    verdict = drill.sound()
    # Registering a household makes two events; the drill's own events are one for each acknowledgement.
    assert len(verdict.have) == 110 + 2 * len({household for household, _, _ in verdict.have.values()})
    assert drill.sound().have == verdict.have
    # The same keys stay, for their owner only.
    assert oct(os.stat(drill.data / "keys" / "care-archive.key").st_mode & 0o777) == "0o600"


def test_kills_lose_and_double_nothing(drill):
    seed = int(os.environ.get("GUANHUAI_SEED", str(random.randrange(1 << 30))))
    print(f"GUANHUAI_SEED={seed}")
    chance, run = random.Random(seed), None
    for number in range(KILLS):
        if run is None:
            run = drill.append(20_000)
            # Some fall while the services are starting.
            if chance.random() < 0.8:
                run.reaches(chance.randrange(1, 40))
        victim = ("carectl", "care-archive", "intake")[number % 3]
        if victim == "carectl":
            children = run.children().values()
            run.kill()
            run.wait()
            run = None
            if chance.random() < 0.5:
                ended(children)
        else:
            run.kill(victim)
            run.reaches(len(run.acknowledged()) + chance.randrange(1, 60))
    if run is not None:
        run.process.send_signal(signal.SIGINT)
        assert run.wait() == 130, run.said()
    print(f"{KILLS} kills, {len(drill.acknowledged)} ACK")
    drill.sound()


def test_the_services_end_with_it(drill):
    run = drill.append(100_000)
    run.reaches(20)
    children = run.children()
    assert set(children) == {"care-archive", "intake"}
    run.kill()
    ended(children.values())
    run.wait()
    # Ctrl-C stops them in order, too.
    run = drill.append(100_000)
    run.reaches(20)
    children = run.children()
    run.process.send_signal(signal.SIGINT)
    assert run.wait() == 130
    assert not any(os.path.exists(f"/proc/{number}") for number in children.values())
    drill.sound()


def settle(drill):
    """Everything into the one file, as a backup or an administrator with the usual tool would leave it."""
    with contextlib.closing(sqlite3.connect(drill.data / "log" / "events.sqlite")) as log:
        busy, left, _ = log.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert (busy, left) == (0, 0)


def flip(path, offset, bit=0x10):
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ bit]))


def rewrite(deployment, position, record):
    """An event rewritten by somebody who knows how the log hashes: the record stays readable and has its hash."""
    changed = bytearray(record)
    changed[record.index(b"\x52\x10") + 2] ^= 1  # the first byte of the digest of the command's content
    with contextlib.closing(sqlite3.connect(deployment.data / "log" / "events.sqlite")) as database:
        database.execute(
            "UPDATE events SET record = ?, hash = ? WHERE position = ?",
            (bytes(changed), hashlib.sha256(changed).digest(), position))
        database.commit()


def place_of(drill, position):
    """(household, sequence, offset in the file) of a record, found by its bytes."""
    settle(drill)
    with sqlite3.connect(f"file:{drill.data}/log/events.sqlite?mode=ro", uri=True) as log:
        record, sequence = log.execute("SELECT record, sequence FROM events WHERE position = ?", (position,)).fetchone()
    text = (drill.data / "log" / "events.sqlite").read_bytes()
    assert text.count(record) == 1
    name = record[record.index(b"household-") + 10:][:26].decode()
    return name, sequence, text.index(record)


def located(verdict):
    """Household and sequence of each damage; that the whole differs from its checkpoint names neither."""
    return [line.split()[:2] for line in verdict.corrupt if not line.startswith("log digest-mismatch")]


def test_a_flipped_byte_is_named_and_the_others_are_served(drill):
    drill.whole(200)
    before = drill.sound().have
    household, sequence, offset = place_of(drill, 150)
    flip(drill.data / "log" / "events.sqlite", offset + 60)
    verdict = drill.verify()
    assert verdict.code == 1
    assert located(verdict) == [[household, str(sequence)]], verdict.corrupt
    others = {own: place for own, place in before.items() if place[:2] != (household, sequence)}
    assert {own: place for own, place in verdict.have.items() if own in others} == others
    # It is damaged for good, and the others go on taking events.
    drill.whole(50)
    assert located(drill.verify()) == located(verdict)


def test_a_family_whose_first_event_is_damaged_keeps_its_others(drill):
    drill.whole(60)
    before = drill.sound().have
    settle(drill)
    with contextlib.closing(sqlite3.connect(drill.data / "log" / "events.sqlite")) as log:
        rows = log.execute("SELECT position, record FROM events WHERE sequence = 1 ORDER BY position").fetchall()
    first = next(position for position, record in rows if record[2:12] == b"household-")
    household, sequence, offset = place_of(drill, first)
    assert sequence == 1 and len([place for place in before.values() if place[0] == household]) > 1
    flip(drill.data / "log" / "events.sqlite", offset + 60)
    verdict = drill.verify()
    assert verdict.code == 1 and located(verdict) == [[household, "1"]], verdict.corrupt
    others = {own: place for own, place in before.items() if place[:2] != (household, 1)}
    assert len(others) == len(before) - 1 and verdict.have == others


def test_families_rewritten_or_removed_are_named_and_the_others_are_served(drill):
    """The newest event of one family rewritten with its hash, all events of another removed."""
    drill.whole(200)
    before = drill.sound().have
    settle(drill)
    with contextlib.closing(sqlite3.connect(drill.data / "log" / "events.sqlite")) as log:
        rows = log.execute("SELECT position, sequence, record FROM events ORDER BY position").fetchall()
    families = {}
    for position, sequence, record in rows:
        if record[2:12] == b"household-":
            families.setdefault(record[12:38].decode(), []).append((position, sequence, record))
    rewritten, removed, *_ = [name for name, own in families.items() if own[-1][0] != rows[-1][0]]
    rewrite(drill, families[rewritten][-1][0], families[rewritten][-1][2])
    with contextlib.closing(sqlite3.connect(drill.data / "log" / "events.sqlite")) as log, log:
        for position, _, _ in families[removed]:
            log.execute("DELETE FROM events WHERE position = ?", (position,))
    gone = [[rewritten, str(families[rewritten][-1][1])]] + [[removed, str(own[1])] for own in families[removed]]
    for _ in range(2):
        verdict = drill.verify()
        assert verdict.code == 1 and sorted(located(verdict)) == sorted(gone), verdict.corrupt
        others = {own: place for own, place in before.items() if list(map(str, place[:2])) not in gone}
        assert len(others) < len(before) and {own: verdict.have.get(own) for own in others} == others
        # It is damaged for good, and the others go on taking events; with the saved heads and without.
        drill.whole(30)
        (drill.data / "log" / "events.image").unlink(missing_ok=True)


def test_a_byte_of_the_write_ahead_log(drill):
    """The newest events stand in a file whose damaged tail the database engine drops without a word."""
    run = drill.append(100_000)
    run.reaches(300)
    children = run.children()
    run.kill("care-archive")
    run.kill()
    run.wait()
    ended(children.values())
    shutil.copytree(drill.data, drill.folder / "copy")
    drill.sound()
    wal = drill.folder / "copy" / "log" / "events.sqlite-wal"
    flip(wal, len(wal.read_bytes().rstrip(b"\0")) // 2)
    verdict = drill.verify(drill.folder / "copy")
    assert verdict.code == 1 and verdict.corrupt, verdict


def test_a_cut_tail(drill):
    drill.whole(300)
    with contextlib.closing(sqlite3.connect(drill.data / "log" / "events.sqlite")) as log, log:
        log.execute("DELETE FROM events WHERE position > 200")
    settle(drill)
    verdict = drill.verify()
    assert verdict.code == 1
    assert any("missing" in line or "events" in line for line in verdict.corrupt), verdict
    assert drill.append(5, "--wait", "5s").wait() != 0


def test_yesterdays_file(drill):
    drill.whole(100)
    settle(drill)
    shutil.copy(drill.data / "log" / "events.sqlite", drill.folder / "yesterday")
    drill.whole(100)
    settle(drill)
    shutil.copy(drill.folder / "yesterday", drill.data / "log" / "events.sqlite")
    verdict = drill.verify()
    assert verdict.code == 1 and verdict.corrupt, verdict


def test_a_file_that_is_no_log(drill):
    drill.whole(60)
    settle(drill)
    for name in ("events.sqlite", "events.head"):
        kept = (drill.data / "log" / name).read_bytes()
        (drill.data / "log" / name).write_bytes(bytes(len(kept)))
        verdict = drill.verify(wait="5s")
        assert verdict.code != 0 and verdict.corrupt, (name, verdict)
        (drill.data / "log" / name).unlink()
        verdict = drill.verify(wait="5s")
        assert verdict.code != 0 and verdict.corrupt, (name, verdict)
        (drill.data / "log" / name).write_bytes(kept)
    # Nor is every refusal the log's: what is broken is named, and that the log is sound.
    for name, code in (
            ("keys/care-archive.key", "CARE-6046"), ("keys/token.key", "CARE-6344"), ("peers.yaml", "CARE-6051"),
            ("guanhuai.yaml", "CARE-6007")):
        kept = (drill.data / name).read_bytes()
        (drill.data / name).write_bytes(b"x: [\n")
        verdict = drill.verify(wait="5s")
        assert verdict.code == 1 and verdict.corrupt == [f"{name} {code}"], (name, verdict)
        assert "CARE-3117" in verdict.err and "完好" in verdict.err, (name, verdict)
        (drill.data / name).write_bytes(kept)
    drill.sound()


def test_a_folder_without_a_log_is_refused_and_left_alone(drill):
    for data, code in (("", "CARE-6657"), (" ", "CARE-6657"), (drill.folder / "none", "CARE-6658")):
        verdict = drill.verify(data)
        assert verdict.code == 64 and code in verdict.err and not verdict.have, verdict
    assert not list(drill.folder.iterdir()), "nothing is made"
    # A first append makes a log and says so, a second one finds it.
    assert "没有日志" in drill.whole(3).said()
    assert "没有日志" not in drill.whole(3).said()
    drill.sound()


def test_a_log_that_is_gone_is_damage_where_checkpoints_tell_of_it(drill):
    drill.whole(30)
    settle(drill)
    kept = drill.folder / "kept"
    (drill.data / "log").rename(kept)
    verdict = drill.verify()
    assert verdict.code == 1 and not verdict.have and "CARE-6658" in verdict.err, verdict
    assert len(verdict.corrupt) == 1 and verdict.corrupt[0].startswith("log missing positions 1-"), verdict
    assert not (drill.data / "log").exists(), "nothing is made"
    # Nor does a run of appends begin another one beside it.
    run = drill.append(5, "--wait", "5s")
    assert run.wait() == 65 and not run.acknowledged() and "CARE-3110" in run.said(), run.said()
    shutil.rmtree(drill.data / "log", ignore_errors=True)
    kept.rename(drill.data / "log")
    drill.sound()


def test_results_that_cannot_be_written_are_said_to_be_incomplete(drill):
    drill.whole(3)
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [drill.binaries / "carectl", "drill", "verify", "--data", drill.data], stdout=full, stderr=subprocess.PIPE,
            timeout=60, text=True, env=clean_environment())
    assert done.returncode == 75 and "CARE-7272" in done.stderr and "不完整" in done.stderr, done


def test_a_full_disk(drill):
    """A limit on the length of files stands for the disk: it needs no rights and no file system of its own."""
    drill.whole(50)
    size = 6 << 20
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    run = drill.append(
        100_000, "--wait", "4s", limit=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard)))
    assert run.wait() not in (0, 130), run.said()
    assert len(run.acknowledged()) > 100 and "CARE-3101" in run.said(), run.said()
    drill.sound()
    drill.whole(50)
    drill.sound()


def test_room_again(drill):
    """The run waits, and goes on by itself when there is room."""
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    run = drill.append(
        20_000, "--wait", "60s", limit=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 20, hard)))
    run.reaches(100)
    before = -1
    while before != len(run.acknowledged()):
        before = len(run.acknowledged())
        with pytest.raises(Exception):
            run.process.wait(2)
    for number in run.children().values():
        resource.prlimit(number, resource.RLIMIT_FSIZE, (hard, hard))
    run.reaches(before + 100)
    run.process.send_signal(signal.SIGTERM)
    assert run.wait() == 130
    drill.sound()


def test_a_running_deployment(deploy):
    deployment = deploy().up()
    answer = deployment.ok("drill", "append", "--count", "60")
    acknowledged = [line.split()[1] for line in answer.out.splitlines()]
    assert len(acknowledged) == 60
    have = [line.split() for line in deployment.ok("drill", "verify").out.splitlines()]
    assert set(acknowledged) <= {line[1] for line in have} and all(line[0] == "HAVE" for line in have)
    assert deployment.carectl("drill", "append", "--count", "0").code == 64
    deployment.stop("intake")
    lost = deployment.carectl("drill", "append", "--count", "3", "--wait", "1s")
    assert lost.code in (69, 75) and not lost.out and "CARE-80" in lost.err, lost
