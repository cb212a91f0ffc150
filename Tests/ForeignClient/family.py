#!/usr/bin/env python3
"""Registers a family, assigns a helper, reads the archive and follows the events: everything a foreign client needs.

Uses only Proto/ and Proto/README.md. Each step says what it does; the first that fails ends the program with one line.
"""

import argparse
import datetime
import hashlib
import os
import sys

import zmq

import identity
from contract import bus, commands, common, event_class, event_kind, queries, record
from service import NoAnswer, Refused, Service


def sealed(person, **details):
    content = common.PersonalDetails(**details).SerializeToString()
    return common.SealedPart(subject=person, cipher_id=0, content=content)


def fact(kind_name, day, **payload):
    """An event of a registration form."""
    kind = event_kind.EventKind.Value(kind_name)
    return commands.ProposedEvent(
        occurred_on=day, kind=kind, version=1, payload=event_class(kind, 1)(**payload).SerializeToString())


def registration(command_id, division):
    """A couple that lost its only child: wife, husband, and the child who died."""
    wife, husband, child = (identity.person_of(command_id, place) for place in range(3))
    suffix = command_id.hex()[:4]
    members = [
        dict(role=common.MEMBER_ROLE_WIFE, sex=common.SEX_FEMALE, birth_date=identity.day("1960-05-02"),
             sealed_parts=[sealed(wife, name=f"试甲{suffix}")]),
        dict(role=common.MEMBER_ROLE_HUSBAND, sex=common.SEX_MALE, birth_date=identity.day("1958-11-20"),
             sealed_parts=[sealed(husband, name=f"试乙{suffix}")]),
        dict(role=common.MEMBER_ROLE_ONLY_CHILD, birth_date=identity.day("1985-01-15"),
             sealed_parts=[sealed(child, name=f"试丙{suffix}")]),
    ]
    command = commands.Command(command_id=command_id, occurred_on=identity.day("2014-09-01"))
    form = command.register_household
    form.household.division = division
    form.household.area = common.AREA_URBAN
    for member in members:
        form.members.add(**member)
    form.facts.append(fact("EVENT_KIND_PERSON_DIED", identity.day("2012-03-04"), person=child))
    return command


def assignment(household, helper):
    command = commands.Command(
        command_id=os.urandom(16), household=household, occurred_on=identity.day("2014-09-10"))
    command.assign_helper.kind = "cadre"
    command.assign_helper.helper.person = helper
    command.assign_helper.helper.unit = "试验街道办事处"
    command.assign_helper.helper.real_name_given = True
    command.assign_helper.sealed_parts.append(sealed(helper, name="试帮扶", phone="14000000001"))
    return command


def submit(intake, command, seconds):
    body = intake.ask(bus.METHOD_SUBMIT_COMMAND, command, request_id=command.command_id, timeout=seconds)
    return commands.CommandReply.FromString(body)


def page(archive, household, receipt, seconds):
    query = queries.Query()
    query.household_page.household = identity.written(household)
    query.household_page.as_of = (datetime.date.today() - datetime.date(1970, 1, 1)).days
    body = archive.ask(bus.METHOD_QUERY, query, receipt=receipt, timeout=seconds)
    reply = queries.QueryReply.FromString(body)
    if reply.WhichOneof("reply") != "household_page":
        raise ValueError("答复不是档案页 / the answer is not an archive page")
    return reply.household_page


def slot(archive_page_, kind):
    return next((line for line in archive_page_.slots if line.kind.code == kind), None)


class StreamCheck:
    """Follows one stream: sequence without gaps, hashes in a chain, own hash where nothing was withheld."""

    def __init__(self, stream):
        self.stream, self.sequence, self.hash, self.names = stream, 0, b"", []

    def take(self, event):
        stored = record.StoredRecord.FromString(event.record)
        if stored.stream != self.stream or stored.sequence <= self.sequence:
            return  # Another stream, or delivered again.
        if stored.sequence != self.sequence + 1 or stored.previous_hash != self.hash:
            raise ValueError(f"事件链在第 {stored.sequence} 号断开 / the chain breaks at {stored.sequence}")
        self.sequence, self.hash = stored.sequence, event.hash
        payload_class = event_class(stored.kind, stored.version)
        if payload_class is None:
            self.names.append(f"未知 / unknown {stored.kind}")
            return
        parts = getattr(payload_class.FromString(stored.payload), "sealed_parts", [])
        if any(part.cipher_id == 0 for part in parts):
            raise ValueError("敏感部分没有遮蔽 / a sealed part was not withheld")
        metadata = common.EventMetadata.FromString(stored.metadata)
        known = {0: "sha256", 1: "sha256", 2: "sm3"}.get(stored.hash_algorithm)
        if known is None:
            raise ValueError(f"未知的杂凑算法 / unknown hash algorithm {stored.hash_algorithm}")
        if not parts and not metadata.HasField("correction") and hashlib.new(known, event.record).digest() != event.hash:
            raise ValueError(f"第 {stored.sequence} 号的哈希不符 / hash of {stored.sequence} is wrong")
        self.names.append(payload_class.DESCRIPTOR.name)


def follow(archive, household, last_sequence, seconds):
    """Follows the household's stream until its last event was seen."""
    check = StreamCheck("household-" + identity.written(household))
    end = datetime.datetime.now() + datetime.timedelta(seconds=seconds)
    for events, _cursor, _live in archive.follow(streams=[check.stream], idle=seconds):
        for event in events:
            check.take(event)
        if check.sequence >= last_sequence:
            return check
        if datetime.datetime.now() > end:
            raise NoAnswer(f"{seconds} 秒内只收到第 {check.sequence} 号 / only {check.sequence} events in time")


def run(intake, archive, division, seconds, say):
    """The four steps. Returns the household's id and the names of its events."""
    say("建档 / registering a family")
    command_id = os.urandom(16)
    command = registration(command_id, division)
    registered = submit(intake, command, seconds)
    if registered.household != identity.household_of(command_id):
        raise ValueError("户编号与约定不符 / the household id is not the derived one")
    again = submit(intake, command, seconds)
    if not again.already_recorded or again.last_sequence != registered.last_sequence:
        raise ValueError("重发的命令没有得到原来的答复 / a repeat did not get the first answer")

    say("结对 / assigning a helper")
    assigned = submit(intake, assignment(registered.household, os.urandom(16)), seconds)

    say("查档 / reading the archive")
    shown = page(archive, registered.household, assigned.receipt, seconds)
    cadre = slot(shown, "cadre")
    if cadre is None or not cadre.filled or cadre.helpers[0].name != "试帮扶":
        raise ValueError("档案页上没有刚结对的干部 / the archive does not show the helper")
    if shown.header.status.kind != "bereaved":
        raise ValueError("档案页没有认定失独 / the archive does not show the status")
    if any("试" in member.name and not member.name.endswith("*") for member in shown.members):
        raise ValueError("成员姓名没有遮蔽 / a member's name is not masked")

    say("跟踪事件 / following events")
    check = follow(archive, registered.household, assigned.last_sequence, seconds)
    for name in ("HouseholdRegistered", "PersonJoined", "PersonDied", "PairingAssigned"):
        if name not in check.names:
            raise ValueError(f"没有收到事件 {name} / the event did not come")
    return registered.household, check.names


def arguments(argv):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--intake", required=True, help="address of intake, tcp://127.0.0.1:…")
    parser.add_argument("--archive", required=True, help="address of care-archive")
    parser.add_argument("--intake-key", required=True, help="intake's public key: 40 characters, or a key file")
    parser.add_argument("--archive-key", required=True, help="care-archive's public key, likewise")
    parser.add_argument("--key-file", required=True, help="our own key file with both keys")
    parser.add_argument("--division", default="431002", help="division of the family (431002)")
    parser.add_argument("--timeout", type=float, default=30, help="seconds for each step (30)")
    return parser.parse_args(argv)


def main(argv=None):
    options = arguments(argv)
    context = zmq.Context()
    services = []
    try:
        own = [identity.key(options.key_file, which) for which in ("public", "secret")]
        for name, endpoint, server_key in (
                ("intake", options.intake, options.intake_key),
                ("care-archive", options.archive, options.archive_key)):
            services.append(Service(context, name, endpoint, identity.key(server_key, "public"), *own))
        household, names = run(*services, options.division, options.timeout, print)
        print(f"完成 / done: {identity.written(household)} {' '.join(names)}")
        return 0
    except (NoAnswer, Refused, ValueError) as error:
        print(f"失败 / failed: {error}", file=sys.stderr)
        return 1
    finally:
        for service in services:
            service.close()
        context.term()


if __name__ == "__main__":
    sys.exit(main())
