"""Two intakes register the same person in the same moment: one household each, also with kills between.

GUANHUAI_RACES says how many persons (60).
"""

import os
import random

import identity
from deployment import Ports, until
from recorder import Recorder, check_persons, check_streams, family_commands, whole_log

RACES = int(os.environ.get("GUANHUAI_RACES", "60"))


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


def test_each_person_ends_in_one_household(deploy):
    seed = int(os.environ.get("GUANHUAI_SEED", str(random.randrange(1 << 30))))
    print(f"GUANHUAI_SEED={seed}")
    chance = random.Random(seed)
    deployment = deploy().up()
    intakes = TwoIntakes(deployment)
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
