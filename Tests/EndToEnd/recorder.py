"""Sends many commands at once, keeps every receipt, and repeats what was not answered: an ordinary client under load."""

import collections
import datetime
import hashlib
import os
import time

import identity
import offices
import zmq
from contract import bus, commands, common, event_kind, queries, record
from family import registration, sealed

_AGAIN = {bus.STATUS_OVERLOADED, bus.STATUS_UNAVAILABLE, bus.STATUS_DEADLINE, bus.STATUS_QUEUED}


def command_id(seed, number):
    """Sixteen bytes that follow from a seed and a number."""
    return hashlib.sha256(f"{seed},{number}".encode()).digest()[:16]


def family_commands(seed, number, division="431002"):
    """The commands of one family, to be sent one after the other."""
    first = registration(command_id(seed, f"{number}.0"), division)
    give_numbers(first, number)
    household = identity.household_of(first.command_id)
    result = [first]
    for place, kind in enumerate(("department", "cadre", "party_member", "volunteer"), 1):
        own = command_id(seed, f"{number}.{place}")
        helper = identity.person_of(own, 0)
        command = commands.Command(command_id=own, household=household, occurred_on=identity.day("2014-09-10"))
        command.assign_helper.kind = kind
        command.assign_helper.helper.person = helper
        command.assign_helper.helper.unit = "试验单位"
        command.assign_helper.helper.real_name_given = True
        command.assign_helper.sealed_parts.append(sealed(helper, name=f"试{place}{number}", phone=f"140{place}{number:>07}"))
        result.append(command)
    fact = commands.Command(
        command_id=command_id(seed, f"{number}.5"), household=household, occurred_on=identity.day("2015-01-01"))
    fact.state_fact.fact = "household.economic_hardship"
    fact.state_fact.subject.household = True
    fact.state_fact.value.truth = True
    fact.state_fact.source = "statement"
    return [*result, fact]


def give_numbers(command, number):
    """Puts ID numbers into a registration, so that the persons' own streams take part."""
    sexes = {common.MEMBER_ROLE_WIFE: "女", common.MEMBER_ROLE_HUSBAND: "男", common.MEMBER_ROLE_ONLY_CHILD: "男"}
    for member in command.register_household.members:
        birth = datetime.date(1970, 1, 1) + datetime.timedelta(days=member.birth_date + number // 500)
        member.birth_date = identity.day(birth.isoformat())
        details = common.PersonalDetails.FromString(member.sealed_parts[0].content)
        # Of another province than invented districts: a long run would meet somebody of theirs.
        details.id_number = offices.id_number(birth.isoformat(), sexes[member.role], number % 500, area="350203")
        member.sealed_parts[0].content = details.SerializeToString()


class Recorder:
    """One DEALER socket to intake. Commands of one family go one after the other, families side by side."""

    def __init__(self, deployment, window=16, address=None):
        self._socket = deployment.raw("intake", address=address)
        self._window, self._waiting, self._sent = window, [], {}
        self.receipts, self.refusals, self.repeats = {}, {}, 0

    def add(self, chain):
        """A list of commands to be sent in this order."""
        self._waiting.append(list(chain))

    @property
    def waiting(self):
        """Families with a command that is not answered."""
        return len(self._waiting) + len(self._sent)

    @property
    def is_done(self):
        return not self._waiting and not self._sent

    def turn(self, seconds=0.05):
        """Sends what may go, takes what came."""
        while len(self._sent) < self._window and self._waiting:
            chain = self._waiting.pop(0)
            self._sent[chain[0].command_id] = [chain, 0.0]
        now = time.monotonic()
        for entry in self._sent.values():
            if now >= entry[1]:
                self.repeats += entry[1] > 0
                entry[1] = now + 1.0
                self._send(entry[0][0])
        if self._socket.poll(seconds * 1000):
            while True:
                try:
                    self._take(bus.ServerFrame.FromString(self._socket.recv(zmq.NOBLOCK)))
                except zmq.Again:
                    return

    def run(self, seconds):
        end = time.monotonic() + seconds
        while not self.is_done:
            self.turn()
            assert time.monotonic() < end, f"{len(self._sent)} 条命令没有答复 / commands without an answer"

    def _send(self, command):
        request = bus.Request(
            request_id=command.command_id, method=bus.METHOD_SUBMIT_COMMAND, body=command.SerializeToString(),
            remaining_ms=5000)
        try:
            self._socket.send(bus.ClientFrame(protocol_version=1, request=request).SerializeToString(), zmq.NOBLOCK)
        except zmq.Again:
            pass  # Nobody takes it at present: repeated like a lost frame.

    def _take(self, frame):
        assert frame.WhichOneof("content") == "reply", frame
        reply = frame.reply
        entry = self._sent.get(reply.request_id)
        if entry is None:
            return
        if reply.status in _AGAIN:
            entry[1] = time.monotonic() + max(0.1, reply.retry_after_ms / 1000)
            return
        del self._sent[reply.request_id]
        chain = entry[0]
        if reply.status == bus.STATUS_OK:
            self.receipts[reply.request_id] = commands.CommandReply.FromString(reply.body)
        else:
            self.refusals[reply.request_id] = reply
        if chain[1:]:
            self._waiting.insert(0, chain[1:])


class Log:
    """How many events the log holds."""

    def __init__(self, deployment):
        self._archive = deployment.client("care-archive")

    def length(self):
        question = queries.Query(projection_status=queries.ProjectionStatusQuery())
        reply = self._archive.ask(bus.METHOD_QUERY, question)
        return queries.QueryReply.FromString(reply).projection_status.head_position


def whole_log(deployment, key="carectl", client=None):
    """Every event of household streams as the archive hands it out to a key: {stream: [StoredRecord, …]}. Over a connection of
    its own unless one is given."""
    client = client or deployment.client("care-archive", key)
    streams = {}
    for events, _cursor, live in client.follow(categories=["household"]):
        for event in events:
            stored = record.StoredRecord.FromString(event.record)
            streams.setdefault(stored.stream, []).append(stored)
        if live:
            return streams
    raise AssertionError("the subscription ended")


def check_acknowledged(streams, receipts):
    """Every acknowledged command is in its stream exactly once, at the place the receipt named."""
    found = collections.defaultdict(list)
    for stream, events in streams.items():
        for stored in events:
            found[stream, stored.append_id].append(stored.sequence)
    for own, reply in receipts.items():
        places = found.get(("household-" + identity.written(reply.household), own), [])
        wanted = list(range(reply.first_sequence, reply.last_sequence + 1))
        assert places == wanted, f"{identity.written(own)}: {places}, 回执 / receipt {wanted}"


def check_streams(streams):
    """Sequences without gaps or repeats, no command in two places of a stream, ids as the contract derives them."""
    for stream, events in streams.items():
        assert [stored.sequence for stored in events] == list(range(1, len(events) + 1)), stream
        places, last = {}, None
        for stored in events:
            assert stored.append_id == last or stored.append_id not in places, f"{stream}: 同一命令出现在两处 / twice"
            last = stored.append_id
            place = places[last] = places.get(last, -1) + 1
            assert stored.event_id == identity.event_of(last, place), f"{stream} {stored.sequence}"


def check_persons(deployment, seconds=90):
    """No reservation is left hanging: each ends in a confirmation or is released: soon after
    the answer, or by the sweep, which has thirty seconds of patience, when an intake was killed in between."""
    client, last = deployment.client("care-archive"), {}
    reserved = event_kind.EventKind.Value("EVENT_KIND_PERSON_RESERVED")
    end = time.monotonic() + seconds
    for events, _cursor, live in client.follow(categories=["person"]):
        for event in events:
            stored = record.StoredRecord.FromString(event.record)
            last[stored.stream] = stored.kind
        hanging = [stream for stream, kind in last.items() if kind == reserved]
        if live and last and not hanging:
            return
        assert time.monotonic() < end, f"占位没有了结 / reservations left: {hanging}"


def fresh():
    return os.urandom(16)
