"""Keys of live connections: withdrawn, they are told why within a second and get nothing more on either feed."""

import os
import pathlib
import signal
import socket
import time

import pytest
import zmq
from contract import bus, queries
from deployment import until
from recorder import family_commands
from service import Refused

#: A withdrawal is in force within a second.
SECOND = 1.0
#: What processes may be held up on a machine on which other tests run.
BUSY = 4.0
#: The log and its door.
RUNNING = ("care-archive", "intake")


def frames(socket, seconds):
    """What arrives within some seconds."""
    found, end = [], time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if socket.poll(left * 1000):
            found.append(socket.recv_multipart())
    return found


def feed(deployment, name):
    """A bare subscriber of the feed between services, with the key of that name."""
    socket = deployment._context.socket(zmq.SUB)
    socket.linger = 0
    socket.curve_serverkey = deployment.public_key("care-archive")
    socket.curve_publickey, socket.curve_secretkey = deployment.pair(name)
    socket.subscribe(b"care.feed.0")
    socket.connect(f"tcp://127.0.0.1:{deployment.ports['feed']}")
    deployment._clients.append(socket)
    return socket


def ping(socket):
    socket.send(bus.ClientFrame(protocol_version=1, ping=bus.Ping(nonce=1)).SerializeToString())


def farewell(socket, seconds):
    """Waits for the frame that tells a peer why it is cut; returns it and when it came."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if socket.poll(left * 1000):
            frame = bus.ServerFrame.FromString(socket.recv())
            if frame.WhichOneof("content") == "farewell":
                return frame.farewell, time.monotonic()
    raise AssertionError("no farewell")


@pytest.fixture
def two(deploy):
    """Only the log and its door: the other services' keys are free for bare sockets."""
    deployment = deploy()
    deployment.start(*RUNNING)
    for service in RUNNING:
        deployment.until_known(service, "carectl")
    return deployment


def test_a_subscriber_of_the_feed_gets_nothing_after_its_key_is_withdrawn(two):
    withdrawn, kept = feed(two, "eligibility"), feed(two, "notifier")
    for socket in (withdrawn, kept):
        until(lambda socket=socket: socket.poll(2000), "a heartbeat")
    pair = two.pair("eligibility")
    two.ok("bus", "keys", "withdraw", "eligibility")
    # The feed says something every second, to whoever still hears it.
    until(lambda: not frames(withdrawn, 3 * SECOND), "the feed falls silent for the key that was withdrawn")
    for number in range(5):
        two.submit(family_commands("keys", number)[0])
    # The trap: a connected subscriber goes on receiving when only the list changes.
    assert frames(withdrawn, 4) == []
    until(lambda: frames(kept, 0.5), "the other subscriber hears the feed again")
    # And with the same key nobody comes in anew.
    again = two.raw("care-archive", pair)
    ping(again)
    assert not again.poll(1500)


def test_a_live_connection_is_told_why_within_a_second(two):
    two.new_key("passer-by", "--right", "query")
    sockets = {name: two.raw(name, two.pair("passer-by")) for name in ("care-archive", "intake")}
    for socket in sockets.values():
        ping(socket)
        assert socket.poll(5000)
        frames(socket, 0.05)
    two.ok("bus", "keys", "withdraw", "passer-by")
    start = time.monotonic()
    for name, socket in sockets.items():
        said, when = farewell(socket, 15)
        assert said.code == "CARE-8004" and "撤销" in said.text_zh and "withdrawn" in said.text_en, (name, said)
        assert when - start < SECOND + BUSY, (name, when - start)


def test_a_subscription_ends_with_the_reason_and_shows_nothing_more(two):
    two.new_key("watcher", "--right", "query")
    client = two.client("care-archive", "watcher")
    two.submit(family_commands("keys", 90)[0])
    batches = client.follow(idle=30)
    seen = next(batches)[0]
    assert seen
    two.ok("bus", "keys", "withdraw", "watcher")
    start = time.monotonic()
    with pytest.raises(Refused) as refusal:
        while True:
            next(batches)
    assert refusal.value.code == "CARE-8004" and time.monotonic() - start < SECOND + BUSY


def test_rotation_lets_the_new_key_in_and_the_old_one_out(two):
    two.new_key("office", "--right", "query", "--department", "dept.civil_affairs")
    old = two.pair("office")
    socket = two.raw("care-archive", old)
    ping(socket)
    assert socket.poll(5000)
    frames(socket, 0.05)
    printed = two.ok("bus", "keys", "rotate", "office", "--expires", "2099-12-31").out.strip()
    assert printed == two.pair("office")[0].decode() and printed != old[0].decode()
    assert farewell(socket, 15)[0].code == "CARE-8004"
    listed = {key["name"]: key for key in two.ok("bus", "keys", "list", "--json").json()["keys"]}
    assert listed["office"]["public_key"] == printed and listed["office"]["state"] == "valid"
    assert (listed["office"]["department"], listed["office"]["expires_on"]) == ("dept.civil_affairs", "2099-12-31")
    query = queries.Query()
    query.projection_status.SetInParent()
    assert two.query(query, "office").projection_status.head_position >= 0


def test_a_peer_keeps_the_pair_that_it_made_itself(two):
    public, secret = zmq.curve_keypair()
    wrong = two.carectl("bus", "keys", "new", "abroad", "--public-key", public.decode()[:-1])
    assert wrong.code == 64 and "CARE-6129" in wrong.err
    two.ok("bus", "keys", "new", "abroad", "--right", "query", "--public-key", public.decode())
    again = two.carectl("bus", "keys", "new", "other", "--public-key", public.decode())
    assert again.code == 64 and "CARE-6133" in again.err and "abroad" in again.err
    assert not list(two.keys.glob("abroad.*")), "nothing of it is kept here"
    # Whoever knows this one has read the list with the other.
    two.new_key("in-time", "--right", "query")
    socket = two.raw("care-archive", (public, secret))
    ping(socket)
    assert socket.poll(5000)
    newer = zmq.curve_keypair()[0].decode()
    assert two.ok("bus", "keys", "rotate", "abroad", "--public-key", newer).out.strip() == newer
    assert farewell(socket, 15)[0].code == "CARE-8004"


def test_a_key_whose_time_is_over_does_not_come_in(two):
    two.ok("bus", "keys", "new", "late", "--right", "query", "--expires", "2020-12-31")
    # Whoever knows this one has read the list with the other.
    two.new_key("in-time", "--right", "query")
    socket = two.raw("care-archive", two.pair("late"))
    ping(socket)
    assert not socket.poll(1500)
    listed = {key["name"]: key for key in two.ok("bus", "keys", "list", "--json").json()["keys"]}
    assert listed["late"]["state"] == "expired"


def waits(process, seconds):
    """Waits for a process; returns its status and how long it took."""
    start = time.monotonic()
    return process.wait(seconds), time.monotonic() - start


def answered(deployment):
    """How many commands intake has answered since its start."""
    lines = deployment.http("intake", "/metrics")[1].splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("guanhuai_intake_commands{"))


@pytest.mark.long
def test_carectl_ends_with_one_reason_whatever_it_was_doing(deploy):
    """Followers of events, with a condition or without, and an import with many commands in flight."""
    deployment = deploy().up()
    commands = deployment.folder / "many.ndjson"
    invented = deployment.ok("synthesize", "--households", "500", "--years", "3", "--seed", "77").out
    # Without corrections: what is asked here is that everything goes in once, not whether each correction is allowed.
    commands.write_text("".join(line for line in invented.splitlines(keepends=True) if '"correction"' not in line))
    for round in range(2):
        name = f"office-{round}"
        deployment.new_key(name, "--right", "query", "--right", "command", "--right", "import-history")
        doing = {
            "tail": ("log", "tail", "--from-start"),
            "where": ("log", "tail", "--from-start", "--where", "event == 'PairingAssigned'"),
            "import": ("case", "import", commands, "--quiet"),
        }
        before = answered(deployment)
        processes = {
            what: deployment.background(*words, "--key", name, name=f"{what}-{round}") for what, words in doing.items()
        }
        # Nobody is turned away before it was let in.
        for what in ("tail", "where"):
            shown = deployment.folder / f"{what}-{round}.out"
            until(lambda shown=shown: shown.stat().st_size, f"{what} shows an event", 60, pause=0.01)
        until(lambda: answered(deployment) > before, "the import gets answers", 60, pause=0.01)
        assert [what for what, process in processes.items() if process.poll() is not None] == []
        deployment.ok("bus", "keys", "withdraw", name)
        for what, process in processes.items():
            code, took = waits(process, 30)
            said = (deployment.folder / f"{what}-{round}.err").read_text()
            assert "CARE-8004" in said and "撤销" in said and "CARE-8003" not in said, (what, said)
            assert code != 0 and took < 3 * SECOND + BUSY, (what, code, took)
    # What was acknowledged before stands; the same file with a key that counts records the rest, and nothing twice.
    counts, _ = deployment.import_file(commands, timeout=300)
    assert counts.get("refused", 0) == 0, counts


def test_half_open_connections_are_dropped(two):
    """One that never says hello loses its place; of one that did, both kernels ask whether the other is still there."""
    door = two.ports["archive"]

    def rows():
        """Connections on this machine, as the kernel has them: both ends' ports, state, timer and inode."""
        for row in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
            word = row.split()
            yield int(word[1].split(":")[1], 16), int(word[2].split(":")[1], 16), word[3], word[5], word[9]

    def held():
        """Ports of those whose connections the archive holds at its door."""
        return {theirs for ours, theirs, state, _, _ in rows() if ours == door and state in ("01", "08")}

    def own(process):
        """Ports from which a process is connected to that door."""
        files = pathlib.Path(f"/proc/{process.pid}/fd").iterdir()
        inodes = {os.readlink(file)[8:-1] for file in files if os.readlink(file).startswith("socket:[")}
        live = (row for row in rows() if row[2] == "01" and row[4] in inodes)
        return {ours for ours, theirs, *_ in live if theirs == door}

    def ends(ports):
        """Timers of both ends of these connections: kind and ticks left. Only of these: a port of this machine may be the end
        of another connection at the same time, or of one that was closed and is kept for a minute (TIME_WAIT)."""
        pairs = {(port, door) for port in ports} | {(door, port) for port in ports}
        found = ((ours, theirs, state, timer.split(":")) for ours, theirs, state, timer, _ in rows())
        return sorted((ours, theirs, kind, int(left, 16)) for ours, theirs, state, (kind, left) in found
                      if (ours, theirs) in pairs and state == "01")

    def asked_after(ports):
        """Whether each end of these asks after five seconds of silence at most; else why not, for whoever reads the failure."""
        timers, limit = ends(ports), 5 * os.sysconf("SC_CLK_TCK")
        seen[:] = [sorted(ports), timers]
        return len(timers) == 2 * len(ports) and all(kind == "02" and left <= limit for _, _, kind, left in timers)

    seen = []
    silent = [socket.create_connection(("127.0.0.1", door)) for _ in range(5)]
    ports = {one.getsockname()[1] for one in silent}
    until(lambda: ports <= held(), "they are accepted", pause=0.01)
    until(lambda: not ports & held(), "they are dropped", 60)
    for one in silent:
        one.close()
    follower = two.background("log", "tail", name="gone")
    try:
        until(lambda: own(follower) & held(), "it is connected")
        # A line that is cut cannot be had here: that the kernel asks is seen, and what it does then is its own affair.
        try:
            until(lambda: (ports := own(follower) & held()) and asked_after(ports), "both ends ask", 60, pause=0.01)
        except AssertionError as late:
            raise AssertionError(f"{late}; last seen: {seen}, follower {own(follower)}, door {held()}") from late
    finally:
        follower.kill()
        follower.wait()
