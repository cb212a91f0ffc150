"""What needs no service: the contract can be generated, ids agree, and old bytes can be read from another language."""

import hashlib
import pathlib

import pytest

import identity
from contract import common, event_class, event_kind, record

CORPUS = pathlib.Path(__file__).resolve().parents[1] / "CareWireTests" / "Fixtures" / "corpus-v1"


def records(path):
    content = path.read_bytes()
    while content:
        length = int.from_bytes(content[:4], "big")
        yield content[4:4 + length]
        content = content[4 + length:]


def test_ids_follow_from_the_command():
    command = bytes(range(1, 17))
    assert identity.household_of(command) == hashlib.sha256(command + b"household\0\0\0\0").digest()[:16]
    assert identity.written(bytes(15) + b"\x0b") == "0000000000000000000000000b"
    assert identity.written(b"\xff" * 16) == "7" + "z" * 25


def test_days_are_counted_from_1970():
    assert identity.day("1970-01-02") == 1
    assert identity.day("1965-03-07") < 0


def test_every_event_type_has_a_message_of_its_name():
    for number in event_kind.EventKind.values():
        assert number == 0 or event_class(number, 1) is not None
    assert event_class(999, 1) is None
    assert event_class(1, 2) is None


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.bin")), ids=lambda path: path.stem)
def test_frozen_records_are_read_and_written_alike(path):
    for index, content in enumerate(records(path)):
        stored = record.StoredRecord.FromString(content)
        assert stored.SerializeToString(deterministic=True) == content
        # Records that are older than the rule for the first event keep the id they have.
        # All records of a type are those of one append; the first has the id that it had before there was a rule for it.
        assert stored.event_id == identity.event_of(stored.append_id, stored.sequence - 1) or index == 0
        payload = event_class(stored.kind, stored.version).FromString(stored.payload)
        assert payload.DESCRIPTOR.name == path.stem.split("-")[1]
        assert payload.SerializeToString(deterministic=True) == stored.payload
        for part in getattr(payload, "sealed_parts", []):
            assert len(part.subject) == 16
            assert common.PersonalDetails.FromString(part.content).ByteSize() == len(part.content)


def test_there_is_a_corpus():
    # A type that grew has a further file.
    kinds = {path.stem.split("-")[0] for path in CORPUS.glob("*.bin")}
    assert len(kinds) == len(event_kind.EventKind.values()) - 1


def test_a_key_is_given_as_text_or_as_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text('metadata\ncurve\n    public-key = "' + "a" * 40 + '"\n    secret-key = "' + "b" * 40 + '"\n')
    assert identity.key(str(file), "secret") == b"b" * 40
    assert identity.key("c" * 40, "public") == b"c" * 40
    with pytest.raises(ValueError):
        identity.key("short", "public")
