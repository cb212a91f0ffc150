"""Many clerks at once: each has a connection to an intake, and asks until it is answered."""

import random
import re
import time

import zmq

import identity
from contract import bus, commands
from recorder import command_id

_AGAIN = {bus.STATUS_OVERLOADED, bus.STATUS_UNAVAILABLE, bus.STATUS_DEADLINE, bus.STATUS_QUEUED}
_RECEIPTS = {bus.STATUS_OK, bus.STATUS_QUEUED}


class Clerk:
    """One connection. A command that is not answered is sent again, under a new number of the attempt."""

    PATIENCE = 2.0

    def __init__(self, deployment, address):
        self.socket = deployment.raw("intake", address=address)
        self.asked, self.again = {}, 0
        self._attempts = 0

    def ask(self, command):
        assert command.command_id not in self.asked
        request = bus.Request(
            request_id=command.command_id, method=bus.METHOD_SUBMIT_COMMAND, body=command.SerializeToString(),
            remaining_ms=int(self.PATIENCE * 1000))
        self.asked[command.command_id] = [request, 0.0]
        self._send(self.asked[command.command_id])

    def remind(self):
        """Sends what is overdue again."""
        now = time.monotonic()
        for entry in self.asked.values():
            if now >= entry[1]:
                self.again += 1
                self._send(entry)

    def _send(self, entry):
        self._attempts += 1
        entry[0].attempt, entry[1] = self._attempts, time.monotonic() + self.PATIENCE
        frame = bus.ClientFrame(protocol_version=1, request=entry[0]).SerializeToString()
        try:
            self.socket.send(frame, zmq.NOBLOCK)
        except zmq.Again:
            pass  # Nobody takes it at present: repeated like a lost frame.

    def answers(self):
        """Every answer that is there."""
        while True:
            try:
                frame = bus.ServerFrame.FromString(self.socket.recv(zmq.NOBLOCK))
            except zmq.Again:
                return
            assert frame.WhichOneof("content") == "reply", frame
            reply = frame.reply
            entry = self.asked.get(reply.request_id)
            # The refusal of an earlier attempt is no answer to the last one.
            if entry is None or reply.status not in _RECEIPTS and reply.attempt not in (0, entry[0].attempt):
                continue
            if reply.status in _AGAIN:
                entry[1] = time.monotonic() + max(0.05, reply.retry_after_ms / 1000)
                continue
            del self.asked[reply.request_id]
            yield reply


class Office:
    """The clerks, looked after one after the other."""

    def __init__(self, clerks):
        self.clerks = {clerk.socket: clerk for clerk in clerks}
        self._poller, self._reminded = zmq.Poller(), 0.0
        for socket in self.clerks:
            self._poller.register(socket, zmq.POLLIN)

    @property
    def again(self):
        return sum(clerk.again for clerk in self.clerks.values())

    def turn(self, milliseconds=50):
        """Pairs of a clerk and an answer, as many as came."""
        if time.monotonic() - self._reminded > 0.05:
            self._reminded = time.monotonic()
            for clerk in self.clerks.values():
                clerk.remind()
        for socket, _ in self._poller.poll(milliseconds):
            for reply in self.clerks[socket].answers():
                yield self.clerks[socket], reply

    def close(self):
        for socket in self.clerks:
            socket.close(linger=0)


class Writer:
    """Records visits of one family one after the other, like many others. Some of them name what it saw last: when somebody
    else was quicker, that is refused, with the newest there is; then it looks again, and in the end goes on without."""

    def __init__(self, clerk, seed, number, home, count):
        self.clerk, self._seed, self._number, self._home, self._count = clerk, seed, number, home, count
        self._done, self._tries, self.seen = 0, 0, 1
        self.receipts, self.refused = {}, []

    @property
    def is_done(self):
        return self._done == self._count

    def go_on(self):
        """The next one, or the same once more under another id."""
        own = command_id(self._seed, f"{self._number}.{self._done}.{self._tries}")
        command = commands.Command(
            command_id=own, household=self._home, occurred_on=identity.day("2015-01-01") + self._done)
        command.record_visit.visit.kind = "routine"
        if self._done % 20 == self._number % 20 and self._tries < 3:
            command.seen_sequence = self.seen
        self.clerk.ask(command)

    def take(self, reply):
        if reply.status == bus.STATUS_OK:
            answer = commands.CommandReply.FromString(reply.body)
            self.receipts[reply.request_id] = answer
            self._done, self._tries, self.seen = self._done + 1, 0, answer.last_sequence
        else:
            assert (reply.status, reply.code) == (bus.STATUS_CONFLICT, "CARE-1105"), reply
            newest = int(re.search(r"#(\d+)", reply.text_en)[1])
            assert newest > self.seen, reply
            self.refused.append(reply.request_id)
            self._tries, self.seen = self._tries + 1, newest
        if not self.is_done:
            self.go_on()


class Deliveries:
    """Commands of families, in order for the first time, and each one again and again, at any clerk, while it is under way
    and long after. Whoever asks must be told the same place."""

    def __init__(self, office, chains, count, seed):
        self._office, self._chains, self._count = office, chains, count
        self._random = random.Random(seed)
        self._begun, self._next = [], list(reversed(chains))
        self.made = self.answered = 0
        self.receipts, self.repeated = {}, 0
        self._chain_of = {command.command_id: chain for chain in chains for command in chain}
        self._commands = sum(len(chain) for chain in chains)

    @property
    def is_done(self):
        return self.answered == self._count and len(self.receipts) == self._commands

    def fill(self, window):
        """Delivers until so many are under way."""
        clerks = list(self._office.clerks.values())
        for _ in range(min(window - (self.made - self.answered), self._count - self.made)):
            clerk, unbegun = self._random.choice(clerks), self._commands - len(self._begun)
            # First times are spread over all deliveries, and enough are left for those whose turn has not come.
            if self._next and len(self._begun) * self._count <= self.made * self._commands:
                self._begun.append(self._next.pop().pop(0))
                command = self._begun[-1]
            elif self._begun and self._count - self.made > unbegun:
                command = self._random.choice(self._begun)
            else:
                return
            if command.command_id not in clerk.asked:
                clerk.ask(command)
                self.made += 1

    def take(self, reply):
        assert reply.status == bus.STATUS_OK, reply
        self.answered += 1
        answer = commands.CommandReply.FromString(reply.body)
        self.repeated += answer.already_recorded
        known = self.receipts.setdefault(reply.request_id, answer)
        if known is answer:
            chain = self._chain_of[reply.request_id]
            if chain:
                self._next.append(chain)
            return
        for field in ("household", "first_sequence", "last_sequence", "recorded_at"):
            assert getattr(known, field) == getattr(answer, field), (field, known, answer)
