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
    config.addinivalue_line("markers", "long: takes or waits for long, so it begins before the others")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Which tests run, where, and in which order: tests that share a deployment stay together, each other one goes to
    whichever worker has time; what takes longest begins first, so that at the end nobody waits for one of them."""
    # Only the superuser can make a disk full without filling everybody's.
    if os.geteuid() != 0:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("mounts")])
        items[:] = [item for item in items if not item.get_closest_marker("mounts")]
    first = {}
    for item in items:
        stays = _shares(item)
        if stays:
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))
        unit = item.module.__name__ if stays else item.nodeid
        rank = 0 if item.get_closest_marker("long") else 1 if stays else 2
        item.stash[_UNIT] = unit
        first[unit] = min(first.get(unit, rank), rank)
    items.sort(key=lambda item: first[item.stash[_UNIT]])


_UNIT = pytest.StashKey[str]()


def _shares(item):
    """Whether something that the test needs is made once for its module."""
    found = item._fixtureinfo.name2fixturedefs.values()
    return any(one.scope == "module" for definitions in found for one in definitions)


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
