"""An intake whose line to care-archive is down: it keeps what it is told on its own disk and records it afterwards."""

import shutil
import signal
import time

import identity
import pytest
from contract import bus, commands

from deployment import until
from recorder import check_streams, command_id, family_commands, whole_log

# Long enough for the connections to be given up several times.
HELD_UP = 6


def ask(deployment, command):
    """One request on a bare socket and its reply, whatever it says."""
    socket = deployment.raw("intake")
    request = bus.Request(
        request_id=command.command_id, method=bus.METHOD_SUBMIT_COMMAND, body=command.SerializeToString(),
        remaining_ms=5000)
    socket.send(bus.ClientFrame(protocol_version=1, request=request).SerializeToString())
    assert socket.poll(30_000), "没有答复 / no answer"
    return bus.ServerFrame.FromString(socket.recv()).reply


def outbox(deployment):
    """(exit status, what `intake outbox list` says)."""
    answer = deployment.carectl("intake", "outbox", "list", "--json")
    return answer.code, answer.json()


def cut(deployment):
    """The archive is gone, and intake has noticed."""
    deployment.kill("care-archive")
    until(lambda: outbox(deployment)[1]["cut_off"], "the line counts as down", 60)


def empty(deployment):
    return outbox(deployment)[1]["waiting"] == 0


@pytest.fixture
def township(deploy):
    deployment = deploy().up()
    deployment.submit(family_commands("home", 1)[0])
    deployment.ready(projected=True)
    return deployment


def test_what_is_told_while_the_line_is_down(township):
    known, new = family_commands("home", 1), family_commands("home", 2)
    cut(township)
    told = [known[5], *new]
    for command in told:
        reply = ask(township, command)
        assert (reply.status, reply.code) == (bus.STATUS_QUEUED, "CARE-2010"), reply
        assert "暂存" in reply.text_zh and reply.retry_after_ms > 0
    assert commands.CommandReply.FromString(reply.body).household == identity.household_of(new[0].command_id)
    code, state = outbox(township)
    assert code == 0 and (state["waiting"], state["refused"]) == (len(told), 0)
    assert [line["action"] for line in state["commands"]][:2] == ["state_fact", "register_household"]
    assert "试1" not in str(state)

    # What is answered "queued" stands on the disk: an intake that crashes forwards it all the same, started at once.
    township.crash("intake")
    township.start("intake")
    until(lambda: outbox(township)[1]["cut_off"], "the line counts as down again", 60)
    assert outbox(township)[1]["waiting"] == len(told)
    assert ask(township, told[0]).status == bus.STATUS_QUEUED
    line = f'guanhuai_intake_outbox{{state="waiting"}} {len(told)}'
    until(lambda: line in township.http("intake", "/metrics")[1], "the metrics count what waits")

    township.start("care-archive")
    until(lambda: empty(township), "everything is recorded", 30)
    for command in told:
        reply = ask(township, command)
        assert reply.status == bus.STATUS_OK, reply
        assert commands.CommandReply.FromString(reply.body).already_recorded
    township.ready(projected=True)
    streams = whole_log(township)
    check_streams(streams)
    assert len(township.households()) == 2
    page = township.show(identity.written(identity.household_of(new[0].command_id)))
    assert all(slot["filled"] for slot in page["pairings"]), page["pairings"]
    assert not list((township.data / "intake" / "outbox").iterdir())


def test_what_is_refused_afterwards_waits_for_a_person(township):
    stranger = commands.Command(
        command_id=command_id("stranger", 1), household=bytes(range(16)), occurred_on=identity.day("2015-01-01"))
    stranger.close_household.reason = "moved_away"
    cut(township)
    assert ask(township, stranger).status == bus.STATUS_QUEUED
    assert ask(township, family_commands("home", 1)[5]).status == bus.STATUS_QUEUED
    township.start("care-archive")
    until(lambda: empty(township), "everything is forwarded", 30)
    code, state = outbox(township)
    assert (code, state["refused"]) == (1, 1)
    line = state["commands"][0]
    assert line["code"].startswith("CARE-") and line["text_zh"], line

    # It survives a restart, can be tried again, and is given up only with a reason.
    township.stop("intake")
    township.start("intake")
    township.ready()
    assert outbox(township)[1]["refused"] == 1
    township.ok("intake", "outbox", "retry", line["command"])
    until(lambda: outbox(township)[1]["refused"] == 1, "it is refused again", 60)
    assert township.carectl("intake", "outbox", "drop", line["command"]).code == 64
    words = township.carectl("intake", "outbox", "drop", line["command"], "--reason", "王秀兰的户")
    assert words.code == 64 and "CARE-6222" in words.err
    township.ok("intake", "outbox", "drop", line["command"], "--reason", "wrong_household")
    assert outbox(township)[1]["commands"] == []
    assert township.carectl("intake", "outbox", "drop", line["command"], "--reason", "again").code == 1
    assert "王秀兰" not in township.log("intake")
    assert "given up" in township.log("intake") and line["command"] in township.log("intake")


def test_switched_off(deploy):
    deployment = deploy().start("care-archive", "eligibility", "notifier")
    deployment.start_as("intake", "intake", "--outbox-after", "0s")
    deployment.ready()
    deployment.ok("rules", "publish", "chenzhou-2014")
    deployment.kill("care-archive")
    reply = ask(deployment, family_commands("off", 1)[0])
    assert reply.status in (bus.STATUS_UNAVAILABLE, bus.STATUS_DEADLINE), reply
    assert outbox(deployment)[1]["cut_off"] is False


def test_an_intake_without_archive_says_what_it_waits_for(deploy):
    """The archive refuses to start or is absent: the operators' page and the answers name it, until it is there."""
    deployment = deploy().up()
    deployment.submit(family_commands("home", 1)[0])
    deployment.ready(projected=True)
    deployment.stop()
    shutil.rmtree(deployment.data / "intake")
    events = deployment.data / "log" / "events.sqlite"
    events.rename(events.with_suffix(".away"))
    deployment.start("care-archive")
    until(lambda: deployment.running["care-archive"].poll() is not None, "care-archive refuses to start")
    deployment.running.pop("care-archive")
    deployment.start_as("intake", "intake", "--outbox-after", "0s")

    def page():
        try:
            return deployment.http("intake", "/readyz")
        except OSError:
            return 0, ""

    until(lambda: page()[0] == 503 and "bus:" not in page()[1], "intake listens")
    assert page()[1].startswith("not ready\ncare-archive: waiting for care-archive, which does not answer"), page()
    reply = ask(deployment, family_commands("waits", 2)[0])
    assert reply.code == "CARE-2005" and "care-archive" in reply.text_en and "等待档案服务" in reply.text_zh, reply
    events.with_suffix(".away").rename(events)
    deployment.start("care-archive")
    until(lambda: page() == (200, "ready\n"), "intake has read what it needs", 90)
    assert ask(deployment, family_commands("waits", 2)[0]).status == bus.STATUS_OK


def test_a_damaged_file_is_set_aside_and_the_others_are_recorded(township):
    damaged, sound = family_commands("home", 3)[0], family_commands("home", 4)[0]
    cut(township)
    for command in (damaged, sound):
        assert ask(township, command).status == bus.STATUS_QUEUED
    township.stop("intake")
    folder = township.data / "intake" / "outbox"
    first = sorted(folder.glob("*.queued"))[0]
    content = bytearray(first.read_bytes())
    content[len(content) // 2] ^= 4
    first.write_bytes(content)
    township.start("care-archive", "intake")
    until(lambda: empty(township), "the other one is recorded", 90)
    code, state = outbox(township)
    assert code == 1 and state["unreadable"] == 1, state
    aside = first.with_suffix(".unreadable")
    assert aside.exists() and aside.name in township.log("intake")
    assert township.submit(sound).already_recorded
    assert not township.submit(damaged).already_recorded


def test_a_second_intake_does_not_write_into_the_same_folder(township):
    township.start_as("second", "intake", "--bus-intake", "tcp://127.0.0.1:*", "--ops-port", "0")
    until(lambda: township.running["second"].poll() is not None, "it refuses to start")
    township.running.pop("second")
    assert "CARE-6293" in township.log("second"), township.log("second")
    assert ask(township, family_commands("home", 5)[0]).status == bus.STATUS_OK


def test_an_archive_that_was_held_up_for_a_while(township):
    """Its connections are given up and made anew meanwhile; when it goes on, so does intake."""
    archive = township.running["care-archive"]
    archive.send_signal(signal.SIGSTOP)
    known = family_commands("home", 6)
    until(lambda: outbox(township)[1]["cut_off"], "the line counts as down", 60)
    assert ask(township, known[0]).status == bus.STATUS_QUEUED
    time.sleep(HELD_UP)
    archive.send_signal(signal.SIGCONT)
    until(lambda: empty(township), "what was kept is recorded", 90)
    assert township.submit(known[0]).already_recorded


def test_a_file_of_commands_imported_while_the_line_is_down(township, tmp_path):
    made = township.ok("synthesize", "--households", "3", "--years", "1", "--seed", "5")
    file = tmp_path / "commands.ndjson"
    file.write_text(made.out)
    cut(township)
    answer = township.carectl("case", "import", file, "--json", timeout=60)
    counts = answer.json()
    assert counts["queued"] >= 3 and counts["new"] == 0, answer
    assert "暂存" in answer.err and "再导入同一文件" in answer.err, answer
    township.start("care-archive")
    until(lambda: empty(township), "what was kept is recorded", 90)
    again, _ = township.import_file(file)
    assert again["refused"] == 0 and again["repeated"] == counts["queued"], again
