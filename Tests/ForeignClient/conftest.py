"""Where the services are: as the environment says, or started here when the built executables are at hand."""

import os
import pathlib
import sys

import pytest

WANTED = {
    "--intake": "GUANHUAI_INTAKE", "--archive": "GUANHUAI_ARCHIVE", "--intake-key": "GUANHUAI_INTAKE_KEY",
    "--archive-key": "GUANHUAI_ARCHIVE_KEY", "--key-file": "GUANHUAI_KEY_FILE",
}


@pytest.fixture(scope="session")
def services(tmp_path_factory):
    """Options of the client for running services."""
    given = {option: os.environ[name] for option, name in WANTED.items() if name in os.environ}
    if len(given) == len(WANTED):
        yield given
        return
    if "GUANHUAI_BIN" not in os.environ:
        pytest.skip("没有正在运行的服务 / no running services: set GUANHUAI_BIN, or " + ", ".join(WANTED.values()))
    sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "EndToEnd"))
    from deployment import Deployment

    deployment = Deployment(tmp_path_factory.mktemp("services"), os.environ["GUANHUAI_BIN"])
    try:
        deployment.up()
        yield {
            "--intake": deployment.address("intake"), "--archive": deployment.address("care-archive"),
            "--intake-key": str(deployment.keys / "intake.pub"),
            "--archive-key": str(deployment.keys / "care-archive.pub"),
            "--key-file": str(deployment.keys / "clerk.key")}
    finally:
        deployment.close()
