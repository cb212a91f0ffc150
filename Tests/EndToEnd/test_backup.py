"""Backups taken while everything runs: sound, refused when damaged, and a restored record says the same.

GUANHUAI_BACKUPS says how many are taken, checked and restored under load, one after the other (1): `Tests/soak --backups 100`.
"""

import contextlib
import itertools
import os
import shutil
import sqlite3
import stat
import time

import identity
import pytest
from contract import bus, queries, record
from deployment import until
from recorder import Recorder, check_acknowledged, check_streams, family_commands
from service import Refused
from test_alerts import value

TRIALS = int(os.environ.get("GUANHUAI_BACKUPS", "1"))


def load(deployment, first, count):
    """Families on their way to intake; call `turn` until it is done."""
    client = Recorder(deployment)
    for number in range(first, first + count):
        client.add(family_commands("backup", number))
    return client


def finish(client):
    until(lambda: client.turn(0.01) or client.is_done, "all answers", 120, pause=0)


def backup(deployment, name, *options):
    folder = deployment.folder / name
    deployment.ok("backup", "create", "--to", folder, *options, timeout=120)
    return folder


def restored(deploy, original, folder, name):
    """A deployment of its own on a restored backup, with the keys of the first."""
    made = deploy(name)
    shutil.rmtree(made.keys)
    made.data.mkdir(exist_ok=True)
    data = made.folder / "restored"
    answer = made.ok("backup", "restore", folder, "--into", data, "--keys-into", made.keys, timeout=120)
    assert answer.out.startswith("restored ")
    shutil.copy(made.keys / "peers.yaml", made.peers)
    made.config.write_text(made.config.read_text().replace(str(made.data), str(data)))
    made.data = data
    return made


def stored(data):
    """Every event of household streams in the files of a log: {stream: [StoredRecord, …]}."""
    streams = {}
    with contextlib.closing(sqlite3.connect(f"file:{data}/log/events.sqlite?mode=ro", uri=True)) as log:
        for (found,) in log.execute("SELECT record FROM events ORDER BY position"):
            event = record.StoredRecord.FromString(found)
            if event.stream.startswith("household-"):
                streams.setdefault(event.stream, []).append(event)
    return streams


def trial(original, client, families, number):
    """A backup while families come in, checked, restored and checked again: what was acknowledged before it is in it."""
    before, folder, data = dict(client.receipts), original.folder / f"trial-{number}", original.folder / "trial-data"
    making = original.background("backup", "create", "--to", folder, name="making")

    def made():
        while client.waiting < 16:
            client.add(family_commands("trial", next(families)))
        client.turn(0.01)
        return making.poll() is not None

    until(made, "the backup", 300, pause=0)
    assert making.returncode == 0, (original.folder / "making.err").read_text()
    assert original.ok("backup", "verify", folder).out.startswith("sound ")
    original.ok("backup", "restore", folder, "--into", data)
    assert original.carectl("log", "verify", "--data", data).code == 0
    streams = stored(data)
    check_acknowledged(streams, before)
    check_streams(streams)
    shutil.rmtree(folder)
    shutil.rmtree(data)
    return len(client.receipts) - len(before)


def trials(original):
    """As many as wanted, one after the other, over one client's load."""
    client, families = Recorder(original), itertools.count(10_000)
    meanwhile = [trial(original, client, families, number) for number in range(TRIALS)]
    until(lambda: client.turn(0.01) or client.is_done, "all answers", 120, pause=0)
    assert not client.refusals, list(client.refusals.values())[:3]
    print(f"{TRIALS} backups under load, checked, restored and checked: {len(client.receipts)} receipts, "
          f"{sum(meanwhile)} of them while a backup was made")


def test_what_verify_would_refuse_is_not_made(deploy):
    """A log that is not what its own signed checkpoint says: the copy is no backup, and it is said why."""
    original = deploy().up()
    finish(load(original, 0, 5))
    original.ready(projected=True)
    original.stop()
    shutil.copytree(original.data / "log", original.folder / "earlier")
    original.start()
    finish(load(original, 100, 5))
    original.ready(projected=True)
    original.stop()
    shutil.rmtree(original.data / "log")
    shutil.copytree(original.folder / "earlier", original.data / "log")
    folder = original.folder / "refused"
    refused = original.carectl("backup", "create", "--to", folder)
    assert refused.code == 1 and "CARE-6244" in refused.err and "checkpoint" in refused.err, refused
    assert original.carectl("backup", "verify", folder).code == 1


@pytest.mark.long
def test_a_backup_under_load_restores_to_the_same_record(deploy):
    original = deploy().up()
    none = original.carectl("backup", "status")
    assert none.code == 1 and "CARE-6228" in none.err, none
    trials(original)
    if TRIALS > 1:
        return
    finish(load(original, 0, 20))
    original.ready(projected=True)
    more = load(original, 100, 40)
    for _ in range(20):
        more.turn(0.01)
    folder = backup(original, "backup", "--with-keys")
    finish(more)
    original.ready(projected=True)
    # How old the newest backup is, and how much would go with the disk; the archive serves it too.
    told = original.ok("backup", "status", "--json").json()
    assert 0 <= told["age_seconds"] < 600 and told["events_since"] > 0, told
    until(lambda: value(original, "guanhuai_backup_position") == told["events"], "the backup among the metrics")
    assert 0 <= time.time() - value(original, "guanhuai_backup_time_seconds") < 600
    sound, held = original.ok("backup", "verify", folder).out.split()[:2]
    assert sound == "sound" and int(held) > 0
    for file in folder.rglob("*"):
        mode = stat.S_IMODE(os.stat(file).st_mode)
        assert not mode & 0o077 or file.name.endswith((".pub", "peers.yaml")), (file, oct(mode))
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700

    second = restored(deploy, original, folder, "second")
    assert second.carectl("log", "verify", "--data", second.data).code == 0
    second.start().ready(projected=True)
    # Every household of the backup says, up to what the backup holds, what it says in the original.
    now = original.ok("log", "view", "--category", "household", "--limit", "0", "--json").lines()
    then = [event for event in second.ok("log", "view", "--category", "household", "--limit", "0", "--json").lines()
            if event["position"] <= int(held)]
    assert len(then) > 200 and then == now[:len(then)]
    same = [line["household"] for line in second.all_households()]
    ends = {event["stream"]: event["sequence"] for event in now}
    mine = {event["stream"]: event["sequence"] for event in then}
    whole = [household for household in same if ends[f"household-{household}"] == mine[f"household-{household}"]]
    assert len(whole) >= 20
    for household in whole:
        assert second.export(household) == original.export(household)
    # What was acknowledged after the backup is taken again with the same ids, and the record is whole.
    again = load(second, 0, 20)
    for number in range(100, 140):
        again.add(family_commands("backup", number))
    finish(again)
    assert not again.refusals

    original.ready(projected=True)
    second.ready(projected=True)
    both = original.exports(), second.exports()
    assert both[0].keys() == both[1].keys()
    assert [household for household in whole if both[0][household] != both[1][household]] == []
    assert int(epoch(second)) > int(epoch(original)) + (1 << 19)


def epoch(deployment):
    lines = [line for line in deployment.log("care-archive").splitlines() if "log opened" in line]
    word = next(word for word in lines[-1].replace(",", " ").replace('"', " ").split() if word.startswith("epoch="))
    return word.partition("=")[2]


class EligibilityReports:
    """Eligibility's reports that it has come to the log's end. It saves its place with every second one."""

    def __init__(self, deployment):
        self._deployment, self._heard = deployment, set()

    def are_saved(self):
        said = {name: value(self._deployment, f"guanhuai_consumer_{name}", consumer="eligibility")
                for name in ("lag_events", "heard_time_seconds")}
        if said["lag_events"] == 0:
            self._heard.add(said["heard_time_seconds"])
        return len(self._heard) > 3


def test_who_stands_beyond_the_restored_log_is_told(deploy):
    original = deploy().up()
    finish(load(original, 0, 3))
    folder = backup(original, "backup", "--with-keys")
    client = load(original, 10, 5)
    finish(client)
    receipt = list(client.receipts.values())[-1].receipt
    original.ready(projected=True)
    until(EligibilityReports(original).are_saved, "eligibility has saved how far it came", 60)
    original.stop()
    second = restored(deploy, original, folder, "second")
    # The checkpoint of a consumer that has seen more than the backup holds.
    shutil.copytree(original.data / "eligibility", second.data / "eligibility")
    second.start().ready()
    query = queries.Query()
    query.projection_status.SetInParent()
    with pytest.raises(Refused) as refusal:
        second.query(query, receipt=receipt)
    assert refusal.value.code == "CARE-8019" and "备份" in str(refusal.value)

    def states():
        report = second.ok("sub", "report", "--json").json()["consumers"]
        return {consumer["consumer"]: consumer["state"] for consumer in report}

    until(lambda: states().get("eligibility") == "stuck", "eligibility says that it is stuck")
    assert "restored" in second.log("eligibility")


def test_damaged_backups_and_folders_in_use_are_refused(deploy):
    original = deploy().up()
    finish(load(original, 0, 3))
    folder = backup(original, "backup", "--with-keys")
    assert original.carectl("backup", "create", "--to", folder).code == 64
    target = original.folder / "target"

    def refused(damage):
        copy = original.folder / "copy"
        shutil.copytree(folder, copy)
        damage(copy)
        for arguments in (("verify", copy), ("restore", copy, "--into", target)):
            answer = original.carectl("backup", *arguments)
            assert answer.code == 1, (damage, answer)
        assert not target.exists()
        shutil.rmtree(copy)

    def flip(place):
        def change(copy):
            file = copy / "log" / "events.sqlite"
            content = bytearray(file.read_bytes())
            content[int(len(content) * place)] ^= 1
            file.write_bytes(content)
        return change

    for place in (0.001, 0.3, 0.7, 0.999):
        refused(flip(place))
    refused(lambda copy: os.truncate(copy / "log" / "events.sqlite", 8192))
    refused(lambda copy: (copy / "log" / "events.head").unlink())
    refused(lambda copy: (copy / "manifest").unlink())
    refused(lambda copy: (copy / "manifest").write_text((copy / "manifest").read_text().replace("position ", "position 1")))
    refused(lambda copy: (copy / "keys" / "token.key").write_bytes(bytes(32)))
    target.mkdir()
    (target / "somebody").write_text("else")
    assert original.carectl("backup", "restore", folder, "--into", target).code == 64
    assert [file.name for file in target.iterdir()] == ["somebody"]


def test_a_damaged_family_does_not_stop_backups(deploy):
    """Its record is copied as it is, named, closed in the copy; whatever else is damaged is refused as before."""
    original = deploy().up()
    finish(load(original, 0, 5))
    original.ready(projected=True)
    homes = sorted(line["household"] for line in original.all_households())
    whole = {home: original.export(home) for home in homes[1:]}
    original.stop("notifier", "eligibility", "intake")
    original.kill("care-archive")
    log = original.data / "log"
    with contextlib.closing(sqlite3.connect(log / "events.sqlite")) as database:
        rows = database.execute("SELECT position, sequence, record FROM events ORDER BY position").fetchall()
        own = [row for row in rows if f"household-{homes[0]}".encode() in bytes(row[2])]
        record = bytearray(own[1][2])
        record[-3] ^= 1
        database.execute("UPDATE events SET record = ? WHERE position = ?", (bytes(record), own[1][0]))
        database.commit()
    (log / "events.image").unlink(missing_ok=True)
    original.start()
    original.ready()
    name = f"household-{homes[0]}"
    folder = original.folder / "backup"
    made = original.carectl("backup", "create", "--to", folder, "--with-keys", "--json", timeout=120)
    assert made.code == 3 and "CARE-6245" in made.err and name in made.err, made
    said = made.json()
    assert not said["sound"] and said["code"] == "CARE-6245" and said["damaged"] == [name]
    assert [damage["position"] for damage in said["damages"]] == [own[1][0]]
    checked = original.carectl("backup", "verify", folder)
    assert checked.code == 3 and checked.out.startswith("damaged ") and name in checked.err
    # A backup that is damaged afterwards is refused as ever.
    spoilt = original.folder / "spoilt"
    shutil.copytree(folder, spoilt)
    content = bytearray((spoilt / "log" / "events.sqlite").read_bytes())
    content[len(content) // 2] ^= 1
    (spoilt / "log" / "events.sqlite").write_bytes(content)
    assert original.carectl("backup", "verify", spoilt).code == 1
    assert original.carectl("backup", "restore", spoilt, "--into", original.folder / "no").code == 1

    second = deploy("second")
    shutil.rmtree(second.keys)
    data = second.folder / "restored"
    answer = second.carectl("backup", "restore", folder, "--into", data, "--keys-into", second.keys, timeout=120)
    assert answer.code == 3 and answer.out.startswith("restored ") and name in answer.err, answer
    shutil.copy(second.keys / "peers.yaml", second.peers)
    second.config.write_text(second.config.read_text().replace(str(second.data), str(data)))
    second.data = data
    second.start().ready(projected=True)
    until(lambda: "guanhuai_archive_fenced_streams 1" in second.http("care-archive", "/metrics")[1], "the fence")
    assert second.carectl("household", "export", homes[0], "--canonical").code == 3
    for home, export in whole.items():
        assert second.export(home) == export
    # A cut end is not a family's damage.
    original.stop("notifier", "eligibility", "intake")
    original.kill("care-archive")
    with contextlib.closing(sqlite3.connect(log / "events.sqlite")) as database:
        database.execute("DELETE FROM events WHERE position = (SELECT max(position) FROM events)")
        database.commit()
    refused = original.carectl("backup", "create", "--to", original.folder / "cut", timeout=120)
    assert refused.code == 1 and not (original.folder / "cut" / "manifest").exists(), refused
