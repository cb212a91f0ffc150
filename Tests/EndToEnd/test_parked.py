"""An event that a consumer cannot process: parked once, everybody else goes on, and what an operator says is recorded."""

import os

import identity
from contract import archive, bus, event_kind
from deployment import until
from recorder import family_commands

CONSUMERS = ("care-archive.projections", "eligibility", "notifier")


def append_raw(deployment, household, *payloads):
    """Puts facts into a household's stream as they are, with intake's key; returns the first one's sequence."""
    client = deployment.client("care-archive", "intake")
    stream = f"household-{household}"
    body = client.ask(bus.METHOD_READ_STREAM_HEAD, archive.ReadStreamHead(stream=stream))
    last = archive.StreamHead.FromString(body).sequence
    own = os.urandom(16)
    events = [archive.NewEvent(
        kind=event_kind.EVENT_KIND_FACT_STATED, version=1, occurred_on=identity.day("2015-01-01"), payload=payload)
        for payload in payloads]
    batch = archive.AppendBatch(appends=[archive.AppendRequest(
        stream=stream, expected_sequence=last, append_id=own, content_digest=own, events=events)])
    reply = archive.AppendBatchReply.FromString(client.ask(bus.METHOD_APPEND, batch))
    assert reply.replies[0].WhichOneof("outcome") == "appended", reply
    return last + 1


def parked(deployment, consumer=None):
    """{consumer: entry} of the events that wait."""
    answer = deployment.carectl("sub", "parked", "--json", *(["--consumer", consumer] if consumer else []))
    entries = answer.json()["entries"]
    waiting = [entry for entry in entries if not entry["skipped"]]
    assert answer.code == (1 if waiting else 0), answer
    assert len({entry["consumer"] for entry in waiting}) == len(waiting), "one per consumer"
    return {entry["consumer"]: entry for entry in waiting}


def counts(deployment):
    report = deployment.ok("sub", "report", "--json").json()["consumers"]
    return {entry["consumer"]: entry["parked_count"] for entry in report}


def determinations(deployment, household):
    events = deployment.ok("log", "view", f"household-{household}", "--limit", "0", "--json").lines()
    assert deployment.ok("log", "view", household[:20], "--limit", "0", "--json").lines() == events
    return sum(event["event"] == "DeterminationMade" for event in events)


def settle(deployment, verb, consumer, household, sequence, reason):
    return deployment.ok("sub", verb, consumer, household, sequence, "--reason", reason)


def test_one_poisoned_household_waits_alone(deploy):
    deployment = deploy().up()
    for command in family_commands("parked", 1):
        poisoned = identity.written(deployment.submit(command).household)
    other = identity.written(deployment.submit(family_commands("parked", 2)[0]).household)
    deployment.ready(projected=True)
    until(lambda: determinations(deployment, poisoned), "the first family is judged")
    sequence = append_raw(deployment, poisoned, b"\xff\xff\xff")

    # Once per consumer, with its place and reason, counted in the report and in the metrics.
    until(lambda: set(parked(deployment)) == set(CONSUMERS), "every consumer has parked it")
    for entry in parked(deployment).values():
        assert (entry["household"], entry["sequence"], entry["reason"]) == (poisoned, sequence, "unreadable"), entry
    assert {name: count for name, count in counts(deployment).items() if name in CONSUMERS} == dict.fromkeys(CONSUMERS, 1)
    until(lambda: all(f'guanhuai_consumer_parked{{consumer="{name}"}} 1' in deployment.http("care-archive", "/metrics")[1]
                      for name in CONSUMERS), "the metrics count it")

    # Others go on: judged, listed, told.
    for command in family_commands("parked", 2)[1:]:
        deployment.submit(command)
    until(lambda: determinations(deployment, other), "the other family is judged")
    deployment.ready(projected=True)
    assert {line["household"] for line in deployment.households()} == {poisoned, other}

    # A restart forgets nothing and parks nothing twice.
    for name in ("eligibility", "notifier"):
        deployment.kill(name)
    deployment.start("eligibility", "notifier").ready()
    until(lambda: set(parked(deployment)) == set(CONSUMERS), "every consumer still has it")

    # Passing it over is recorded with who did it and why; the consumer goes on without it.
    before = determinations(deployment, poisoned)
    for consumer in CONSUMERS:
        settle(deployment, "skip", consumer, poisoned, sequence, "纸质材料已补登")
    until(lambda: not parked(deployment), "nobody waits any more")
    assert counts(deployment)["eligibility"] == 0
    said = [event for event in deployment.ok("log", "view", "--category", "access", "--limit", "0", "--json").lines()
            if event["event"] == "ParkedEventSettled"]
    assert [(event["consumer"], event["action"], event["reason"]) for event in said] == [
        (consumer, "skip", "纸质材料已补登") for consumer in CONSUMERS]
    actor = deployment.ok("log", "get", said[0]["stream"], said[0]["sequence"]).json()
    assert actor["meta"]["actor"] == "carectl", actor
    # The same again finds nothing to pass over.
    assert deployment.carectl("sub", "skip", "eligibility", poisoned, sequence, "--reason", "x").code == 1

    # It holds across the loss of every checkpoint, because it stands in the log.
    for name in ("eligibility", "notifier"):
        deployment.kill(name)
        for file in (deployment.data / name).iterdir():
            file.unlink()
    deployment.start("eligibility", "notifier").ready(projected=True)
    assert not parked(deployment)
    assert determinations(deployment, poisoned) == before

    # Taken back, the household waits again at the same place.
    settle(deployment, "retry", "eligibility", poisoned, sequence, "程序已升级")
    until(lambda: set(parked(deployment)) == {"eligibility"}, "eligibility waits again")
    assert parked(deployment, "eligibility")["eligibility"]["sequence"] == sequence
