"""The foreign client against real services, with a key of its own as an office would get it."""

import pytest

import family
import identity


@pytest.fixture(scope="module")
def office_key(shared):
    shared.new_key("office", "--division", "431002", "--department", "org.township", "--right", "command",
                   "--right", "query")
    return shared.keys / "office.key"


def arguments(deployment, key, **changes):
    options = {
        "--intake": deployment.address("intake"), "--archive": deployment.address("care-archive"),
        "--intake-key": deployment.keys / "intake.pub", "--archive-key": deployment.keys / "care-archive.pub",
        "--key-file": key, **changes}
    return [str(word) for pair in options.items() for word in pair]


def test_a_family_is_registered_paired_read_and_followed(shared, office_key, capsys):
    assert family.main(arguments(shared, office_key)) == 0, capsys.readouterr().err
    done = capsys.readouterr().out.splitlines()[-1].split()
    household, names = done[3], done[4:]
    assert {"HouseholdRegistered", "PersonJoined", "PersonDied", "PairingAssigned"} <= set(names)
    shared.ready(projected=True)
    assert household in [line["household"] for line in shared.households()]
    shown = shared.show(household)
    assert [line["kind"] for line in shown["history"]][:len(names)] == names
    assert len(identity.written(b"x" * 16)) == 26


def test_what_is_wrong_is_said_in_one_line(shared, office_key, capsys):
    """A place outside the key's division, a service's wrong key, a service that is not there."""
    assert family.main(arguments(shared, office_key, **{"--division": "431003"})) == 1
    assert "CARE-1106" in capsys.readouterr().err
    changes = {"--intake-key": shared.keys / "notifier.pub", "--timeout": "8"}
    assert family.main(arguments(shared, office_key, **changes)) == 1
    assert "handshake" in capsys.readouterr().err
