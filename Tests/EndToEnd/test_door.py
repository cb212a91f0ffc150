"""Bad input at the door, over real CURVE sockets: each gets a typed answer, and the service lives on."""

import os

import identity
import pytest
import zmq

from contract import bus, commands, queries
from deployment import SERVICES, until
from eavesdropper import GREETING, WELCOME, Tap, heard
from recorder import family_commands
from service import NoAnswer, Refused

REQUEST = bus.ClientFrame(
    protocol_version=1,
    request=bus.Request(request_id=b"r" * 16, method=bus.METHOD_QUERY, remaining_ms=5000)).SerializeToString()


def answer(socket, seconds=10.0):
    """The next frame on a bare socket."""
    assert socket.poll(seconds * 1000), "没有答复 / no answer"
    return bus.ServerFrame.FromString(socket.recv())


def exchange(socket, *parts):
    socket.send_multipart(list(parts))
    return answer(socket)


def ping(socket, nonce=7):
    frame = exchange(socket, bus.ClientFrame(protocol_version=1, ping=bus.Ping(nonce=nonce)).SerializeToString())
    assert frame.pong.nonce == nonce, frame


def said(frame, code, status):
    """The frame refuses with this code, in both languages."""
    kind = frame.WhichOneof("content")
    assert kind in ("reply", "farewell"), frame
    words = getattr(frame, kind)
    assert (words.code, words.status) == (code, status), frame
    assert words.text_en and any("\u4e00" <= letter <= "\u9fff" for letter in words.text_zh)
    return kind


GARBAGE = {
    "empty": [b""], "noise": [b"\xff" * 40], "text": ["你好，帮我登记一户".encode()], "half a frame": [REQUEST[:-3]],
    "several frames": [REQUEST, b"more"], "no content": [bus.ClientFrame(protocol_version=1).SerializeToString()],
    "short id": [bus.ClientFrame(protocol_version=1, request=bus.Request(request_id=b"short")).SerializeToString()],
}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("name", GARBAGE)
def test_a_malformed_frame_is_called_so(shared, service, name):
    socket = shared.raw(service)
    said(exchange(socket, *GARBAGE[name]), "CARE-8007", bus.STATUS_BAD_REQUEST)
    ping(socket)


def test_a_frame_of_noise_after_the_id_is_answered_under_the_id(shared):
    socket = shared.raw("intake")
    frame = exchange(socket, bus.ClientFrame(
        protocol_version=1, request=bus.Request(
            request_id=b"i" * 16, method=bus.METHOD_SUBMIT_COMMAND, body=b"\xff\xff\xff")).SerializeToString())
    assert said(frame, "CARE-1001", bus.STATUS_BAD_REQUEST) == "reply"
    assert frame.reply.request_id == b"i" * 16


@pytest.mark.parametrize("service", SERVICES)
def test_an_unknown_version_is_told_which_one_is_spoken(shared, service):
    socket = shared.raw(service)
    later = bus.ClientFrame.FromString(REQUEST)
    later.protocol_version = 2
    frame = exchange(socket, later.SerializeToString())
    assert said(frame, "CARE-8008", bus.STATUS_UNSUPPORTED_VERSION) == "reply" and "1" in frame.reply.text_zh
    frame = exchange(socket, bus.ClientFrame(protocol_version=9, ping=bus.Ping(nonce=1)).SerializeToString())
    assert said(frame, "CARE-8008", bus.STATUS_UNSUPPORTED_VERSION) == "farewell"
    ping(socket)


@pytest.mark.parametrize("service", SERVICES)
def test_an_unknown_method_is_called_so(shared, service):
    socket = shared.raw(service)
    request = bus.ClientFrame.FromString(REQUEST)
    request.request.method = 59
    said(exchange(socket, request.SerializeToString()), "CARE-8009", bus.STATUS_BAD_REQUEST)


def big(megabytes, method):
    request = bus.Request(request_id=os.urandom(16), method=method, body=b"x" * (megabytes << 20))
    return bus.ClientFrame(protocol_version=1, request=request).SerializeToString()


@pytest.mark.parametrize("service, method", [
    ("intake", bus.METHOD_SUBMIT_COMMAND), ("care-archive", bus.METHOD_QUERY), ("notifier", bus.METHOD_OPERATE)])
def test_an_oversized_message_is_refused_and_does_not_stay_in_memory(shared, service, method):
    socket = shared.raw(service)
    ping(socket)
    before = shared.resident_kib(service)
    for _ in range(8):
        said(exchange(socket, big(9, method)), "CARE-8010", bus.STATUS_BAD_REQUEST)
    ping(socket)
    assert shared.resident_kib(service) < before + (64 << 10)
    # Beyond 16 MiB, as Proto/README.md says, nothing is read at all: the connection is cut, and a new one works.
    socket.send(big(40, method))
    until(lambda: _pinged(socket), "the connection stands again", 60)
    assert shared.resident_kib(service) < before + (64 << 10)


def _pinged(socket):
    socket.send(bus.ClientFrame(protocol_version=1, ping=bus.Ping(nonce=9)).SerializeToString())
    return socket.poll(500) and bus.ServerFrame.FromString(socket.recv()).pong.nonce == 9


def test_a_key_that_is_not_on_the_list_gets_nothing(shared, deploy):
    stranger = deploy("stranger")
    own = zmq.curve_keypair()
    with pytest.raises(NoAnswer, match="handshake"):
        _client(shared, own).ask(bus.METHOD_QUERY, queries.Query(), timeout=8)
    with pytest.raises(NoAnswer, match="handshake"):
        _client(shared, stranger.pair("intake")).ask(bus.METHOD_QUERY, queries.Query(), timeout=8)
    for service in SERVICES:
        assert shared.is_alive(service)


def _client(deployment, pair):
    from service import Service

    made = Service(
        deployment._context, "care-archive", deployment.address("care-archive"),
        deployment.public_key("care-archive"), *pair)
    deployment._clients.append(made)
    return made


def test_a_withdrawn_key_is_told_so_and_shut_out(shared):
    shared.new_key("passer-by", "--right", "query", "--right", "command")
    socket = shared.raw("care-archive", shared.pair("passer-by"))
    ping(socket)
    shared.ok("bus", "keys", "withdraw", "passer-by")

    def refused():
        socket.send(REQUEST)
        return socket.poll(500) and answer(socket)

    def told():
        frame = refused()
        return frame and getattr(frame, frame.WhichOneof("content"), None).code in ("CARE-8003", "CARE-8004")

    until(told, "the withdrawn key is told")


def test_a_key_without_the_right_is_refused_by_name(shared):
    with pytest.raises(Refused) as refusal:
        shared.client("care-archive", "clerk").ask(bus.METHOD_APPEND, commands.Command())
    assert (refusal.value.status, refusal.value.code) == (bus.STATUS_UNAUTHORISED, "CARE-8006")
    with pytest.raises(Refused) as refusal:
        shared.client("notifier", "clerk").ask(bus.METHOD_OPERATE, queries.Operation())
    assert (refusal.value.status, refusal.value.code) == (bus.STATUS_UNAUTHORISED, "CARE-8006")
    publish = commands.PublishPack(command_id=os.urandom(16), occurred_on=20000)
    publish.pack.pack, publish.pack.content, publish.pack.hash = "own-rules", b"pack: own-rules", b"h" * 32
    with pytest.raises(Refused) as refusal:
        shared.client("intake", "clerk").ask(bus.METHOD_PUBLISH_PACK, publish, request_id=publish.command_id)
    assert (refusal.value.status, refusal.value.code) == (bus.STATUS_UNAUTHORISED, "CARE-1107")


def test_another_divisions_family_is_not_there_for_a_clerk(shared):
    """The clerk's key is for 431002: a family of 431003 can neither be written nor seen nor counted."""
    foreign = family_commands("door", 1, "431003")
    registered = shared.submit(foreign[0])
    with pytest.raises(Refused) as refusal:
        shared.submit(foreign[1], "clerk")
    assert refusal.value.code in ("CARE-1101", "CARE-1106")
    with pytest.raises(Refused) as refusal:
        shared.submit(family_commands("door", 2, "431003")[0], "clerk")
    assert (refusal.value.status, refusal.value.code) == (bus.STATUS_UNAUTHORISED, "CARE-1106")
    page = queries.Query()
    page.household_page.household, page.household_page.as_of = identity.written(registered.household), 20000
    with pytest.raises(Refused) as refusal:
        shared.query(page, "clerk", registered.receipt)
    assert refusal.value.status == bus.STATUS_NOT_FOUND
    listed = shared.carectl("household", "find", "--limit", "0", "--json", key="clerk").json()["households"]
    assert identity.written(registered.household) not in [line["household"] for line in listed]


def test_a_receipt_that_is_no_cursor_is_called_so(shared):
    page = queries.Query()
    page.find_households.as_of = 20000
    with pytest.raises(Refused) as refusal:
        shared.query(page, receipt=b"not a cursor")
    assert refusal.value.status == bus.STATUS_BAD_REQUEST


def test_a_flood_of_noise_leaves_room_for_others(shared):
    noisy, quiet = shared.raw("intake", shared.pair("clerk")), shared.raw("intake")
    ping(quiet)
    before = shared.resident_kib("intake")
    for number in range(20_000):
        try:
            noisy.send(bytes([number & 0xFF]) * 64, zmq.NOBLOCK)
        except zmq.Again:
            noisy.poll(10, zmq.POLLOUT)
    ping(quiet, 8)
    receipts = shared.submit(family_commands("flood", 3)[0])
    assert receipts.first_sequence == 1
    assert shared.resident_kib("intake") < before + (64 << 10)


@pytest.mark.parametrize("service", ("care-archive", "intake"))
def test_a_recorded_session_is_not_answered_again(shared, service):
    """What was listened to on the line is worth nothing: sent again it gets no further than the greeting."""
    host, port = shared.address(service).removeprefix("tcp://").split(":")
    target = (host, int(port))
    tap = Tap(*target)
    line = shared.raw(service, address=tap.address)
    ping(line, 41)
    ping(line, 42)
    session = list(tap.said)
    assert sum(map(len, session)) > GREETING + 200, "greeting, hello, initiate and two messages"
    assert sum(map(len, tap.answered)) > GREETING + WELCOME, "whoever is let in hears more"

    # All at once, or each piece when the service has said something: nothing of it is answered.
    for waits in (False, True):
        assert heard(target, session, waits) <= GREETING + WELCOME
    # One of its messages put into the session while it stands: the line is cut, and the client makes another one.
    cut = tap.inner
    cut.sendall(session[-1])
    until(lambda: tap.inner is not cut, "a new line", 10)
    ping(line, 43)
    assert shared.is_alive(service)
    tap.close()
