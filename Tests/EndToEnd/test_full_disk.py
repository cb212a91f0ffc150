"""A full disk: the log refuses clearly, reads go on, and work resumes when there is room again."""

import itertools
import os
import subprocess
import urllib.error

import identity
import pytest

from contract import bus, queries
from deployment import until
from recorder import check_acknowledged, check_streams, family_commands, whole_log

SIZE_MIB = 128


@pytest.fixture
def small_disk(tmp_path):
    """A file system of a few MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder):
    """Takes all room there is, and returns the file that holds it."""
    ballast = folder / "ballast"
    with open(ballast, "ab", buffering=0) as file:
        block = 1 << 20
        while block:
            try:
                file.write(bytes(block))
            except OSError:
                block //= 16
    return ballast


def ask(socket, command):
    """One request on a bare socket and its reply, whatever it says."""
    request = bus.Request(
        request_id=command.command_id, method=bus.METHOD_SUBMIT_COMMAND, body=command.SerializeToString(),
        remaining_ms=4000)
    socket.send(bus.ClientFrame(protocol_version=1, request=request).SerializeToString())
    assert socket.poll(10_000), "没有答复 / no answer"
    return bus.ServerFrame.FromString(socket.recv()).reply


@pytest.mark.long
@pytest.mark.mounts
def test_a_full_disk_refuses_and_recovers(deploy, small_disk):
    deployment = deploy(data=small_disk / "data").up()
    receipts = {}
    for number in range(3):
        command = family_commands("disk", number)[0]
        receipts[command.command_id] = deployment.submit(command)
    deployment.ready(projected=True)
    socket = deployment.raw("intake")
    ballast = fill(small_disk)
    refused = {}

    def full():
        """The log's file has some room of its own: families go in until it is used up."""
        command = family_commands("disk", 100 + len(refused) + len(receipts))[0]
        reply = ask(socket, command)
        if reply.status == bus.STATUS_OK:
            fill(small_disk)
            receipts[command.command_id] = deployment.submit(command)
            return False
        refused[command.command_id] = (command, reply)
        return True

    until(full, "the disk is full", 60, pause=0)
    reply = next(iter(refused.values()))[1]
    assert (reply.status, reply.code) == (bus.STATUS_UNAVAILABLE, "CARE-3101"), reply
    assert "磁盘已满" in reply.text_zh and "full" in reply.text_en and reply.retry_after_ms > 0
    assert deployment.is_alive("care-archive") and deployment.is_alive("intake")

    # Reads go on.
    some = next(iter(receipts.values()))
    page = queries.Query()
    page.household_page.household, page.household_page.as_of = identity.written(some.household), 20000
    shown = deployment.query(page).household_page
    assert len(shown.members) == 3 and shown.header.status.kind == "bereaved"
    assert deployment.http("care-archive", "/healthz")[0] == 200
    status, parts = deployment.http("care-archive", "/readyz")
    assert status == 503 and "disk" in parts and "full" in parts, parts
    # Whoever asks the door hears it, too.
    until(lambda: deployment.http("intake", "/readyz")[0] == 503, "intake tells that nothing can be recorded", 5)
    assert "disk of care-archive" in deployment.http("intake", "/readyz")[1]
    metrics = deployment.http("care-archive", "/metrics")[1]
    full_turns = next(line for line in metrics.splitlines() if line.startswith("guanhuai_archive_disk_full "))
    assert float(full_turns.split()[1]) >= 1

    # carectl says what it waits for, ends with the archive's code, and `ready` names the service and its reason.
    own = identity.written(some.household)
    for kind in ("cadre", "party_member", "volunteer", "department"):
        # Something small may still fit into what the log's file has.
        fill(small_disk)
        said = deployment.carectl("pairing", "assign", own, kind, "--name", f"新人{kind}", timeout=90)
        if said.code != 0:
            break
    assert said.code != 0 and "CARE-3101" in said.err and "仍在等待" in said.err, said.err
    said = deployment.carectl("ready", "--wait", "1s")
    assert said.code != 0 and "CARE-6661" in said.err and "care-archive" in said.err and "磁盘" in said.err, said.err

    # With room again the same commands go in, each once.
    os.remove(ballast)
    until(lambda: deployment.http("care-archive", "/readyz")[0] == 200, "ready again by itself", 5)
    until(lambda: deployment.http("intake", "/readyz")[0] == 200, "the door likewise", 5)
    told = [line for line in deployment.log("eligibility").splitlines() if "checkpoint not saved" in line]
    assert len(told) <= 2, told
    # Not a line for each try: they would take the room that is missing.
    lines = deployment.log("care-archive").splitlines()
    for trouble in ("append failed", "read models could not move on"):
        assert len([line for line in lines if trouble in line]) <= 4, [line for line in lines if trouble in line]
    assert any("append failed" in line and "times=" in line for line in lines), lines[-20:]
    for own, (command, _) in refused.items():
        receipts[own] = deployment.submit(command)
    deployment.ready(projected=True)
    streams = whole_log(deployment)
    check_acknowledged(streams, receipts)
    check_streams(streams)
    assert len(deployment.households()) == len(receipts) == len(streams)
    assert deployment.ok("log", "verify", "--json").json()["sound"]

    def rebuilt_alike():
        """Determinations that were refused on the full disk may still come in between."""
        listed = deployment.households()
        deployment.ok("projection", "rebuild")
        deployment.ready(projected=True)
        return deployment.households() == listed

    until(rebuilt_alike, "a rebuild shows what was there before", 60, pause=1)


@pytest.mark.mounts
def test_a_start_on_a_full_disk_says_so(deploy, small_disk):
    deployment = deploy(data=small_disk / "data")
    ballast = fill(small_disk)
    deployment.start("care-archive")
    assert deployment.running.pop("care-archive").wait(20) != 0
    assert "CARE-3110" in deployment.log("care-archive") and "磁盘已满，日志打不开" in deployment.log("care-archive")
    os.remove(ballast)
    deployment.up()


def shows(deployment, household):
    """A family's page and the lists, as anybody asks for them."""
    page = queries.Query()
    page.household_page.household, page.household_page.as_of = identity.written(household), 20000
    assert len(deployment.query(page).household_page.members) == 3
    return deployment.households()


def refused_turns(deployment):
    """How often care-archive has refused for want of room since its start."""
    metrics = deployment.http("care-archive", "/metrics")[1]
    return next(float(line.split()[1]) for line in metrics.splitlines() if line.startswith("guanhuai_archive_disk_full "))


def fill_until_refused(deployment, folder, receipts, numbers):
    """Registers families until three in a row are refused; returns those commands."""
    fill(folder)
    # Quickly through the room that the log's files have of their own.
    busy = deployment.background("drill", "append", "--count", 30_000, "--in-flight", 64)
    until(lambda: fill(folder) and refused_turns(deployment) > 0, "the first refusal", 120)
    busy.kill()
    busy.wait()
    refused = {}
    socket = deployment.raw("intake")

    def full():
        command = family_commands("full", next(numbers))[0]
        reply = ask(socket, command)
        fill(folder)
        if reply.status == bus.STATUS_OK:
            receipts[command.command_id] = deployment.submit(command)
            refused.clear()
            return False
        # Those who were told to wait for a service that is just starting ask again.
        if reply.code == "CARE-3101":
            refused[command.command_id] = command
        return len(refused) == 3

    until(full, "the disk is full", 120, pause=0)
    return refused


def waits_for(deployment, name):
    """What the service says it waits for; nothing before it says anything."""
    try:
        return deployment.http(name, "/readyz")
    except urllib.error.URLError:
        return 0, "projections"


@pytest.mark.mounts
@pytest.mark.parametrize("way", ["kill", "kill all", "stop"])
def test_started_again_on_a_full_disk_it_reads_refuses_and_resumes(deploy, small_disk, way):
    deployment = deploy(data=small_disk / "data").up()
    receipts, refused, numbers = {}, {}, itertools.count(3)
    for number in range(3):
        command = family_commands("full", number)[0]
        receipts[command.command_id] = deployment.submit(command)
    deployment.ready(projected=True)
    reserve = small_disk / "data" / "log" / "events.reserve"
    assert reserve.stat().st_blocks * 512 >= 1 << 20
    if way != "kill all":
        deployment.stop("notifier", "eligibility")
    refused |= fill_until_refused(deployment, small_disk, receipts, numbers)
    listed = len(shows(deployment, next(iter(receipts.values())).household))
    for _ in range(2):
        if way == "stop":
            deployment.stop("care-archive")
        else:
            for name in ("care-archive",) if way == "kill" else list(deployment.running):
                deployment.kill(name)
        fill(small_disk)
        deployment.start(*(() if way == "kill all" else ("care-archive",)))
        # Reads go on, of everything that was acknowledged.
        until(lambda: "projections" not in waits_for(deployment, "care-archive")[1], "lists that answer", 60)
        for receipt in list(receipts.values())[:3] + list(receipts.values())[-3:]:
            assert len(shows(deployment, receipt.household)) >= listed
        # What opening left of the room may take some; then nothing is recorded, and whoever asks is told why. What was
        # recorded before is answered as such.
        refused |= fill_until_refused(deployment, small_disk, receipts, numbers)
        assert deployment.submit(family_commands("full", 0)[0]).receipt
        status, parts = deployment.http("care-archive", "/readyz")
        assert status == 503 and "disk" in parts and "full" in parts, parts
    os.remove(small_disk / "ballast")
    until(lambda: deployment.http("care-archive", "/readyz")[0] == 200, "ready again by itself", 5)
    for own, command in refused.items():
        receipts[own] = deployment.submit(command)
    for name in {"eligibility", "notifier"} - deployment.running.keys():
        deployment.start(name)
    deployment.ready(projected=True)
    assert reserve.stat().st_blocks * 512 >= 1 << 20
    streams = whole_log(deployment)
    check_acknowledged(streams, receipts)
    check_streams(streams)
    assert deployment.ok("log", "verify", "--json").json()["sound"]
