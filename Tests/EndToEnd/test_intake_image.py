"""Intake begins with what it saved of the person and pack streams, and from the beginning when it must."""

import shutil

import pytest

from offices import couple, write_roster

DISCARDED, NONE = "saved image discarded", "no saved image"


@pytest.fixture
def office(deploy, tmp_path):
    """A deployment with a family, and how to import another: only who knows the packs and persons can take it."""
    deployment = deploy().up()

    def one_more(number):
        counts, said = deployment.import_file(write_roster(tmp_path / f"{number}.csv", couple(number)))
        assert counts == {"new": 1}, said
        # Its people are known to be there: the same again is no second family.
        deployment.ready(projected=True)
        counts, said = deployment.import_file(tmp_path / f"{number}.csv")
        assert counts == {"unchanged": 1}, said

    one_more(1)
    return deployment, deployment.data / "intake" / "image", one_more


def test_a_graceful_stop_leaves_an_image_and_the_next_start_uses_it(office):
    deployment, image, one_more = office
    assert deployment.log("intake").count(NONE) == 1
    deployment.stop("intake")
    saved = image.read_bytes()
    assert saved.startswith(b"GHINTAKE") and "李".encode() not in saved
    deployment.start("intake")
    deployment.ready()
    one_more(2)
    deployment.stop("intake")
    assert image.read_bytes() != saved
    log = deployment.log("intake")
    assert log.count(NONE) == 1 and DISCARDED not in log


def test_a_damaged_image_is_thrown_away_with_one_line(office):
    deployment, image, one_more = office
    deployment.stop("intake")
    saved = bytearray(image.read_bytes())
    saved[len(saved) // 2] ^= 1
    image.write_bytes(saved)
    deployment.start("intake")
    deployment.ready()
    one_more(2)
    lines = [line for line in deployment.log("intake").splitlines() if DISCARDED in line]
    assert len(lines) == 1 and "damaged" in lines[0]


def test_an_image_ahead_of_the_log_is_thrown_away_with_one_line(office, tmp_path):
    deployment, image, one_more = office
    deployment.stop()
    older = tmp_path / "older"
    shutil.copytree(deployment.data, older)
    deployment.start()
    deployment.ready()
    one_more(2)
    deployment.stop()
    newer = image.read_bytes()
    # The disk was lost and the copy of yesterday put in its place, but for intake's folder.
    shutil.rmtree(deployment.data)
    shutil.copytree(older, deployment.data)
    image.write_bytes(newer)
    deployment.start()
    deployment.ready()
    one_more(2)
    # Said of the image, or by the log of the place from which it is to go on.
    lines = [line for line in deployment.log("intake").splitlines() if DISCARDED in line or "code=CARE-8019" in line]
    assert len(lines) == 1 and "does not hold" in lines[0]
