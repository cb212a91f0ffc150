"""The house's own keys: one for person tokens, which a log names once and for ever, and one that signs checkpoints."""

import os
import shutil
import urllib.error

import pytest
from contract import bus
from deployment import until
from recorder import family_commands
from service import NoAnswer, Refused
from test_start_refusals import ends

CHECKPOINTS = {"care-archive": {"checkpoint": "{interval: 1s}"}}


def adopted(deployment):
    """What the log says of the key for person tokens."""
    lines = deployment.ok("log", "view", "--category", "deployment", "--limit", "0", "--json").lines()
    assert all(line["event"] == "TokenKeyAdopted" for line in lines), lines
    return lines


def other_keys(deployment, name):
    """A copy of the folder of keys with another key for tokens, as a second machine might have made for itself."""
    folder = deployment.folder / name
    shutil.copytree(deployment.keys, folder)
    (folder / "token.key").write_bytes(os.urandom(32))
    return folder


def said_at_the_door(deployment, service="intake"):
    """What a service says at /readyz; nothing while it does not listen yet."""
    try:
        return deployment.http(service, "/readyz")[1]
    except urllib.error.URLError:
        return ""


def ready(deployment, *names):
    """Waits until these services are ready, whatever becomes of the others."""
    for name in names:
        until(lambda name=name: said_at_the_door(deployment, name).strip() == "ready", f"{name} is ready", 60)


def family(number, seed="keys"):
    """The registration of a family; its ID numbers follow from the number alone."""
    return family_commands(seed, number)[0]


def test_an_exchanged_key_for_tokens_is_noticed_at_start(deploy):
    deployment = deploy().start("care-archive", "intake")
    ready(deployment, "care-archive", "intake")
    deployment.submit(family(1))
    deployment.stop()
    key = deployment.keys / "token.key"
    good = key.read_bytes()
    key.write_bytes(os.urandom(32))
    line, code = ends(deployment, "care-archive")
    assert "CARE-6341" in line and str(key) in line and "第二户" in line and code == 65
    # The archive has its key again, an intake elsewhere has another.
    key.write_bytes(good)
    deployment.start("care-archive")
    ready(deployment, "care-archive")
    line, code = ends(deployment, "intake", "--keys-dir", other_keys(deployment, "elsewhere"))
    assert "CARE-6341" in line and "elsewhere/token.key" in line and code == 65
    # It was said once, by the first start of all; with the right key everything goes on, and nobody comes in twice.
    deployment.start("intake")
    ready(deployment, "intake")
    [said] = adopted(deployment)
    assert said["stream"] == "deployment-token-key" and said["basis"] == "nobody_yet", said
    with pytest.raises(Refused) as refused:
        deployment.submit(family(1, seed="again"))
    assert refused.value.status == bus.STATUS_CONFLICT, refused.value


def test_two_machines_with_a_key_each_are_found_out_before_the_first_family(deploy):
    deployment = deploy()
    deployment.start("care-archive")
    deployment.start_as("intake", "intake", "--keys-dir", other_keys(deployment, "elsewhere"))
    until(lambda: "CARE-6348" in said_at_the_door(deployment), "intake says why it takes nothing")
    with pytest.raises(NoAnswer):
        deployment.submit(family(1), timeout=3)
    assert adopted(deployment) == []
    deployment.stop("intake")
    deployment.start("intake")
    ready(deployment, "intake")
    assert len(adopted(deployment)) == 1


def test_an_intake_that_is_cut_off_compares_with_what_it_knew_last(deploy):
    deployment = deploy().start("care-archive", "intake")
    ready(deployment, "care-archive", "intake")
    deployment.submit(family(2))
    # Intake reads back what the log holds of the key and of persons now and then, and keeps an image of it.
    until((deployment.data / "intake" / "image").is_file, "intake keeps an image")
    deployment.stop()
    deployment.start_as("intake", "intake", "--keys-dir", other_keys(deployment, "elsewhere"))
    command = family(3)

    def refusal():
        try:
            deployment.submit(command, timeout=5)
        except Refused as refused:
            return refused
        except NoAnswer:
            # It does not listen yet, or has not compared.
            return None
        return None

    said = until(refusal, "an answer")
    assert said.code == "CARE-6343", said
    assert list((deployment.data / "intake").glob("outbox/*")) == []


def test_damaged_keys_say_which_what_and_how(deploy):
    deployment = deploy()
    token, signing = deployment.keys / "token.key", deployment.keys / "checkpoint.key"
    good = {token: token.read_bytes(), signing: signing.read_bytes()}

    def says(code, *words):
        line, _ = ends(deployment, "care-archive")
        assert code in line and all(word in line for word in words), line

    token.write_bytes(b"short")
    says("CARE-6344", "token.key", "5 字节", "32 字节", "备份")
    token.unlink()
    says("CARE-6349", "token.key", "不见了", "备份")
    token.mkdir()
    says("CARE-6350", "token.key", "directory")
    token.rmdir()
    token.write_bytes(good[token])
    token.chmod(0o644)
    says("CARE-6044", "token.key", "644", "chmod 600")
    token.chmod(0o600)
    signing.write_bytes(b"xx")
    signing.chmod(0o600)
    says("CARE-6345", "checkpoint.key", "secret-key", "rotate checkpoint")
    signing.write_bytes(good[signing])
    signing.chmod(0o640)
    says("CARE-6044", "checkpoint.key", "640", "chmod 600")
    signing.unlink()
    says("CARE-6346", "checkpoint.key", "不见了", "rotate checkpoint")
    assert not signing.exists()


def test_a_lost_signing_key_is_made_anew_only_when_told_to(deploy):
    deployment = deploy(settings=CHECKPOINTS)
    deployment.start("care-archive", "intake")
    ready(deployment, "care-archive", "intake")
    kept = deployment.folder / "kept"
    until(lambda: deployment.carectl("log", "keep", kept, "--once").code == 0, "a checkpoint to keep")
    deployment.stop()
    for ending in ("key", "pub"):
        (deployment.keys / f"checkpoint.{ending}").unlink()
    line, _ = ends(deployment, "care-archive")
    assert "CARE-6346" in line
    said = deployment.carectl("bus", "keys", "new", "--all")
    assert said.code != 0 and "CARE-6346" in said.err and not (deployment.keys / "checkpoint.key").exists(), said
    said = deployment.ok("bus", "keys", "rotate", "checkpoint")
    signer = said.out.strip()
    assert "保存检查点的部门" in said.err and signer in (deployment.keys / "checkpoint.pub").read_text()
    deployment.start("care-archive", "intake")
    ready(deployment, "care-archive", "intake")
    told = [line for line in deployment.log("care-archive").splitlines() if "CARE-6347" in line]
    assert len(told) == 1 and signer in told[0] and "WARNING" in told[0], told
    deployment.submit(family(4))
    until(lambda: signer in (deployment.data / "checkpoints" / "newest").read_text(), "a checkpoint by the new signer")
    # Those who keep checkpoints notice, until they are handed the new signer.
    said = deployment.carectl("log", "keep", kept, "--once")
    assert said.code == 1 and "CARE-6211" in said.err, said
    # And the next start has nothing new to tell.
    deployment.stop()
    deployment.start("care-archive", "intake")
    ready(deployment, "care-archive", "intake")
    assert len([line for line in deployment.log("care-archive").splitlines() if "CARE-6347" in line]) == 1
