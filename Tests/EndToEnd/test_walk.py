"""The main walk: an office's files in, archive, pairings and log out, each question through carectl."""

import json
import shutil
import subprocess

import pytest

from deployment import SERVICES, until
from offices import couple, helpers, id_number, read_csv, wrong_number, write_roster

FIRST, SECOND, THIRD = 1, 2, 3


def roster():
    """Three families: one with four helpers, one with a cadre only, one with none."""
    cadre = {key: value for key, value in helpers(SECOND).items() if "干部" in key}
    return couple(FIRST, **helpers(FIRST)) + couple(SECOND, **cadre) + couple(THIRD)


@pytest.fixture(scope="module")
def office(shared, tmp_path_factory):
    """The deployment with the three families in it, and the folder of the office's files."""
    folder = tmp_path_factory.mktemp("office")
    counts, _ = shared.import_file(write_roster(folder / "roster.csv", roster()))
    assert counts == {"new": 3}
    shared.ready(projected=True)
    return shared, folder


def household(deployment, number):
    found = deployment.households("--number", f"CZ-{number:04d}")
    assert len(found) == 1, found
    return found[0]["household"]


def head(deployment):
    return deployment.ok("projection", "ls", "--json").json()["head_position"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_same_roster_again_changes_nothing_in_any_encoding(office, encoding):
    deployment, folder = office
    file = write_roster(folder / f"again-{encoding}.csv", roster(), encoding)
    before = {line["household"]: line["last_sequence"] for line in deployment.households()}
    for _ in range(2):
        counts, said = deployment.import_file(file)
        assert counts == {"unchanged": 3}, said
    deployment.ready(projected=True)
    assert {line["household"]: line["last_sequence"] for line in deployment.households()} == before
    assert not file.with_name(file.name + ".rejected.csv").exists()


def accesses(deployment):
    """What the access streams hold, each event with who spoke."""
    lines = deployment.ok("log", "view", "--category", "access", "--limit", "0", "--json").lines()
    return [deployment.ok("log", "get", line["stream"], line["sequence"]).json() for line in lines]


def test_the_clerk_imports_the_same_roster_twice_and_sees_nothing(office):
    deployment, folder = office
    file = write_roster(folder / "clerk.csv", roster())
    streams = {line["household"]: line["last_sequence"] for line in deployment.households()}
    before = accesses(deployment)
    for _ in range(2):
        counts, said = deployment.import_file(file, "--key", "clerk")
        assert counts == {"unchanged": 3}, said
    deployment.ready(projected=True)
    assert {line["household"]: line["last_sequence"] for line in deployment.households()} == streams
    # One record for each run, with who ran it and how much was compared; nobody was shown anything.
    more = accesses(deployment)[len(before):]
    assert [(line["event"], line["meta"]["peer"], line["purpose"], line["household_count"]) for line in more] == [
        ("DetailsCompared", "clerk", "compare", 3)] * 2
    assert len({line["run"] for line in more}) == 2 and all(line["value_count"] > 20 for line in more)

    rows = roster()
    rows[0]["联系电话"] = "13977778888"
    file = write_roster(folder / "clerk-phone.csv", rows)
    counts, said = deployment.import_file(file, "--key", "clerk")
    assert counts == {"differing": 1, "unchanged": 2}, said
    assert "联系电话" in said and "（档案另有）" in said
    assert not [secret for row in rows for secret in (row["姓名"], row.get("联系电话")) if secret and secret in said]
    own = household(deployment, FIRST)
    counts, said = deployment.import_file(file, "--key", "clerk", "--as", "correction", "--reason", "抄错了", code=1)
    assert counts["refused"] == 1 and "CARE-7216" in said, said
    assert {line["event"] for line in accesses(deployment)[len(before):]} == {"DetailsCompared"}
    assert _phones(deployment, own) == [roster()[0]["联系电话"]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_new_family_comes_in_from_every_encoding(office, encoding):
    deployment, folder = office
    number = {"utf-8-sig": 11, "gb18030": 12}[encoding]
    counts, said = deployment.import_file(write_roster(folder / f"new-{encoding}.csv", couple(number), encoding))
    assert counts["new"] == 1, said
    deployment.ready(projected=True)
    shown = deployment.show(household(deployment, number), "--reveal", "核对 check")
    assert [member["name"] for member in shown["members"]] == [row["姓名"] for row in couple(number)]


def test_a_changed_cell_needs_a_word_what_it_means(office):
    deployment, folder = office
    rows = couple(13)
    deployment.import_file(write_roster(folder / "phone-0.csv", rows))
    rows[0]["联系电话"] = "13911112222"
    file = write_roster(folder / "phone-1.csv", rows)
    deployment.ready(projected=True)
    counts, said = deployment.import_file(file)
    assert counts == {"differing": 1}, said
    assert "--as change" in said and "联系电话" in said and "13911112222" not in said
    deployment.ready(projected=True)
    own = household(deployment, 13)
    assert _phones(deployment, own) == ["13800000013"]

    counts, said = deployment.import_file(file, "--as", "change", "--on", "2020-05-01")
    assert counts["changed"] == 1, said
    deployment.ready(projected=True)
    assert _phones(deployment, own) == ["13911112222"]
    assert _phones(deployment, own, "--as-of", "2020-04-30") == ["13800000013"]

    rows[0]["联系电话"] = "13933334444"
    file = write_roster(folder / "phone-2.csv", rows)
    counts, said = deployment.import_file(file, "--as", "correction", "--reason", "抄错了 misread")
    assert counts["changed"] == 1, said
    deployment.ready(projected=True)
    assert _phones(deployment, own, "--as-of", "2020-05-01") == ["13933334444"]
    counts, said = deployment.import_file(file)
    assert counts["unchanged"] == 1, said
    corrected = [line for line in deployment.show(own)["history"] if line["corrects"]]
    assert len(corrected) == 1 and corrected[0]["correction_reason"]["code"] == "other"
    assert corrected[0]["correction_text"] is None, "words of one's own are sealed"
    shown = deployment.show(own, "--reveal", "核对 check")["history"]
    assert [line["correction_text"] for line in shown if line["corrects"]] == ["抄错了 misread"]


def _phones(deployment, own, *options):
    members = deployment.show(own, "--reveal", "核对 check", *options)["members"]
    return [member["phone"] for member in members if member["phone"]]


def test_a_missing_row_removes_nobody(office):
    deployment, folder = office
    deployment.import_file(write_roster(folder / "whole.csv", couple(14)))
    deployment.ready(projected=True)
    own = household(deployment, 14)
    counts, said = deployment.import_file(
        write_roster(folder / "short.csv", couple(14)[:1]), "--as", "change", "--on", "2021-01-01")
    assert counts["unchanged"] == 1, said
    assert [member["standing"] for member in deployment.show(own)["members"]] == ["present", "present", "died"]


def test_bad_rows_are_written_beside_the_file_with_the_reason_per_cell(office):
    deployment, folder = office
    good, bad, late = couple(15), couple(16), couple(17)
    bad[0]["身份证号"] = wrong_number(bad[0]["身份证号"])
    bad[1]["性别"] = "女"
    late[2]["死亡日期"] = "1980-01-01"
    file = write_roster(folder / "mixed.csv", good + bad + late)
    counts, said = deployment.import_file(file, code=1)
    assert (counts["new"], counts["refused"]) == (1, 2), said
    beside = file.with_name("mixed.csv.rejected.csv")
    assert beside.stat().st_mode & 0o077 == 0
    rows = read_csv(beside)
    assert [row["姓名"] for row in rows] == [row["姓名"] for row in bad + late]
    assert "CARE-7205 身份证号：" in rows[0]["原因"] and "CARE-7206 性别：" in rows[1]["原因"]
    assert "CARE-7218 死亡日期：" in rows[5]["原因"]
    assert bad[0]["身份证号"] not in said

    # Mended where it stands, the file leaves no list behind; what is not of our writing stays.
    notes = file.with_name("whole.csv.rejected.csv")
    notes.write_text("姓名,原因未详\n", "utf-8")
    deployment.ready(projected=True)
    whole = write_roster(folder / "whole.csv", good)
    assert deployment.import_file(whole)[0] == {"unchanged": 1} and notes.exists()
    write_roster(notes, [{**good[0], "原因": "旧"}], "utf-8-sig")
    counts, said = deployment.import_file(whole)
    assert counts == {"unchanged": 1} and "已过时，已删除" in said and not notes.exists(), said

    # Mended, the rejected file goes in as it is: its column of reasons is nobody's concern.
    for row, mended in zip(rows, couple(16) + couple(17)):
        row.update(mended)
    counts, said = deployment.import_file(write_roster(folder / "mended.csv", rows))
    assert counts["new"] == 2, said


def test_reasons_are_told_in_the_language_asked_for(office, tmp_path):
    """A day of death in the mother's row alone is asked about, in either language, and records nobody dead."""
    deployment, _ = office
    [mother, *_] = couple(97)
    path = write_roster(tmp_path / "slip.csv", [{**mother, "死亡日期": "2012-03-04"}])
    said = deployment.carectl("case", "import", path, "--lang", "en")
    assert said.code == 1 and "CARE-7223 死亡日期: it stands in a parent's row" in said.err, said
    assert "row 2: " in said.err and "会登记为此人去世" not in said.err
    assert "if it is this person" in (tmp_path / "slip.csv.rejected.csv").read_text("utf-8-sig")
    said = deployment.carectl("case", "import", path)
    assert said.code == 1 and "CARE-7223 死亡日期：填在父母一行，会登记为此人去世" in said.err, said
    assert deployment.households("--number", mother["档案号"]) == []


def test_a_dry_run_counts_and_changes_nothing(office):
    deployment, folder = office
    rows = couple(FIRST, **helpers(FIRST)) + couple(18)
    rows[0]["联系电话"] = "13955556666"
    deployment.ready(projected=True)
    streams = {line["household"]: line["last_sequence"] for line in deployment.households()}
    counts, said = deployment.import_file(write_roster(folder / "dry.csv", rows), "--dry-run")
    # A cell that differs without --as is counted under the word of the run.
    assert counts == {"new": 1, "differing": 1} and "不同而未改 1" in said, said
    deployment.ready(projected=True)
    assert {line["household"]: line["last_sequence"] for line in deployment.households()} == streams

    lines = deployment.ok("synthesize", "--households", "2", "--years", "1", "--seed", "5").out
    file = folder / "dry.ndjson"
    file.write_text(lines + '{"command":"record_death"}\n')
    before = head(deployment)
    counts, said = deployment.import_file(file, "--dry-run", code=1)
    assert counts["new"] == 2 and counts["refused"] == 1, said
    assert head(deployment) == before


def test_a_visit_form_becomes_a_visit_with_its_needs(office):
    deployment, folder = office
    own = household(deployment, SECOND)
    template = deployment.ok("case", "template", "visit").out
    for label in ("年 月 日", "户主姓名", "家庭人口数", "助农方面需求", "走访人签字："):
        assert label in template
    form = {
        "户编号": own, "年 月 日": "2021-07-03", "户主姓名": couple(SECOND)[0]["姓名"], "家庭人口数": "2", "家庭类型": "失独",
        "是否有退休金": "否", "目前家庭主要困难": "膝痛 knees", "助农方面需求": "2", "心理慰藉需求": "无", "其他需求": "修屋顶；换灯",
        "走访人签字：": "王干"}
    strange = {**form, "户编号": "7zzzzzzzzzzzzzzzzzzzzzzzzz"}
    file = write_roster(folder / "visits.csv", [form, strange, {**form, "家庭人口数": "很多"}])
    counts, said = deployment.import_file(file, code=1)
    assert (counts["changed"], counts["refused"]) == (1, 2), said
    reasons = [row["原因"] for row in read_csv(folder / "visits.csv.rejected.csv")]
    assert "CARE-7212" in reasons[0] and "CARE-7203 家庭人口数" in reasons[1]
    deployment.ready(projected=True)
    shown = deployment.show(own, "--reveal", "回访 follow-up")
    assert [(visit["day"], visit["form"]) for visit in shown["visits"]] == [("2021-07-03", "needs-2021")]
    assert {need["kind"]["code"]: need["items"] for need in shown["needs"]} == {"need_farming": 2, "need_other": 2}
    counts, said = deployment.import_file(file, code=1)
    assert (counts["changed"], counts["unchanged"]) == (0, 1), said


def test_names_and_numbers_are_masked_helpers_names_are_not(office):
    deployment, _ = office
    own = household(deployment, FIRST)
    wife = couple(FIRST)[0]
    shown = deployment.show(own)
    text = deployment.ok("household", "show", own).out
    for secret in (wife["姓名"], wife["身份证号"], wife["联系电话"], wife["住址"], couple(FIRST)[1]["姓名"]):
        assert secret not in json.dumps(shown, ensure_ascii=False) and secret not in text
    assert shown["members"][0]["name"] == "李*" or shown["members"][0]["name"] == "李**"
    names = [helper["name"] for slot in shown["pairings"] for helper in slot["helpers"]]
    assert names == [helpers(FIRST)[key] for key in ("结对部门联系人", "结对干部姓名", "结对党员姓名", "结对志愿者姓名")]
    assert all(name in text for name in names)
    assert shown["status"]["kind"] == "bereaved" and shown["status"]["since"] == "2012-03-04"
    died = [line for line in shown["history"] if line["kind"] == "PersonDied"]
    assert [line["sequence"] for line in died] == [shown["status"]["rests_on"]]


def test_revealing_shows_and_is_recorded(office):
    deployment, _ = office
    own = household(deployment, FIRST)
    wife = couple(FIRST)[0]
    shown = deployment.show(own, "--reveal", "上门核对 visit at home")
    assert [shown["members"][0][key] for key in ("name", "id_number", "phone", "address")] == [
        wife["姓名"], wife["身份证号"], wife["联系电话"], wife["住址"]]
    reads = deployment.ok("log", "view", "--category", "access", "--limit", "0", "--json").lines()
    assert any(own in json.dumps(line) for line in reads), reads[-1:]
    assert all(line["stream"].startswith("access-") for line in reads)
    # People write names and numbers into the reason: it is sealed, and shown to those only who operate and may see names.
    assert "上门核对" not in json.dumps(reads, ensure_ascii=False)
    given = deployment.ok("log", "view", "--category", "access", "--limit", "0", "--json", "--reasons").lines()
    assert [part["text"] for line in given if line["event"] == "SealedPartsRead" and line["household"] == own
            for part in line["sealed"]][-1] == "上门核对 visit at home"
    refused = deployment.carectl("household", "show", own, "--reveal", "好奇 curious", key="clerk")
    assert refused.code == 77 and "CARE-" in refused.err and wife["姓名"] not in refused.out + refused.err


def test_nobody_else_on_the_machine_reads_what_services_keep(office):
    deployment, _ = office
    assert deployment.data.stat().st_mode & 0o077 == 0, "made by hand and open to others until a service closed it"
    for name in ("log", "read-model", "intake", "eligibility", "notifier"):
        folder = deployment.data / name
        assert folder.stat().st_mode & 0o077 == 0, name
        assert [str(file) for file in folder.rglob("*") if file.lstat().st_mode & 0o077] == [], name


def test_coverage_and_missing_agree(office):
    deployment, _ = office
    deployment.ready(projected=True)
    listed = {line["household"]: line for line in deployment.households("--status", "any")}
    for day in ("2012-03-04", "2014-07-15", "2014-07-16", "2014-08-31", "2014-09-01", "2020-01-01"):
        table = deployment.ok("pairing", "coverage", "--as-of", day, "--json").json()
        missing = deployment.ok("pairing", "missing", "--as-of", day, "--json").json()
        total = table["total"]
        assert total["household_count"] - total["covered_count"] == missing["total"] == len(missing["households"])
        for kind in table["kinds"]:
            lacking = [line for line in missing["households"]
                       if kind["code"] in [gap["kind"]["code"] for gap in line["gaps"]]]
            assert total["household_count"] - total["filled_count"][kind["code"]] == len(lacking), (day, kind)
        assert sum(row["household_count"] for row in table["rows"]) == total["household_count"]
    assert total["household_count"] == len(listed) >= 3 and total["covered_count"] == 1
    first = deployment.show(household(deployment, FIRST), "--as-of", "2014-08-31")
    assert [slot["filled"] for slot in first["pairings"]] == [False] * 4


def test_the_log_shows_no_personal_data_and_is_sound(office):
    deployment, folder = office
    events = deployment.ok("log", "view", "--limit", "0", "--json").out
    secrets = [row[key] for row in roster() for key in ("姓名", "身份证号", "联系电话", "住址") if row.get(key)]
    assert not [secret for secret in secrets if secret in events]
    kinds = {json.loads(line)["event"] for line in events.splitlines()}
    assert {"HouseholdRegistered", "PersonJoined", "PersonReserved", "PairingAssigned"} <= kinds
    own = household(deployment, FIRST)
    one = deployment.ok("log", "get", own, "1").out
    assert "HouseholdRegistered" in one
    report = deployment.ok("log", "verify", "--json").json()
    assert report["sound"] and report["events"] == head(deployment) and report["damages"] == []
    services = "".join(deployment.log(name) for name in SERVICES)
    assert not [secret for secret in secrets if secret in services]


def running(deployment):
    consumers = deployment.ok("sub", "report", "--json").json()["consumers"]
    return [line for line in consumers if line["consumer"].startswith("subscription.")]


def test_log_tail_follows_live_and_can_go_on(office):
    deployment, folder = office
    tail = deployment.background("log", "tail", "--json", name="tail")
    until(lambda: "Ctrl-C" in (deployment.folder / "tail.err").read_text(), "the tail is ready")
    out = deployment.folder / "tail.out"
    # Following from the head begins when the archive has answered: repeat until the tail shows something.
    number = iter(range(30, 60))

    def seen():
        deployment.import_file(write_roster(folder / "live.csv", couple(next(number))))
        return "HouseholdRegistered" in out.read_text()

    until(seen, "an event on the tail")
    # While it runs, it is among the consumers, with its place and how far behind it is.
    until(
        lambda: any(line["state"] == "live" and line["lag_events"] == 0 for line in running(deployment)),
        "the tail at the head")
    assert all(line["position"] <= head(deployment) for line in running(deployment))
    tail.terminate()
    assert tail.wait(60) == 130
    said = (deployment.folder / "tail.err").read_text()
    place = said.rsplit("--from ", 1)[1].split()[0]
    deployment.import_file(write_roster(folder / "later.csv", couple(61)))
    later = deployment.ok("log", "view", "--from", place, "--limit", "0", "--json").lines()
    shown = [json.loads(line)["position"] for line in out.read_text().splitlines()]
    assert later and all(line["position"] not in shown for line in later)
    assert min(line["position"] for line in later) > max(shown)


def test_every_consumer_is_reported(office):
    deployment, _ = office
    deployment.ready(projected=True)
    report = deployment.ok("sub", "report", "--json").json()
    assert report["head_position"] == head(deployment) > 0
    # A subscription that has just ended may still be there for a second.
    named = [line for line in report["consumers"] if not line["consumer"].startswith("subscription.")]
    states = {line["consumer"]: line for line in named}
    assert set(states) == {"care-archive.projections", "eligibility", "notifier"}
    for line in states.values():
        assert (line["lag_events"], line["parked_count"], line["state"]) == (0, 0, "live"), line
    table = deployment.ok("sub", "report").out
    assert all(name in table for name in states)


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_says_how_it_is(office, service):
    deployment, _ = office
    assert deployment.http(service, "/healthz") == (200, "ok\n")
    assert deployment.http(service, "/readyz") == (200, "ready\n")
    assert deployment.http(service, "/nothing")[0] == 404
    status, text = deployment.http(service, "/metrics")
    assert status == 200 and "# TYPE" in text
    promtool = shutil.which("promtool")
    assert promtool, "缺少 promtool，请安装 prometheus / promtool is missing: install prometheus"
    checked = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True, timeout=30)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_rebuild_says_the_same(office):
    deployment, _ = office
    questions = [
        ("household", "find", "--limit", "0", "--json"), ("pairing", "coverage", "--json"),
        ("pairing", "missing", "--json"), ("notice", "ls", "--limit", "0", "--json"),
    ]
    deployment.ready(projected=True)
    before = [deployment.ok(*question).out for question in questions]
    exports = deployment.exports()
    deployment.ok("projection", "rebuild")
    deployment.ready(projected=True)
    assert [deployment.ok(*question).out for question in questions] == before
    assert deployment.exports() == exports


def test_the_roster_template_is_a_roster(office, tmp_path):
    deployment, _ = office
    file = tmp_path / "empty.csv"
    deployment.ok("case", "template", "roster", "--output", file)
    counts, said = deployment.import_file(file)
    assert not counts, said
    assert deployment.carectl("case", "template", "roster", "--output", file).code != 0
    numbered = id_number("1966-03-02", "女", FIRST)
    assert len(numbered) == 18
