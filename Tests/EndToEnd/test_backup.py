"""Backups taken while everything runs: sound, refused when damaged, and a restored record says the same."""

import os
import shutil
import stat
import time

import identity
import pytest
from contract import bus, queries
from deployment import until
from recorder import Recorder, family_commands
from service import Refused


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


def test_a_backup_under_load_restores_to_the_same_record(deploy):
    original = deploy().up()
    finish(load(original, 0, 20))
    original.ready(projected=True)
    more = load(original, 100, 40)
    for _ in range(20):
        more.turn(0.01)
    folder = backup(original, "backup", "--with-keys")
    finish(more)
    original.ready(projected=True)
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


def test_who_stands_beyond_the_restored_log_is_told(deploy):
    original = deploy().up()
    finish(load(original, 0, 3))
    folder = backup(original, "backup", "--with-keys")
    client = load(original, 10, 5)
    finish(client)
    receipt = list(client.receipts.values())[-1].receipt
    original.ready(projected=True)
    # Longer than the pause between two checkpoints.
    time.sleep(5)
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
