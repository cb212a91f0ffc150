"""Notices over a webhook: CloudEvents 1.0, repeated until taken, parked when refused, re-driven by hand, each once."""

import collections
import datetime
import http.server
import json
import threading

import pytest

from deployment import until
from offices import couple, helpers, write_roster


class Receiver(http.server.ThreadingHTTPServer):
    """Takes CloudEvents; `answer(event, attempt)` says with which status."""

    daemon_threads = True

    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer, self.lock = answer, threading.Lock()
        self.posts, self.attempts, self.taken = [], collections.Counter(), collections.Counter()
        # Notices to offices, which may fall due on any day, are kept apart from those about families.
        self.offices, self.answer_office = [], lambda event: 200
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/notices"

    def take(self, headers, event):
        with self.lock:
            if not event["subject"].startswith("household-"):
                self.offices.append(event)
                return self.answer_office(event)
            self.posts.append((headers, event))
            self.attempts[event["id"]] += 1
            status = self.answer(event, self.attempts[event["id"]])
            self.taken[event["id"]] += 200 <= status < 300
            return status


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.take(dict(self.headers), json.loads(body))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receive():
    made = []

    def make(answer):
        made.append(Receiver(answer))
        return made[-1]

    yield make
    for server in made:
        server.shutdown()
        server.server_close()


def office(deploy, tmp_path, receiver):
    """A deployment with a family that has all helpers, one that has none, and one with a cadre only."""
    deployment = deploy(settings={"notifier": {"webhook": f'"{receiver.url}"'}}).up()
    cadre = {key: value for key, value in helpers(3).items() if "干部" in key}
    rows = couple(1, **helpers(1)) + couple(2) + couple(3, **cadre)
    deployment.import_file(write_roster(tmp_path / "roster.csv", rows))
    deployment.ready(projected=True)
    return deployment


def recorded(deployment, *options):
    """(notices raised, [(channel, outcome, attempts)]) as the log has them, by notice id."""
    raised, outcomes = {}, collections.defaultdict(list)
    for line in deployment.households():
        page = deployment.show(line["household"], *options)
        for notice in page["notices"]:
            key = (line["household"], notice["sequence"])
            raised[key] = notice
            outcomes[key] = [(entry["channel"]["code"], entry["outcome"]) for entry in notice["deliveries"]]
    return raised, outcomes


def all_delivered(deployment, *options, channels=("stdout", "webhook")):
    _, outcomes = recorded(deployment, *options)
    return outcomes and all(sorted(found) == [(name, "delivered") for name in channels] for found in outcomes.values())


def test_a_receiver_that_fails_first_gets_each_notice_once(deploy, tmp_path, receive):
    receiver = receive(lambda event, attempt: 500 if attempt == 1 else 204)
    deployment = office(deploy, tmp_path, receiver)
    until(lambda: all_delivered(deployment), "everything delivered", 60, pause=0.3)
    raised, _ = recorded(deployment)
    gaps = [notice for notice in raised.values() if notice["kind"]["code"] == "pairing_gap_opened"]
    assert len(gaps) == 7, raised
    ids = {event["id"] for _, event in receiver.posts}
    assert len(ids) == len(raised)
    assert set(receiver.taken.values()) == {1} and set(receiver.attempts.values()) == {2}
    for headers, event in receiver.posts:
        assert headers["Content-Type"].startswith("application/cloudevents+json")
        assert event["specversion"] == "1.0" and event["source"] == "/guanhuai/notifier"
        assert event["type"].startswith("guanhuai.notice.") and event["subject"].startswith("household-")
        assert event["data"]["text_zh"] and event["data"]["text_en"] and "names" not in event["data"]
    secrets = [row[key] for row in couple(1) + couple(2) for key in ("姓名", "身份证号") if row.get(key)]
    text = json.dumps([event for _, event in receiver.posts], ensure_ascii=False)
    assert not [secret for secret in secrets if secret in text]
    printed = (deployment.folder / "notifier.out").read_text()
    assert not [secret for secret in secrets if secret in printed]
    assert len([line for line in printed.splitlines() if " 家庭 " in line]) == len(raised)


def test_what_is_refused_is_parked_listed_and_redriven(deploy, tmp_path, receive):
    refusing = threading.Event()
    refusing.set()
    receiver = receive(lambda event, attempt: 410 if refusing.is_set() else 200)
    deployment = office(deploy, tmp_path, receiver)

    def parked():
        return deployment.ok("notice", "ls", "--parked", "--limit", "0", "--json").json()["notices"]

    until(lambda: len(parked()) == 7, "seven parked notices", 60, pause=0.3)
    assert all(line["parked_channels"] == ["webhook"] for line in parked())
    assert set(receiver.attempts.values()) == {1}, "a refusal is not tried again by itself"
    report = deployment.ok("sub", "report", "--json").json()["consumers"]
    until(lambda: next(line for line in deployment.ok("sub", "report", "--json").json()["consumers"]
                       if line["consumer"] == "notifier")["parked_count"] == 7, "seven in the report", 60)
    assert report

    # One is given up by hand, one alone is re-driven, then all the rest.
    refusing.clear()
    lines = parked()
    given_up, alone = lines[0], lines[1]
    deployment.ok("notice", "skip", given_up["household"], given_up["sequence"], "--reason", "delivered_by_phone")
    deployment.ok("notice", "retry", alone["household"], alone["sequence"])
    until(lambda: len(parked()) == 5, "two settled", 30, pause=0.2)
    assert sum(receiver.taken.values()) == 1
    deployment.ok("notice", "retry")
    until(lambda: not parked(), "all settled", 30, pause=0.2)
    _, outcomes = recorded(deployment)
    webhook = {key: [outcome for channel, outcome in found if channel == "webhook"][-1]
               for key, found in outcomes.items()}
    assert webhook.pop((given_up["household"], given_up["sequence"])) == "skipped"
    assert set(webhook.values()) == {"delivered"}
    assert set(receiver.taken.values()) == {0, 1} and sum(receiver.taken.values()) == 6
    said = deployment.carectl("notice", "retry").err
    assert "没有滞留的投递" in said


def test_a_kill_between_post_and_record_repeats_the_id_never_the_notice(deploy, tmp_path, receive):
    hold = threading.Semaphore(0)

    def slowly(event, attempt):
        hold.acquire(timeout=20)
        return 200

    receiver = receive(slowly)
    deployment = office(deploy, tmp_path, receiver)
    until(lambda: receiver.attempts, "the first post")
    deployment.kill("notifier")
    for _ in range(200):
        hold.release()
    deployment.start("notifier")
    until(lambda: all_delivered(deployment), "everything delivered", 60, pause=0.3)
    raised, outcomes = recorded(deployment)
    assert len(receiver.attempts) == len(raised) == 7
    kinds = collections.Counter(
        (household, notice["kind"]["code"], json.dumps(notice["details"])) for (household, _), notice in raised.items())
    assert set(kinds.values()) == {1}


def test_a_receiver_that_is_not_there_holds_nothing_up(deploy, tmp_path, receive):
    receiver = receive(lambda event, attempt: 200)
    receiver.shutdown()
    receiver.server_close()
    deployment = office(deploy, tmp_path, receiver)
    until(lambda: (deployment.folder / "notifier.out").read_text().count(" 家庭 ") == 7, "seven lines on standard output")
    assert deployment.http("notifier", "/readyz")[0] == 200


def test_handover_and_closed_gap_are_told_once(deploy, tmp_path, receive):
    receiver = receive(lambda event, attempt: 200)
    deployment = office(deploy, tmp_path, receiver)
    until(lambda: all_delivered(deployment), "the first notices", 60, pause=0.3)
    own = next(line["household"] for line in deployment.households("--number", "CZ-0002"))
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()

    def ago(days):
        return (today - datetime.timedelta(days)).isoformat()

    deployment.ok("pairing", "assign", own, "cadre", "--name", "新干部", "--unit", "街道办", "--on", ago(20))
    until(lambda: _count(receiver, "pairing_gap_closed") == 1, "the closed gap")
    deployment.ok("pairing", "handover", own, "cadre", "--name", "继任者", "--unit", "街道办", "--on", ago(10))
    until(lambda: _count(receiver, "pairing_handover") == 1, "the handover")
    told = next(event["data"] for _, event in receiver.posts if event["data"]["kind"] == "pairing_handover")
    assert "由 新干部 交接给 继任者" in told["text_zh"] and set(told["names"].values()) == {"新干部", "继任者"}
    deployment.ok("pairing", "end", own, "cadre", "--reason", "retired")
    until(lambda: _count(receiver, "pairing_gap_opened", own) == 5, "the gap again")
    until(lambda: all_delivered(deployment), "all recorded", 30, pause=0.3)
    deployment.kill("notifier")
    before = len(receiver.posts)
    deployment.start("notifier")
    deployment.ready(projected=True)
    raised, _ = recorded(deployment)
    assert len(receiver.posts) == before == len(raised)


def _count(receiver, kind, household=""):
    with receiver.lock:
        return len({event["id"] for _, event in receiver.posts
                    if event["data"]["kind"] == kind and household in event["subject"]})
