"""A service that cannot start says why in one clear line and ends; nobody has to read a log."""

import re
import socket
import subprocess

import pytest

from deployment import SERVICES, Ports, clean_environment

LINE = re.compile(r"^CARE-\d{4} .*[\u4e00-\u9fff]")


def ends(deployment, service, *flags, config=None):
    """Starts a service that must end by itself, and returns (its one line, its status)."""
    done = subprocess.run(
        [deployment.binaries / service, "--config", config or deployment.config, *map(str, flags)],
        capture_output=True, timeout=60, cwd=deployment.folder, env=clean_environment())
    said = done.stderr.decode()
    lines = [line for line in said.splitlines() if line.startswith("CARE-")]
    assert done.returncode != 0 and len(lines) == 1 and LINE.match(lines[0]), said
    assert said.splitlines()[-1] == lines[0], said
    assert "Fatal" not in said and "error:" not in said and " at /" not in said, said
    return lines[0], done.returncode


@pytest.mark.parametrize("service", SERVICES)
def test_a_wrong_folder_of_keys(deploy, service):
    line, code = ends(deploy(), service, "--keys-dir", "/nowhere/keys")
    assert "/nowhere/keys/" in line and ".key" in line


@pytest.mark.parametrize("service", SERVICES)
def test_a_key_that_others_can_read(deploy, service):
    deployment = deploy()
    (deployment.keys / f"{service}.key").chmod(0o644)
    line, code = ends(deployment, service)
    assert f"{service}.key" in line


def test_a_key_file_that_is_none(deploy):
    deployment = deploy()
    (deployment.keys / "intake.key").write_text("not a key\n")
    line, _ = ends(deployment, "intake")
    assert "intake.key" in line


def test_a_lost_key_for_tokens_is_never_made_anew(deploy):
    deployment = deploy()
    (deployment.keys / "token.key").unlink()
    line, _ = ends(deployment, "intake")
    assert "token.key" in line and not (deployment.keys / "token.key").exists()


@pytest.mark.parametrize("service", SERVICES)
def test_a_list_of_peers_with_a_mistake(deploy, service):
    deployment = deploy()
    text = deployment.peers.read_text()
    deployment.peers.write_text(text.replace('rights: ["append", "query"]', 'rights: ["apend"]', 1))
    line, _ = ends(deployment, service)
    assert "peers.yaml" in line and "apend" in line
    deployment.peers.unlink()
    line, _ = ends(deployment, service)
    assert "peers.yaml" in line


BROKEN = {
    "no such file": (None, "guanhuai.yaml"), "no YAML": ("data: [1, 2\nx", "guanhuai.yaml"),
    "unknown key": ("data:\n  dri: x\n", "data.dri"), "wrong shape": ("bus:\n  intake: [1]\n", "bus.intake"),
    "a list": ("- 1\n", "guanhuai.yaml"),
}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("name", BROKEN)
def test_a_configuration_that_cannot_be_read(deploy, service, name):
    deployment = deploy()
    content, word = BROKEN[name]
    config = deployment.folder / "other" / "guanhuai.yaml"
    config.parent.mkdir()
    if content is not None:
        config.write_text(content)
    line, code = ends(deployment, service, config=config)
    assert word in line and code == 64


def test_a_flag_nobody_knows_and_one_without_its_value(deploy):
    deployment = deploy()
    for flags, word in ((["--speed", "9"], "--speed"), (["--data-dir"], "--data-dir"), (["file"], "intake")):
        line, code = ends(deployment, "intake", *flags)
        assert word in line and code == 64


ADDRESSES = {"intake": ["intake"], "eligibility": ["eligibility"], "notifier": ["notifier"],
             "care-archive": ["archive", "feed"]}


@pytest.mark.parametrize("service, name", [(service, name) for service, names in ADDRESSES.items() for name in names])
def test_a_port_that_is_taken(deploy, service, name):
    deployment = deploy()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", deployment.ports[name]))
        taken.listen()
        line, _ = ends(deployment, service)
    assert f"127.0.0.1:{deployment.ports[name]}" in line


@pytest.mark.parametrize("service", SERVICES)
def test_an_operations_port_that_is_taken(deploy, service):
    deployment = deploy()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", deployment.ops[service]))
        taken.listen()
        line, _ = ends(deployment, service)
    assert str(deployment.ops[service]) in line and "CARE-6022" in line


def test_an_address_that_is_none(deploy):
    line, _ = ends(deploy(), "intake", "--bus-intake", "somewhere")
    assert "somewhere" in line


def test_an_operations_port_open_to_the_world(deploy):
    line, _ = ends(deploy(), "intake", "--ops-host", "0.0.0.0")
    assert "CARE-6021" in line


def test_a_second_archive_on_the_same_data(deploy):
    deployment = deploy().up()
    ports = {name: Ports.take() for name in ("archive", "feed", "ops")}
    line, _ = ends(
        deployment, "care-archive", "--bus-archive", f"tcp://127.0.0.1:{ports['archive']}", "--bus-feed",
        f"tcp://127.0.0.1:{ports['feed']}", "--ops-port", ports["ops"])
    assert "CARE-3110" in line and str(deployment.running["care-archive"].pid) in line
    deployment.ready()


def test_lists_whose_place_is_taken(deploy):
    """A folder stands where the pointer to the lists' file belongs: told in words; without it the lists are made anew."""
    deployment = deploy().up()
    deployment.stop()
    current = deployment.data / "read-model" / "current"
    current.unlink()
    current.mkdir()
    (current / "something").write_text("somebody's")
    line, _ = ends(deployment, "care-archive")
    assert "CARE-6640" in line and str(current.parent) in line and "Cocoa" not in line
    current.parent.rename(deployment.folder / "aside")
    deployment.start()
    deployment.ready(projected=True)


def test_a_log_that_lost_events_is_not_opened(deploy):
    """The database is gone and the head file vouches for events: loss, not a fresh start, however often one tries."""
    deployment = deploy().up()
    deployment.stop()
    (deployment.data / "log" / "events.sqlite").unlink()
    for _ in range(2):
        line, _ = ends(deployment, "care-archive")
        assert "CARE-3110" in line and "丢失" in line


def test_a_folder_that_cannot_be_made(deploy):
    deployment = deploy()
    deployment.data.write_text("a file where the folder should be\n")
    line, _ = ends(deployment, "care-archive")
    assert str(deployment.data) in line


def test_help_and_version_need_nothing(deploy):
    deployment = deploy()
    for service in SERVICES:
        for flag in ("--help", "--version"):
            done = subprocess.run(
                [deployment.binaries / service, flag], capture_output=True, timeout=60, env=clean_environment())
            assert done.returncode == 0 and service in done.stdout.decode() and not done.stderr
