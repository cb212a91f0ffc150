"""Two intakes register the same person in the same moment: one household each, also with kills between. Many write into
one family's file at once, through both; and commands are delivered again and again, in any order, while services are killed.

GUANHUAI_RACES says how many persons (60); GUANHUAI_WRITERS how many writers (8), each with GUANHUAI_EACH commands (8);
GUANHUAI_DELIVERIES how many deliveries (600), of a tenth as many commands. GUANHUAI_SEED repeats a run. `Tests/soak
--writers 64 --deliveries 100000` makes as many as one likes.
"""

import os
import random
import time

import identity
import pytest
from clerks import Clerk, Deliveries, Office, Writer
from deployment import Ports, until
from recorder import (
    Recorder, check_acknowledged, check_persons, check_streams, command_id, family_commands, whole_log)
from test_kills import check_rebuild, come_to_rest

RACES = int(os.environ.get("GUANHUAI_RACES", "60"))
WRITERS = int(os.environ.get("GUANHUAI_WRITERS", "8"))
EACH = int(os.environ.get("GUANHUAI_EACH", "8"))
DELIVERIES = int(os.environ.get("GUANHUAI_DELIVERIES", "600"))
SEED = int(os.environ.get("GUANHUAI_SEED", str(random.randrange(1 << 30))))


class TwoIntakes:
    """The deployment's own intake and a second one beside it, on the same log."""

    def __init__(self, deployment):
        self.deployment = deployment
        self.addresses = [deployment.address("intake"), f"tcp://127.0.0.1:{Ports.take()}"]
        self.ops = Ports.take()
        self.start_second()

    def start_second(self):
        self.deployment.start_as(
            "intake-2", "intake", "--bus-intake", self.addresses[1], "--ops-port", self.ops,
            "--data-dir", self.deployment.folder / "second")

    def kill(self, place):
        name = ("intake", "intake-2")[place]
        self.deployment.kill(name)
        if place:
            self.start_second()
        else:
            self.deployment.start("intake")


@pytest.fixture(scope="module")
def intakes(shared):
    return TwoIntakes(shared)


def registration_of(number, seed):
    """The same couple and child each time, under another command."""
    command = family_commands("race", number)[0]
    own = family_commands(f"race-{seed}", number)[0].command_id
    for place, member in enumerate(command.register_household.members):
        member.sealed_parts[0].subject = identity.person_of(own, place)
    fact = command.register_household.facts[0]
    fact.payload = fact.payload.replace(identity.person_of(command.command_id, 2), identity.person_of(own, 2))
    command.command_id = own
    return command


def test_each_person_ends_in_one_household(intakes):
    print(f"GUANHUAI_SEED={SEED}")
    chance, deployment = random.Random(SEED), intakes.deployment
    clients = [Recorder(deployment, window=8, address=address) for address in intakes.addresses]
    for number in range(RACES):
        for place, client in enumerate(clients):
            client.add([registration_of(number, place)])
    kills, answered = 0, 0

    def turn():
        for client in clients:
            client.turn(0.01)
        return all(client.is_done for client in clients)

    while not turn():
        so_far = sum(len(client.receipts) + len(client.refusals) for client in clients)
        if so_far >= answered + RACES // 6:
            answered = so_far
            intakes.kill(chance.randrange(2))
            kills += 1
    until(turn, "all answers", 60, pause=0)
    print(f"{kills} kills, {sum(client.repeats for client in clients)} repeats")
    winners = [set(client.receipts) for client in clients]
    for number in range(RACES):
        commands = [registration_of(number, place).command_id for place in range(2)]
        won = [commands[place] in winners[place] for place in range(2)]
        codes = [clients[place].refusals[commands[place]].code for place in range(2) if not won[place]]
        assert sum(won) == 1 and codes == ["CARE-1304"], (number, won, codes)
    deployment.ready(projected=True)
    streams = whole_log(deployment)
    check_streams(streams)
    households = {identity.written(reply.household) for client in clients for reply in client.receipts.values()}
    assert {line["household"] for line in deployment.households()} == households
    assert len(households) == RACES
    check_persons(deployment)


def own_streams(deployment, receipts):
    """The streams of these receipts' households; the key sees all of their events."""
    if not (deployment.keys / "reader.key").exists():
        deployment.new_key("reader", "--division", "000000", "--department", "dept.fp", "--right", "query")
    own = {"household-" + identity.written(reply.household) for reply in receipts.values()}
    return {stream: events for stream, events in whole_log(deployment, "reader").items() if stream in own}


def test_many_writers_of_one_household(intakes):
    """What one of them was told is there; nobody's is lost or there twice; who was too late is told what came before."""
    print(f"GUANHUAI_SEED={SEED}")
    deployment = intakes.deployment
    first = family_commands(f"writers-{SEED}", 5_000)[0]
    home = deployment.submit(first)
    office = Office([Clerk(deployment, intakes.addresses[number % 2]) for number in range(WRITERS)])
    writers = {
        clerk: Writer(clerk, f"writer-{SEED}", number, home.household, EACH)
        for number, clerk in enumerate(office.clerks.values())}
    started = time.monotonic()
    for writer in writers.values():
        writer.go_on()
    silent = started
    while not all(writer.is_done for writer in writers.values()):
        for clerk, reply in office.turn():
            writers[clerk].take(reply)
            silent = time.monotonic()
        assert time.monotonic() < silent + 60, "60 秒没有答复 / no answer for 60 s"
    seconds = time.monotonic() - started
    receipts = {first.command_id: home}
    refused = [own for writer in writers.values() for own in writer.refused]
    for writer in writers.values():
        receipts |= writer.receipts
    assert len(receipts) == WRITERS * EACH + 1
    streams = own_streams(deployment, receipts)
    check_acknowledged(streams, receipts)
    check_streams(streams)
    stored = {event.append_id for events in streams.values() for event in events}
    assert not stored.intersection(refused) and len(streams) == 1
    print(f"writers {WRITERS} x {EACH}: {len(receipts) - 1} commands in {seconds:.1f} s, {len(refused)} told that somebody "
          f"was quicker, {office.again} asked again; {sum(map(len, streams.values()))} events in the family's file")
    office.close()
    # Otherwise the next test looks at the same archive.
    if "GUANHUAI_WRITERS" in os.environ:
        check_rebuild(deployment, identity.written(home.household))


def test_deliveries_again_and_again(intakes):
    """Each command is carried out once; whoever delivers it again is told the same, also after services were killed."""
    print(f"GUANHUAI_SEED={SEED}")
    deployment, chance = intakes.deployment, random.Random(SEED)
    commands = max(6, DELIVERIES // 10)
    chains = [family_commands(f"deliveries-{SEED}", 6_000 + number) for number in range((commands + 5) // 6)]
    chains[-1] = chains[-1][:commands - 6 * (len(chains) - 1)]
    office = Office([Clerk(deployment, intakes.addresses[number % 2]) for number in range(8)])
    mail = Deliveries(office, chains, DELIVERIES, SEED)
    started = silent = time.monotonic()
    kills = {"care-archive": 0, "intake": 0, "intake-2": 0}
    while not mail.is_done:
        mail.fill(128)
        for _, reply in office.turn():
            mail.take(reply)
            silent = time.monotonic()
        assert time.monotonic() < silent + 60, "60 秒没有答复 / no answer for 60 s"
        if mail.answered > (sum(kills.values()) + 1) * max(200, DELIVERIES // 30):
            name = chance.choice(list(kills))
            kills[name] += 1
            if name == "care-archive":
                deployment.kill(name)
                deployment.start(name)
            else:
                intakes.kill(name == "intake-2")
    seconds = time.monotonic() - started
    office.close()
    assert len(mail.receipts) == commands
    come_to_rest(deployment)
    streams = own_streams(deployment, mail.receipts)
    check_acknowledged(streams, mail.receipts)
    check_streams(streams)
    stored = {event.append_id for events in streams.values() for event in events}
    print(f"deliveries {DELIVERIES} of {commands} commands in {seconds:.1f} s: {mail.repeated} told that it was recorded "
          f"before, {office.again} asked again, kills {kills}; {len(stored & set(mail.receipts))} stored")
    assert set(mail.receipts) <= stored
    check_persons(deployment)
    check_rebuild(deployment)
