"""The client against a made-up service on a loopback socket: what is lost is repeated, what is refused is said."""

import threading

import pytest
import zmq

from contract import bus, commands, record
from service import NoAnswer, Refused, Service


class MadeUpService(threading.Thread):
    """Answers each frame with what `answer(frame)` returns, a list of ServerFrames."""

    def __init__(self, context, answer):
        super().__init__(daemon=True)
        self.public, self._secret = zmq.curve_keypair()
        self.answer, self.seen = answer, []
        self._ready, self._ending = threading.Event(), threading.Event()
        self._context = context

    def run(self):
        socket = self._context.socket(zmq.ROUTER)
        socket.linger, socket.curve_server, socket.curve_secretkey = 0, True, self._secret
        self.endpoint = f"tcp://127.0.0.1:{socket.bind_to_random_port('tcp://127.0.0.1')}"
        self._ready.set()
        while not self._ending.is_set():
            if socket.poll(20):
                route, content = socket.recv_multipart()
                frame = bus.ClientFrame.FromString(content)
                self.seen.append(frame)
                for reply in self.answer(frame):
                    reply.protocol_version = 1
                    socket.send_multipart([route, reply.SerializeToString()])
        socket.close()

    def __enter__(self):
        self.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_):
        self._ending.set()
        self.join(10)


@pytest.fixture
def context():
    context = zmq.Context()
    yield context
    context.term()


@pytest.fixture
def connect(context):
    clients = []

    def make(endpoint, server_key):
        clients.append(Service(context, "service", endpoint, server_key, *zmq.curve_keypair()))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def reply(frame, status, **fields):
    return bus.ServerFrame(reply=bus.Reply(request_id=frame.request.request_id, status=status, **fields))


def test_the_same_request_is_sent_again_until_it_is_done(context, connect):
    answers = [bus.STATUS_OVERLOADED, bus.STATUS_UNAVAILABLE, bus.STATUS_OK]

    def answer(frame):
        stray = bus.ServerFrame(reply=bus.Reply(request_id=b"x" * 16, status=bus.STATUS_OK, body=b"stray"))
        return [stray, reply(frame, answers.pop(0), body=b"done", retry_after_ms=1)]

    with MadeUpService(context, answer) as service:
        client = connect(service.endpoint, service.public)
        assert client.ask(bus.METHOD_SUBMIT_COMMAND, commands.Command(), request_id=b"i" * 16) == b"done"
        assert [frame.request.request_id for frame in service.seen] == [b"i" * 16] * 3


def test_a_refusal_is_not_repeated(context, connect):
    def answer(frame):
        return [reply(frame, bus.STATUS_REFUSED, code="CARE-1304", text_zh="已登记在另一户", text_en="elsewhere")]

    with MadeUpService(context, answer) as service:
        with pytest.raises(Refused, match="CARE-1304 已登记在另一户"):
            connect(service.endpoint, service.public).ask(bus.METHOD_SUBMIT_COMMAND, commands.Command())
        assert len(service.seen) == 1


def test_a_farewell_ends_the_request(context, connect):
    def answer(_frame):
        return [bus.ServerFrame(farewell=bus.Farewell(status=bus.STATUS_UNAUTHORISED, code="CARE-8004"))]

    with MadeUpService(context, answer) as service:
        with pytest.raises(Refused, match="STATUS_UNAUTHORISED CARE-8004"):
            connect(service.endpoint, service.public).ask(bus.METHOD_QUERY, commands.Command())


def test_nobody_there_is_told_from_a_wrong_key(context, connect):
    with MadeUpService(context, lambda frame: []) as service:
        stranger, _ = zmq.curve_keypair()
        with pytest.raises(NoAnswer, match="handshake"):
            connect(service.endpoint, stranger).ask(bus.METHOD_QUERY, commands.Command(), timeout=3)
        with pytest.raises(NoAnswer, match="no answer"):
            connect(service.endpoint, service.public).ask(bus.METHOD_QUERY, commands.Command(), timeout=3)
        empty = service.endpoint
    with pytest.raises(NoAnswer, match="cannot connect"):
        connect(empty, service.public).ask(bus.METHOD_QUERY, commands.Command(), timeout=1)


class MadeUpLog:
    """Two hundred events in batches of one, with one batch lost on the way."""

    def __init__(self):
        self.next, self.credit, self.used = {}, {}, {}
        self.lost = False

    def answer(self, frame):
        kind = frame.WhichOneof("content")
        if kind == "subscribe":
            name = frame.subscribe.subscription_id
            self.next[name] = int(frame.subscribe.cursor or b"0")
            self.credit[name], self.used[name] = frame.subscribe.credit_bytes, 0
        elif kind == "credit":
            name = frame.credit.subscription_id
            self.credit[name] = max(self.credit[name], frame.credit.total_bytes)
        else:
            return []
        return list(self.batches(name))

    def batches(self, name):
        while self.next[name] < 200 and self.used[name] < self.credit[name]:
            number = self.next[name]
            stored = record.StoredRecord(stream="s", sequence=number + 1, payload=bytes(20_000)).SerializeToString()
            self.next[name] += 1
            self.used[name] += len(stored)
            if number == 70 and not self.lost:
                self.lost = True
                continue
            batch = bus.CatchUpBatch(
                subscription_id=name, cursor_before=str(number).encode(), cursor_after=str(number + 1).encode(),
                live=number == 199)
            batch.events.add(record=stored)
            yield bus.ServerFrame(catch_up=batch)


def test_a_subscription_renews_its_credit_and_misses_nothing(context, connect):
    log = MadeUpLog()
    with MadeUpService(context, log.answer) as service:
        seen = []
        for events, cursor, live in connect(service.endpoint, service.public).follow(streams=["s"]):
            seen += [record.StoredRecord.FromString(event.record).sequence for event in events]
            assert cursor == str(seen[-1]).encode()
            if live:
                break
        assert seen == list(range(1, 201))
        assert len(log.next) == 2
        assert any(frame.HasField("credit") for frame in service.seen)
