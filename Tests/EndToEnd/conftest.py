"""Real processes on loopback, each test with a deployment of its own unless it says otherwise."""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "ForeignClient"))

from deployment import Deployment, executables  # noqa: E402


def pytest_sessionstart(session):
    if executables() is None:
        pytest.exit("没有编译好的程序，请用 Tests/run 运行 / no built executables: run through Tests/run", returncode=3)


def pytest_configure(config):
    config.addinivalue_line("markers", "mounts: needs the right to mount a small file system")
    config.addinivalue_line("markers", "long: takes or waits for long, so its file begins before the others")


def pytest_collection_modifyitems(config, items):
    """Files with long tests begin first, so that at the end nobody waits for one of them."""
    # Only the superuser can make a disk full without filling everybody's.
    if os.geteuid() != 0:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("mounts")])
        items[:] = [item for item in items if not item.get_closest_marker("mounts")]
    long = {item.path for item in items if item.get_closest_marker("long")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def binaries():
    return executables()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call" and report.failed:
        for deployment in getattr(item.session, "open_deployments", []):
            report.sections.append((f"logs in {deployment.folder.name}", deployment.logs()))
    return report


def _maker(request, factory, binaries):
    made = request.session.open_deployments = getattr(request.session, "open_deployments", [])
    own = []

    def make(name="guanhuai", **options):
        deployment = Deployment(factory(name), binaries, **options)
        own.append(deployment)
        made.append(deployment)
        return deployment

    def close():
        for deployment in own:
            deployment.close()
            made.remove(deployment)

    return make, close


@pytest.fixture
def deploy(request, tmp_path, binaries):
    """Makes deployments that end with the test."""
    make, close = _maker(request, lambda name: tmp_path / name, binaries)
    yield make
    close()


@pytest.fixture(scope="module")
def shared(request, tmp_path_factory, binaries):
    """One running deployment with the packs published, for all tests of a module."""
    make, close = _maker(request, tmp_path_factory.mktemp, binaries)
    yield make("shared").up()
    close()
