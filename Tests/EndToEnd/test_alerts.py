"""The alert rules: right for promtool, each of them tested, over metrics that running services really serve."""

import re
import shutil
import subprocess

import pytest

from deployment import REPOSITORY, SERVICES, until
from offices import couple, write_roster
from test_full_disk import fill, small_disk  # noqa: F401

FOLDER = REPOSITORY / "Services" / "alerts"
RULES, CASES = FOLDER / "guanhuai-rules.yml", FOLDER / "guanhuai-rules-test.yml"


def promtool(*arguments, folder=FOLDER):
    tool = shutil.which("promtool")
    assert tool, "缺少 promtool，请安装 prometheus / promtool is missing: install prometheus"
    return subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True, timeout=60, cwd=folder)


def alerts():
    """(name, text) of every rule."""
    parts = re.split(r"^      - alert: ", RULES.read_text(), flags=re.M)[1:]
    return [(part.split("\n", 1)[0].strip(), part.split("\n  - name:")[0]) for part in parts]


def expression(text):
    """The expression of a rule, on one line."""
    return " ".join(re.search(r"^        expr: (?:>-\n)?(.*?)^        (?:for|labels):", text, re.M | re.S)[1].split())


def test_promtool_accepts_rules_and_example():
    for arguments in (("check", "rules", RULES), ("check", "config", FOLDER / "prometheus.yml")):
        done = promtool(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_rule_passes_its_cases():
    done = promtool("test", "rules", CASES)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def missed(tmp_path_factory):
    """Names of the alerts that the cases miss when no rule ever fires."""
    folder, text = tmp_path_factory.mktemp("dead"), RULES.read_text()
    dead = re.sub(r"expr: (?:>-\n)?.*?(?=^        (?:for|labels):)", "expr: vector(0) > 1\n", text, flags=re.M | re.S)
    assert dead.count("vector(0) > 1") == len(alerts())
    (folder / RULES.name).write_text(dead)
    (folder / CASES.name).write_text(CASES.read_text())
    assert promtool("check", "rules", RULES.name, folder=folder).returncode == 0
    done = promtool("test", "rules", CASES.name, folder=folder)
    assert done.returncode != 0
    return set(re.findall(r"alertname(?:: |=\")(\w+)", done.stdout + done.stderr))


@pytest.mark.parametrize("name", [name for name, _ in alerts()])
def test_a_rule_that_never_fires_is_noticed(name, missed):
    assert name in missed, f"{name} is tested by nothing"


def test_every_rule_says_what_to_do_in_both_languages():
    assert len(alerts()) == len({name for name, _ in alerts()}) >= 15
    for name, text in alerts():
        said = dict(re.findall(r'^          (summary|summary_en|action|action_en): "(.+)"$', text, re.M))
        assert set(said) == {"summary", "summary_en", "action", "action_en"}, name
        assert re.search("[\u4e00-\u9fff]", said["summary"]) and re.search("[\u4e00-\u9fff]", said["action"]), name
        assert not re.search("[\u4e00-\u9fff]", said["summary_en"] + said["action_en"]), name
        assert re.search(r"severity: (page|ticket)\b", text), name


@pytest.fixture(scope="module")
def office(shared, tmp_path_factory):
    """A running deployment with a family in it."""
    shared.import_file(write_roster(tmp_path_factory.mktemp("office") / "roster.csv", couple(1)))
    shared.ready(projected=True)
    return shared


def samples(deployment, *services):
    """Every sample of the services' metrics: (name, labels, value)."""
    found = []
    for service in services or SERVICES:
        for line in deployment.http(service, "/metrics")[1].splitlines():
            match = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line)
            if match:
                found.append((match[1], dict(re.findall(r'(\w+)="([^"]*)"', match[2] or "")), float(match[3])))
    return found


def value(deployment, name, **labels):
    values = [number for found, has, number in samples(deployment, "care-archive")
              if found == name and labels.items() <= has.items()]
    return values[0] if values else None


def test_every_metric_of_the_rules_is_served(office):
    # Consumers are heard once a second.
    until(lambda: value(office, "guanhuai_consumer_lag_seconds", consumer="notifier") is not None, "the notifier heard")
    served = samples(office)
    text = " ".join(expression(text) for _, text in alerts())
    names = set(re.findall(r"\b(?:guanhuai|process)_\w+", text))
    assert len(names) >= 15
    assert names <= {name for name, _, _ in served}, names - {name for name, _, _ in served}
    for name, selector in re.findall(r"\b((?:guanhuai|process)_\w+)\{([^}]*)\}", text):
        wanted = {label: said for label, said in re.findall(r'(\w+)="([^"]*)"', selector) if label != "job"}
        assert any(found == name and wanted.items() <= has.items() for found, has, _ in served), (name, wanted)


def test_the_cases_use_the_same_names(office):
    served = {name for name, _, _ in samples(office)}
    used = set(re.findall(r"\b(?:guanhuai|process)_\w+", CASES.read_text()))
    assert used <= served, used - served


def test_the_commands_that_rules_name_exist(office):
    named = set()
    for _, text in alerts():
        named |= set(re.findall(r"carectl ([a-z]+(?: [a-z]+)?)", re.search(r'^          action: "(.+)"$', text, re.M)[1]))
    assert {"sub parked", "log verify", "ready"} <= named
    for command in sorted(named):
        answer = office.carectl(*command.split(), "--help", config=False)
        assert answer.code == 0 and "USAGE: carectl" in answer.out, answer


def test_a_stopped_consumer_falls_behind_in_events_and_seconds(office, tmp_path):
    office.stop("notifier")
    office.import_file(write_roster(tmp_path / "more.csv", couple(7)))

    def behind():
        events = value(office, "guanhuai_consumer_lag_events", consumer="notifier")
        seconds = value(office, "guanhuai_consumer_lag_seconds", consumer="notifier")
        return events > 0 and seconds > 2

    until(behind, "the notifier is behind")
    heard = value(office, "guanhuai_consumer_heard_time_seconds", consumer="notifier")
    assert heard < value(office, "guanhuai_consumer_heard_time_seconds", consumer="eligibility")
    reported = office.ok("sub", "report", "--json").json()["consumers"]
    assert next(line for line in reported if line["consumer"] == "notifier")["lag_ms"] > 2000
    office.start("notifier")
    until(lambda: value(office, "guanhuai_consumer_lag_seconds", consumer="notifier") == 0, "the notifier caught up")


def test_checkpoint_disk_and_bus_are_shown(office):
    served = {(name, tuple(sorted(has.items()))): number for name, has, number in samples(office, "care-archive")}
    assert served["guanhuai_disk_free_bytes", ()] > 0
    assert served["guanhuai_disk_sync_seconds_count", ()] >= 1 and served["guanhuai_disk_refusals_total", ()] == 0
    accepted = ("guanhuai_bus_requests_total", (("outcome", "accepted"),))
    assert served[accepted] > 0
    assert not [path for path in office.data.rglob("probe-*")]
    for service in ("eligibility", "notifier"):
        frames = [number for name, _, number in samples(office, service) if name == "guanhuai_feed_frames_total"]
        assert len(frames) == 1


def test_after_a_restart_the_earlier_checkpoint_counts(office):
    office.stop("care-archive")
    office.start("care-archive")
    office.ready(projected=True)
    assert value(office, "guanhuai_checkpoint_position") > 0
    assert value(office, "guanhuai_checkpoint_time_seconds") > 1_500_000_000


@pytest.mark.mounts
def test_a_full_disk_shows_though_nobody_appends(deploy, small_disk):  # noqa: F811
    deployment = deploy(data=small_disk / "data").up()
    assert value(deployment, "guanhuai_disk_refusals_total") == 0
    fill(small_disk)

    def is_told():
        return (value(deployment, "guanhuai_disk_refusals_total") > 0
                and value(deployment, "guanhuai_disk_free_bytes") < 1 << 20)

    until(is_told, "the disk refuses", 45)
    assert deployment.is_alive("care-archive")
