"""Signed checkpoints: kept by others they show that files were exchanged; proofs hold without the log."""

import base64
import collections
import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess

import identity
import pytest
from contract import commands, record
from deployment import clean_environment, until
from drills import Drill
from recorder import Recorder, command_id, family_commands
from test_drill import flip, place_of


@pytest.fixture
def drill(tmp_path, binaries):
    return Drill(tmp_path / "drill", binaries)


def newest(drill):
    return drill.data / "checkpoints" / "newest"


def carectl(drill, *arguments):
    """carectl with nothing around it: no service, no configuration."""
    return subprocess.run(
        [drill.binaries / "carectl", *arguments], capture_output=True, timeout=60, cwd=drill.folder, text=True,
        env=clean_environment())


def verify(drill, checkpoint, signer=None, data=None):
    return carectl(
        drill, "log", "verify", "--data", data or drill.data, "--checkpoint", checkpoint, "--signer",
        signer or drill.data / "keys" / "checkpoint.pub")


def test_yesterdays_files_as_a_whole_are_found_by_a_checkpoint_kept_elsewhere(drill):
    drill.whole(100)
    yesterday = drill.folder / "yesterday"
    shutil.copytree(drill.data, yesterday)
    shutil.copy(newest(drill), drill.folder / "kept-1")
    drill.whole(100)
    kept = shutil.copy(newest(drill), drill.folder / "kept-2")
    # An old checkpoint and the newest hold for the log of today.
    assert verify(drill, drill.folder / "kept-1").returncode == 0
    assert verify(drill, kept).returncode == 0
    # The state of yesterday is sound in itself; only who kept the checkpoint of today can tell.
    shutil.rmtree(drill.data)
    shutil.copytree(yesterday, drill.data)
    assert drill.verify().code == 0
    assert verify(drill, drill.folder / "kept-1").returncode == 0
    found = verify(drill, kept)
    assert found.returncode == 1 and "checkpoint" in found.stdout, found


def test_the_log_alone_put_back_is_refused(drill):
    """The archive's own checkpoints stand outside the log's folder."""
    drill.whole(60)
    shutil.copytree(drill.data / "log", drill.folder / "log")
    drill.whole(60)
    shutil.rmtree(drill.data / "log")
    shutil.copytree(drill.folder / "log", drill.data / "log")
    verdict = drill.verify(wait="5s")
    assert verdict.code == 1 and any("checkpoint" in line for line in verdict.corrupt), verdict
    refused = drill.append(5, "--wait", "5s")
    assert refused.wait() != 0 and not refused.acknowledged()
    assert "检查点" in refused.said() or "checkpoint" in refused.said()


def test_an_older_head_is_made_anew_of_what_a_checkpoint_proves(drill):
    """And what stands beside the database is looked at, too: what is damaged there is named and costs no event."""
    drill.whole(40)
    log = drill.data / "log"
    old = (log / "events.head").read_bytes()
    drill.whole(20)
    (log / "events.head").write_bytes(old)
    words = ("log", "mend-head", "--data", drill.data, "--signer", drill.data / "keys" / "checkpoint.pub")
    told = carectl(drill, *words)
    assert told.returncode == 0 and "什么也没有改动" in told.stderr, told
    assert (log / "events.head").read_bytes() == old and not (log / "events.mended").exists()
    done = carectl(drill, *words, "--yes")
    assert done.returncode == 0 and "完好" in done.stderr, done
    again = carectl(drill, *words, "--yes")
    assert again.returncode == 64 and "CARE-3118" in again.stderr, again
    drill.sound()

    def verified(*options):
        return carectl(drill, "log", "verify", "--data", drill.data, *options)

    sound = verified()
    assert sound.returncode == 0 and sound.stdout.count("head made anew") == 1, sound
    backup, restored = drill.folder / "backup", drill.folder / "restored"
    assert carectl(drill, "backup", "create", "--data", drill.data, "--to", backup).returncode == 0
    assert carectl(drill, "backup", "restore", backup, "--into", restored).returncode == 0
    kept = carectl(drill, "log", "verify", "--data", restored)
    assert kept.returncode == 0 and kept.stdout.count("head made anew") == 1, kept
    # What the backup says of it is vouched for by its manifest.
    with open(backup / "log" / "events.mended", "ab") as records:
        records.write(b"{}\n")
    changed = carectl(drill, "backup", "verify", backup)
    assert changed.returncode == 1 and "CARE-6242" in changed.stderr, changed
    for name, code in (
            ("events.trail", "CARE-3112"), ("events.names", "CARE-3113"), ("events.refused", "CARE-3114"),
            ("events.image", "CARE-3115")):
        flip(log / name, 100)
        told = verified("--json")
        assert told.returncode == 1 and code in told.stderr and "事件一条不少" in told.stderr, told
        report = json.loads(told.stdout)
        assert [file["name"] for file in report["files"]] == [name] and report["damages"] == [], report
        flip(log / name, 100)
    (log / "events.sqlite").rename(drill.folder / "events.sqlite")
    gone = verified()
    assert gone.returncode == 1 and "CARE-3116" in gone.stderr, gone
    (drill.folder / "events.sqlite").rename(log / "events.sqlite")
    assert verified().returncode == 0


def test_a_forged_checkpoint_is_no_checkpoint(drill):
    drill.whole(30)
    text = newest(drill).read_text()
    assert oct(os.stat(drill.data / "keys" / "checkpoint.key").st_mode & 0o777) == "0o600"
    for before, after in (("position ", "position 1"), ("epoch ", "epoch 1"), ("signer ", "signer A")):
        forged = drill.folder / "forged"
        forged.write_text(text.replace(before, after, 1))
        assert verify(drill, forged).returncode != 0
    stranger = base64.urlsafe_b64encode(bytes(32)).decode().rstrip("=")
    assert verify(drill, newest(drill), stranger).returncode == 1


def test_a_rewritten_history_is_never_signed(drill):
    """Somebody with all files puts another log in the place of the old one: the next checkpoint does not vouch for it."""
    drill.whole(60)
    other = Drill(drill.folder / "other", drill.binaries)
    other.whole(90)
    before = newest(drill).read_text()
    shutil.rmtree(drill.data / "log")
    shutil.copytree(other.data / "log", drill.data / "log")
    # The key that the other log rests on comes along: without it nothing would start at all.
    shutil.copy(other.data / "keys" / "token.key", drill.data / "keys" / "token.key")
    assert drill.verify().code == 1
    drill.append(40, "--wait", "30s").wait()
    assert newest(drill).read_text() == before
    assert "no further one is signed" in (drill.data / "logs" / "care-archive.log").read_text()


def days(drill):
    return sorted((drill.data / "checkpoints").glob("day-*"))


def test_each_stored_checkpoint_is_looked_at(drill):
    """A damaged, missing or older newest is named; an older state is refused by whichever is sound."""
    drill.whole(60)
    shutil.copytree(drill.data / "log", drill.folder / "log")
    earlier = newest(drill).read_bytes()
    drill.whole(60)
    whole = newest(drill).read_bytes()
    assert days(drill)[-1].read_bytes() == whole
    verify_own = ("log", "verify", "--data", drill.data, "--json")
    assert carectl(drill, *verify_own).returncode == 0
    other = b"B" if whole[-9:-8] == b"A" else b"A"
    for content, code, state in ((whole[:-9] + other + whole[-8:], "CARE-6329", "damaged"),
                                 (None, "CARE-6330", "missing"), (earlier, "CARE-6331", "older")):
        newest(drill).unlink(missing_ok=True)
        if content is not None:
            newest(drill).write_bytes(content)
        told = carectl(drill, *verify_own)
        report = json.loads(told.stdout)
        assert told.returncode == 1 and code in told.stderr and not report["sound"], told
        assert {"name": "newest", "events": None, "state": state} in report["checkpoints"], report
        assert report["damages"] == []
    # The log of before is put back, beside a newest that says nothing: the one of the day does.
    newest(drill).write_bytes(whole[:100])
    shutil.move(drill.data / "log", drill.folder / "today")
    shutil.copytree(drill.folder / "log", drill.data / "log")
    kept = days(drill)[-1].read_bytes()
    told = carectl(drill, *verify_own)
    assert told.returncode == 1 and days(drill)[-1].name in told.stdout, told
    refused = drill.append(5, "--wait", "5s")
    assert refused.wait() != 0 and not refused.acknowledged()
    assert days(drill)[-1].name in (drill.data / "logs" / "care-archive.log").read_text()
    assert days(drill)[-1].read_bytes() == kept and newest(drill).read_bytes() == whole[:100]
    # With the log of today it goes on, says what is damaged, keeps that and signs the next one.
    shutil.rmtree(drill.data / "log")
    shutil.move(drill.folder / "today", drill.data / "log")
    drill.whole(20)
    said = (drill.data / "logs" / "care-archive.log").read_text()
    assert "a stored checkpoint is not what the archive left there" in said
    assert [file.read_bytes() for file in (drill.data / "checkpoints").glob("newest.damaged-*")] == [whole[:100]]
    assert carectl(drill, *verify_own).returncode == 0


def long_record():
    """The commands of a family of whom the same is said and taken back again and again: more events than a short proof names."""
    chain = family_commands("proof", 1)
    for number in range(40):
        again = commands.Command()
        again.CopyFrom(chain[5])
        again.command_id = command_id("proof", f"again {number}")
        again.occurred_on += number + 1
        again.state_fact.value.truth = number % 2 == 1
        chain.append(again)
    return chain


def test_proofs(deploy, tmp_path):
    deployment = deploy(settings={"care-archive": {"checkpoint": "{interval: 200ms}"}}).up()
    client, chain = Recorder(deployment), long_record()
    client.add(chain[:-5])
    client.run(60)
    # Whatever a department asks with its own key is the checkpoint that stands in the archive's folder.
    kept = deployment.data / "checkpoints" / "newest"
    household = identity.written(client.receipts[chain[0].command_id].household)
    proof, whole, signer = tmp_path / "proof", tmp_path / "whole", deployment.keys / "checkpoint.pub"

    def proved():
        # Of a checkpoint that holds more of the family than finds room by name.
        return deployment.carectl("log", "prove", household, "--out", proof).code == 0 and "\nearlier " in proof.read_text()

    until(proved, "a proof")
    until(lambda: deployment.ok("log", "checkpoint", key="clerk").out == kept.read_text(), "the same checkpoint")
    # Short unless all is asked for, however many events there are.
    deployment.ok("log", "prove", household, "--last", "0", "--out", tmp_path / "head")
    both = deployment.carectl("log", "prove", household, "--last", "1", "--all")
    assert both.code == 64 and "CARE-6229" in both.err, both
    client.add(chain[-5:])
    client.run(60)
    deployment.ok("log", "prove", household, "--all", "--out", whole)
    text = proof.read_text()
    print(f"proof of {whole.read_text().count('event ')} events: {whole.stat().st_size} bytes, short {len(text)}")
    assert len(text) <= 2048 < whole.stat().st_size
    # Without services and without the log.
    deployment.stop()
    deployment.remove_data()

    def check(file, *options):
        return deployment.carectl("log", "check-proof", file, "--signer", signer, *options, config=False)

    checked = check(whole)
    assert checked.code == 0 and "证明成立" in checked.err, checked
    hashes = [line.split()[1] for line in checked.out.splitlines()]
    assert len(hashes) == whole.read_text().count("event ")
    shown = check(proof).out.splitlines()
    assert shown[0].startswith("1-") and len(shown) == 1 + text.count("event ")
    assert all(line.split()[1] == hashes[int(line.split()[0]) - 1] for line in shown[1:])
    for file in (whole, proof, tmp_path / "head"):
        assert checks_by_hand(file.read_text())
        # What was kept before is still there, and the same.
        compared = check(whole, "--earlier", file)
        assert compared.code == 0 and "一条不少" in compared.err, compared
    # Every character matters.
    for place in range(0, len(text), max(1, len(text) // 40)):
        changed = tmp_path / "changed"
        changed.write_text(text[:place] + ("x" if text[place] != "x" else "y") + text[place + 1:])
        assert check(changed).code != 0, place
    stranger = base64.urlsafe_b64encode(bytes(32)).decode().rstrip("=")
    assert deployment.carectl("log", "check-proof", proof, "--signer", stranger, config=False).code == 1


def test_a_department_keeps_what_is_pushed_and_notices_an_older_state(deploy, tmp_path):
    deployment = deploy(settings={"care-archive": {"checkpoint": "{interval: 200ms}"}}).up()
    deployment.ok("drill", "append", "--count", "20")
    folder = tmp_path / "kept"
    following = deployment.background("log", "keep", folder, name="keeper")
    until(lambda: (folder / "newest").exists(), "the first checkpoint")
    first = (folder / "newest").read_text()
    deployment.ok("drill", "append", "--count", "20")
    until(lambda: (folder / "newest").read_text() != first, "a newer checkpoint, without asking")
    following.terminate()
    following.wait(60)
    assert list(folder.glob("day-*")) and oct(folder.stat().st_mode & 0o777) == "0o700"
    # The same again is no contradiction, and another signer is none to be believed.
    deployment.ok("log", "keep", folder, "--once", key="clerk")
    stranger = base64.urlsafe_b64encode(bytes(32)).decode().rstrip("=")
    refused = deployment.carectl("log", "keep", folder, "--once", "--signer", stranger)
    assert refused.code == 1 and "CARE-3131" in refused.err, refused
    # The whole state of an earlier moment is put back, sound in itself.
    deployment.stop()
    shutil.copytree(deployment.data, tmp_path / "earlier")
    with contextlib.closing(sqlite3.connect(tmp_path / "earlier" / "log" / "events.sqlite")) as earlier:
        head = earlier.execute("SELECT max(position) FROM events").fetchone()[0]
    deployment.start()
    deployment.ready()
    deployment.ok("drill", "append", "--count", "20")
    # Newer than all of the earlier state, not only than what was kept of it.
    until(lambda: deployment.carectl("log", "keep", folder, "--once").code == 0
          and position_of(folder / "newest") > head, "a newer checkpoint")
    kept = (folder / "newest").read_text()
    deployment.stop()
    shutil.rmtree(deployment.data)
    shutil.copytree(tmp_path / "earlier", deployment.data)
    deployment.start()
    deployment.ready()
    alarm = deployment.carectl("log", "keep", folder, "--once")
    assert alarm.code == 1 and "CARE-3130" in alarm.err, alarm
    assert (folder / "newest").read_text() == kept and list(folder.glob("contradiction-*"))


def position_of(file):
    return int(next(line for line in file.read_text().splitlines() if line.startswith("position ")).split()[1])


def checks_by_hand(text):
    """The check of a third party that has only the description of the format (the signature aside)."""
    def unpack(coded):
        return base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4))

    def digest(*parts):
        return hashlib.sha256(b"".join(parts)).digest()

    fields = [line.split(" ", 1) for line in text.splitlines()]
    events = [unpack(value) for name, value in fields if name == "event"]
    steps = [unpack(value) for name, value in fields if name == "step"]
    words = {name: value for name, value in fields if name not in ("event", "step")}
    before, fold = words.get("earlier", "0 " + "A" * 43).split()
    fold = unpack(fold)
    for event in events:
        fold = digest(fold, event)
    key = digest(words["stream"].encode())[:16]
    node = digest(b"\0", key, (int(before) + len(events)).to_bytes(8, "big"), fold)
    index, width = int(words["place"]), int(words["streams"])
    while width > 1:
        if index ^ 1 < width:
            step = steps.pop(0)
            node = digest(b"\1", step, node) if index & 1 else digest(b"\1", node, step)
        index, width = index // 2, (width + 1) // 2
    return not steps and node == unpack(words["root"])


def test_a_damaged_household_is_fenced_and_the_others_are_served(deploy):
    deployment = deploy().up()
    deployment.ok("drill", "append", "--count", "64", "--in-flight", "4")
    deployment.stop()
    drill = Drill(deployment.folder / "unused", deployment.binaries)
    drill.data = deployment.data
    household, sequence, offset = place_of(drill, 60)
    flip(deployment.data / "log" / "events.sqlite", offset + 60)
    deployment.start()
    deployment.ready()
    # Whoever reads the log next meets the damage: soon after the start, not before it.
    until(lambda: "guanhuai_archive_fenced_streams 1" in deployment.http("care-archive", "/metrics")[1], "the fence")
    # Its page is shown with a warning, and it takes nothing.
    page = deployment.show(household)
    assert page["fenced"] and page["unreadable"] == [sequence], page
    refused = deployment.carectl(
        "case", "import", "-", text=(
            f'{{"command":"open_plan_item","household":"{household}","occurred_on":"2025-01-01",'
            '"department":"dept.fp"}\n').encode())
    assert refused.code == 1 and "CARE-2003" in refused.err, refused
    # What is left of it tells no facts.
    why = deployment.carectl("household", "why", household)
    assert why.code != 0 and "CARE-3511" in why.err and not why.out, why
    # All others go on.
    deployment.ok("drill", "append", "--count", "20")
    others = [line["household"] for line in deployment.households() if line["household"] != household]
    assert not deployment.show(others[0])["fenced"]
    verdict = deployment.carectl("drill", "verify")
    assert verdict.code == 1 and f"CORRUPT {household} {sequence} " in verdict.out
    told = deployment.carectl("log", "verify")
    assert told.code == 1 and household in told.out


def test_a_log_goes_on_with_sm3(deploy):
    deployment = deploy(settings={"care-archive": {"checkpoint": "{interval: 200ms}"}}).up()
    deployment.ok("drill", "append", "--count", "20", "--in-flight", "2")
    for algorithm in ("sm3", "sha256"):
        deployment.stop("care-archive")
        deployment.start_as("care-archive", "care-archive", "--log-hash", algorithm)
        deployment.ready()
        deployment.ok("drill", "append", "--count", "20", "--in-flight", "2")
    # By the page for writing one's own client alone: each record names how it is hashed.
    known, agreed = {0: "sha256", 2: "sm3"}, collections.Counter()
    for events, _cursor, live in deployment.client("care-archive").follow(categories=["household"]):
        for event in events:
            name = known[record.StoredRecord.FromString(event.record).hash_algorithm]
            agreed[name] += hashlib.new(name, event.record).digest() == event.hash
        if live:
            break
    assert agreed["sm3"] >= 20 and agreed["sha256"] >= 40, agreed
    said = deployment.ok("drill", "verify")
    assert "CORRUPT" not in said.out and said.out.count("HAVE ") >= 60
    deployment.ok("log", "verify")
    deployment.stop()


def test_a_machine_without_sm3_says_so(deploy, tmp_path, monkeypatch):
    """No crash and no damage where there is none: the check ends with a sentence."""
    deployment = deploy()
    deployment.start_as("care-archive", "care-archive", "--log-hash", "sm3")
    deployment.start("intake", "eligibility", "notifier")
    deployment.ready()
    deployment.ok("drill", "append", "--count", "5")
    # OpenSSL as it is configured where only what FIPS approves is offered.
    config = tmp_path / "openssl.cnf"
    config.write_text(
        "openssl_conf = start\n[start]\nalg_section = algorithms\n[algorithms]\ndefault_properties = fips=yes\n")
    monkeypatch.setenv("OPENSSL_CONF", str(config))
    for words in (("log", "verify"), ("drill", "verify"), ("backup", "create", "--to", tmp_path / "copy")):
        said = deployment.carectl(*words)
        # The drill says in its own way that it could not check.
        expected = 1 if words[0] == "drill" else 64
        assert said.code == expected and "CARE-6643" in said.err and "SM3" in said.err, said
        assert ("CORRUPT" in said.out) == (words[0] == "drill") and "Fatal" not in said.err, said
    monkeypatch.delenv("OPENSSL_CONF")
    assert deployment.carectl("log", "verify").code == 0
