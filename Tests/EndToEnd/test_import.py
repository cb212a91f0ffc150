"""What an office types is checked where it is typed: forms put right, merged cells, previews that say what the run does."""

import json

import pytest

from offices import couple, id_number, read_csv, write_roster

FIRST = 61


@pytest.fixture(scope="module")
def office(shared, tmp_path_factory):
    """The deployment with one family in it, and the folder of the office's files."""
    folder = tmp_path_factory.mktemp("import")
    counts, said = shared.import_file(write_roster(folder / "roster.csv", couple(FIRST)))
    assert counts == {"new": 1}, said
    shared.ready(projected=True)
    return shared, folder


def household(deployment, number=FIRST):
    return deployment.households("--number", f"CZ-{number:04d}")[0]["household"]


def write_lines(path, lines):
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    return path


def test_a_changed_form_is_asked_about_and_a_correction_replaces_it(office):
    deployment, folder = office
    own = household(deployment)
    form = {
        "户编号": own, "年 月 日": "2021年7月3日", "户主姓名": couple(FIRST)[0]["姓名"], "家庭人口数": "2", "家庭类型": "失独",
        "目前家庭主要困难": "生活困难", "走访慰问需求": "1", "大病救助需求": "2", "走访人签字：": "王走访"}
    counts, said = deployment.import_file(write_roster(folder / "v1.csv", [form]))
    assert counts == {"changed": 1}, said
    changed = write_roster(folder / "v2.csv", [{**form, "大病救助需求": "１", "心理慰藉需求": "3"}])
    counts, said = deployment.import_file(changed)
    assert counts == {"differing": 1} and "大病救助需求：2 → 1" in said, said
    counts, said = deployment.import_file(changed, "--as", "correction", "--reason", "抄错")
    assert counts == {"changed": 1} and "变更 1（2 条）" in said, said
    deployment.ready(projected=True)
    shown = deployment.show(own)
    assert [visit["day"] for visit in shown["visits"]] == ["2021-07-03"]
    assert {need["kind"]["code"]: need["items"] for need in shown["needs"]} == {
        "need_visit": 1, "need_serious_illness": 1, "need_psychological": 3}
    assert deployment.import_file(changed)[0] == {"unchanged": 1}
    # A form of another day is another visit; a future day is told at its cell.
    late = write_roster(folder / "v3.csv", [{**form, "年 月 日": "2999-01-01"}])
    counts, said = deployment.import_file(late, code=1)
    assert counts == {"refused": 1} and "CARE-7243 年 月 日" in read_csv(folder / "v3.csv.rejected.csv")[0]["原因"], said
    counts, said = deployment.import_file(changed, "--as", "change", "--on", "2021-09-01")
    assert counts == {"unchanged": 1}, said


def test_rows_of_a_family_are_taken_whole_or_sent_back_whole(office):
    deployment, folder = office
    rows = couple(FIRST + 5)
    counts, said = deployment.import_file(write_roster(folder / "whole.csv", rows))
    assert counts == {"new": 1}, said
    deployment.ready(projected=True)
    own = household(deployment, FIRST + 5)
    for row in rows:
        row["城乡"] = "农村"
    rows[0].update({"姓名": "李改名", "联系电话": "13955556666"})
    file = write_roster(folder / "whole-changed.csv", rows)
    # The file is of 2014-08-04: neither the place nor anybody's name changed in it before.
    for options in (["--dry-run"], []):
        counts, said = deployment.import_file(file, *options, "--as", "change", "--on", "2010-01-01", code=1)
        assert counts == {"refused": 1} and "CARE-1203" in said and "2014-08-04" in said, said
    assert all("CARE-1203" in row["原因"] for row in read_csv(folder / "whole-changed.csv.rejected.csv"))
    deployment.ready(projected=True)
    shown = deployment.show(own, "--reveal", "核对 check")
    assert shown["members"][0]["name"] == couple(FIRST + 5)[0]["姓名"] and shown["area"] == "urban", shown
    for options in (["--dry-run"], []):
        counts, said = deployment.import_file(file, *options, "--as", "change", "--on", "2020-02-02")
        assert counts == {"changed": 1} and "变更 1（2 条）" in said, said
    deployment.ready(projected=True)
    shown = deployment.show(own, "--reveal", "核对 check")
    assert shown["members"][0]["name"] == "李改名" and shown["area"] == "rural", shown
    # What is kept from this key is neither compared nor recorded, and told alike whatever stands on record.
    last = max(line["sequence"] for line in deployment.show(own)["history"])
    for degree in ("部分失能", "完全失能"):
        rows[0].update({"失能程度": degree, "失能评定日期": "2019-01-01"})
        file = write_roster(folder / "kept.csv", rows)
        for options in ([], ["--as", "change", "--on", "2020-03-03"]):
            counts, said = deployment.import_file(file, *options)
            assert counts == {"unchanged": 1, "uncompared": 1}, said
            assert "CARE-6195" in said and "失能程度（1 户）" in said and degree not in said, said
    deployment.ready(projected=True)
    assert max(line["sequence"] for line in deployment.show(own)["history"]) == last


def test_a_form_that_names_two_families_is_sent_back_with_the_reason_per_cell(office):
    deployment, folder = office
    own, other, third = household(deployment), couple(FIRST + 3), couple(FIRST + 4)
    counts, said = deployment.import_file(write_roster(folder / "other.csv", other))
    assert counts == {"new": 1}, said
    deployment.ready(projected=True)
    form = {
        "户编号": own, "户主身份证号": other[0]["身份证号"], "年 月 日": "2021-10-21", "户主姓名": other[0]["姓名"],
        "其他需求": "换药", "走访人签字：": "王走访"}
    mistaken = couple(FIRST)[0]["身份证号"]
    mistaken = mistaken[:-1] + ("1" if mistaken[-1] != "1" else "2")
    table = [
        form, {**form, "户主身份证号": mistaken, "户主姓名": couple(FIRST)[0]["姓名"]},
        {**form, "户主身份证号": third[0]["身份证号"], "户主姓名": couple(FIRST)[0]["姓名"]},
        {**form, "户主身份证号": "", "户主姓名": "别人"},
        # Another row names a family whose head has this name: that says nothing of this one.
        {**form, "户编号": "", "户主身份证号": "", "户主姓名": couple(FIRST)[0]["姓名"]}]
    file = write_roster(folder / "two.csv", table)
    assert deployment.import_file(file, "--dry-run", code=1)[0] == {"refused": 5}
    counts, said = deployment.import_file(file, code=1)
    assert counts == {"refused": 5} and other[0]["身份证号"] not in said, said
    reasons = [row["原因"] for row in read_csv(folder / "two.csv.rejected.csv")]
    assert "CARE-7266 户主身份证号" in reasons[0] and "CARE-7267 户主姓名" in reasons[0], reasons
    assert "CARE-7205 户主身份证号" in reasons[1] and "CARE-7267 户主身份证号" in reasons[2], reasons
    assert "CARE-7267 户主姓名" in reasons[3] and "CARE-7290 户编号" in reasons[4], reasons


def test_merged_cells_go_on_with_the_family_above_or_hold_it_back(office):
    deployment, folder = office
    first, second = couple(FIRST + 1), couple(FIRST + 2)
    keys = ("户标识", "档案号", "户编号")
    for row in first[1:]:
        row.update({key: "" for key in keys if key in row})
    counts, said = deployment.import_file(write_roster(folder / "merged.csv", first))
    assert counts == {"new": 1} and "第 3 行归第 2 行一户" in said, said
    for row in second[1:]:
        row.update({key: "" for key in keys if key in row})
        row["区划代码"] = "431003001"
    counts, said = deployment.import_file(write_roster(folder / "unclear.csv", second), code=1)
    assert "CARE-7244" in said and "CARE-7221" in said and not counts["new"], said


def test_a_refused_line_names_the_family_that_is_there_already(office):
    deployment, folder = office
    number = couple(FIRST)[0]["身份证号"]
    lines = [{
        "command": "register_household", "occurred_on": "2021-01-04", "division": "431002001",
        "members": [{"person": {"name": "别名", "id_number": number}, "role": "wife"}]}]
    file = write_lines(folder / "there.ndjson", lines)
    counts, said = deployment.import_file(file, code=1)
    rejected = json.loads(file.with_name(file.name + ".rejected.ndjson").read_text().splitlines()[0])
    assert rejected["code"] == "CARE-1304" and household(deployment) in rejected["advice_zh"], rejected


def test_a_family_without_id_numbers_is_registered_once(office):
    """By another roster, another archive number and another county; the preview says what the run says."""
    deployment, folder = office
    again = couple(FIRST + 7)
    for row in again:
        row.pop("身份证号", None)
    counts, said = deployment.import_file(write_roster(folder / "unnumbered.csv", again))
    assert counts == {"new": 1}, said
    deployment.ready(projected=True)
    own = household(deployment, FIRST + 7)
    for row in again:
        row.update({"档案号": "CZ-TWICE", "区划代码": "431003001"})
    file = write_roster(folder / "unnumbered-again.csv", again)
    for options in (["--dry-run"], []):
        counts, said = deployment.import_file(file, *options, code=1)
        assert counts == {"refused": 1} and "CARE-1318" in said and own in said and again[0]["姓名"] not in said, said
    line = {"command": "register_household", "occurred_on": "2021-01-04", "division": "431002001", "members": [
        {"person": {"name": again[1]["姓名"]}, "role": "husband", "birth_date": again[1]["出生日期"]}]}
    lines = write_lines(folder / "unnumbered.ndjson", [line])
    for options in (["--dry-run"], []):
        counts, said = deployment.import_file(lines, *options, code=1)
        assert counts == {"refused": 1} and "CARE-1318" in said and own in said, said
    # Who is sure that these are other people says why.
    for row in again:
        row["同名同日另有其人"] = "是"
    counts, said = deployment.import_file(write_roster(folder / "unsaid.csv", again), "--dry-run", code=1)
    assert counts == {"refused": 1} and "CARE-1811" in said, said
    for row in again:
        row["同名同日另有其人"] = "已与郴州那一户核对，不是一家"
    file = write_roster(folder / "said.csv", again)
    for options in (["--dry-run"], []):
        counts, said = deployment.import_file(file, *options)
        assert counts == {"new": 1}, said
    deployment.ready(projected=True)
    assert deployment.import_file(file)[0] == {"unchanged": 1}


def test_a_preview_of_commands_counts_what_the_run_counts(office):
    deployment, folder = office
    wife = {"name": "赵甲", "id_number": id_number("1966-03-02", "女", 771), "ref": "wife"}
    lines = [
        {"command": "register_household", "household": {"ref": "f"}, "occurred_on": "2021-01-04", "division": "431002001",
         "members": [{"person": wife, "role": "wife"},
                     {"person": {"name": "赵乙", "ref": "child"}, "role": "only_child", "birth_date": "1990-05-06"}]},
        {"command": "record_death", "household": {"ref": "f"}, "occurred_on": "2021-02-01", "person": {"ref": "child"}},
        {"command": "assess_disability", "household": {"ref": "f"}, "occurred_on": "2021-02-02",
         "person": {"ref": "child"}, "grade": 2},
        {"command": "state_fact", "household": {"ref": "f"}, "occurred_on": "2021-02-02", "fact": "household.moon",
         "value": True, "source": "certificate"},
        {"command": "record_visit", "ref": "v", "household": {"ref": "f"}, "occurred_on": "2021-03-05", "kind": "needs",
         "needs": [{"need": "need_farming", "items": 1}]},
        {"command": "close_need", "household": {"ref": "f"}, "occurred_on": "2021-04-01",
         "need": {"ref": "v", "place": 1}, "reason": "settled"},
        {"command": "close_need", "household": {"ref": "f"}, "occurred_on": "2021-04-02",
         "need": {"ref": "v", "place": 1}, "reason": "settled"},
    ]
    file = write_lines(folder / "preview.ndjson", lines)
    expected = {"new": 1, "changed": 3, "refused": 3}
    before, said = deployment.import_file(file, "--dry-run", code=1)
    assert before == expected, said
    assert "CARE-1421" in said and "2021-02-01" in said, said
    counts, said = deployment.import_file(file, code=1)
    assert counts == expected, said
    deployment.ready(projected=True)
    repeated = {"repeated": 4, "refused": 3}
    assert deployment.import_file(file, "--dry-run", code=1)[0] == repeated
    assert deployment.import_file(file, code=1)[0] == repeated


def test_a_preview_judges_archive_numbers_and_splits_into_other_places_as_the_run_does(office):
    """A number of the file or of the record is given once in a county; a file opens only where the key may act."""
    deployment, folder = office
    deployment.new_key("previewer", "--division", "431002", "--department", "dept.fp", "--right", "command",
                       "--right", "query", "--right", "import-history")

    def register(label, name, number=None, role="wife"):
        line = {"command": "register_household", "household": {"ref": label}, "occurred_on": "2021-01-04",
                "division": "431002001", "members": [
                    {"person": {"name": name, "ref": label + role}, "role": role},
                    {"person": {"name": name + "之母", "ref": label + "mother"}, "role": "other"}]}
        return {**line, "archive_number": number} if number else line

    def visit(label):
        return {"command": "record_visit", "household": {"ref": label}, "occurred_on": "2021-02-05", "kind": "needs",
                "needs": [{"need": "need_farming", "items": 1}]}

    def split(label, division, number=None):
        line = {"command": "split_household", "household": {"ref": label}, "occurred_on": "2021-04-01",
                "persons": [{"ref": label + "mother"}], "division": division}
        return {**line, "archive_number": number} if number else line

    lines = [
        register("a", "李甲", "P-1"), register("b", "李乙", "P-1"), register("c", "李丙", f"CZ-{FIRST:04d}"),
        register("d", "李丁"), visit("d"), split("d", "431002002", "P-2"), visit("d"),
        register("e", "李戊"), split("e", "431002001", f"CZ-{FIRST:04d}"), split("e", "330302001"),
        split("e", "431002002", "P-3"),
    ]
    file = write_lines(folder / "numbers.ndjson", lines)
    before, said = deployment.import_file(file, "--dry-run", "--key", "previewer", code=1)
    assert "unjudged" not in before and before["refused"] == 4, said
    codes = [json.loads(line)["code"]
             for line in file.with_name(file.name + ".rejected.ndjson").read_text().splitlines()]
    assert sorted(codes) == ["CARE-1106"] + ["CARE-1423"] * 3, said
    counts, said = deployment.import_file(file, "--key", "previewer", code=1)
    assert counts == before, said


def registration(label, number, division="431002001", **others):
    """A woman alone, and whoever lives with her: label to ID number."""
    members = [{"person": {"ref": label + "w", "name": "赵甲", "id_number": number}, "role": "wife"}]
    for ref, own in others.items():
        members.append({"person": {"ref": ref, "name": "钱乙", "id_number": own}, "role": "husband"})
    return {"command": "register_household", "household": {"ref": label}, "occurred_on": "2018-01-01",
            "division": division, "members": members}


@pytest.mark.parametrize("run", range(10))
def test_who_leaves_one_household_is_registered_in_the_next_in_every_run(office, run):
    """A couple, her divorce, her own file: the third line waits for the second although its household is another."""
    deployment, folder = office
    wife, husband = id_number("1967-08-01", "女", 300 + run), id_number("1966-08-01", "男", 300 + run)
    lines = [
        registration("a", wife, ah=husband),
        {"command": "remove_person", "household": {"ref": "a"}, "occurred_on": "2019-03-01", "person": {"ref": "aw"},
         "reason": "divorce"},
        registration("b", wife)]
    file = write_lines(folder / f"divorce-{run}.ndjson", lines)
    counts, said = deployment.import_file(file)
    assert counts == {"new": 2, "changed": 1}, said


@pytest.mark.parametrize("run", range(10))
def test_of_two_lines_that_register_one_person_the_first_stands_in_every_run(office, run):
    deployment, folder = office
    wife = id_number("1967-08-02", "女", 300 + run)
    lines = [registration("a", wife), registration("b", wife, division="431003001")]
    file = write_lines(folder / f"twice-{run}.ndjson", lines)
    counts, said = deployment.import_file(file, code=1)
    assert counts == {"new": 1, "refused": 1}, said
    rejected = [json.loads(line) for line in file.with_name(file.name + ".rejected.ndjson").read_text().splitlines()]
    assert [(line["line"], line["code"]) for line in rejected] == [(2, "CARE-1304")], said


def test_a_table_whose_family_was_registered_in_error_is_sent_back(office):
    deployment, folder = office
    table = write_roster(folder / "revoked.csv", couple(219))
    assert deployment.import_file(table)[0] == {"new": 1}
    deployment.ready(projected=True)
    deployment.import_file(write_lines(folder / "revoked.ndjson", [
        {"command": "mark_registered_in_error", "household": household(deployment, 219), "occurred_on": "2020-01-01",
         "reason": "duplicate"}]))
    deployment.ready(projected=True)
    for options in (("--dry-run",), ()):
        counts, said = deployment.import_file(table, *options, code=1)
        assert counts == {"refused": 1} and "CARE-6356" in said, (counts, said)
    again = couple(219)
    again[0]["住址"] = "另一条路1号"
    assert deployment.import_file(write_roster(folder / "again.csv", again))[0] == {"new": 1}


def test_who_closes_a_file_is_told_what_is_open_in_it(office):
    deployment, folder = office
    lines = [
        registration("a", id_number("1967-08-05", "女", 300)),
        {"command": "open_plan_item", "household": {"ref": "a"}, "occurred_on": "2018-06-01", "department": "dept.fp"},
        {"command": "close_household", "household": {"ref": "a"}, "occurred_on": "2019-01-01", "reason": "moved_away"}]
    file = write_lines(folder / "open.ndjson", lines)
    for options in (("--dry-run",), ()):
        counts, said = deployment.import_file(file, *options)
        assert counts == {"new": 1, "changed": 2}, said
        assert "第 3 行请注意：CARE-1108" in said and "帮扶计划" in said, said


def test_a_death_that_an_accident_alone_tells_is_told_until_it_is_recorded(office):
    """It has no day: she counts as living, and whoever may see the accident reads so."""
    deployment, folder = office
    deployment.new_key("accidents", "--division", "431002", "--department", "dept.fp")

    def lines(birth):
        about = {"household": {"ref": "acc"}, "occurred_on": "2018-06-01"}
        victim = {"person": {"ref": "accw"}, "outcome": "death"}
        return [
            registration("acc", id_number(birth, "女", 300)),
            {"command": "report_incident", **about, "kind": "accident", "victims": [victim]},
            {"command": "record_death", **about, "occurred_on": "2018-06-03", "person": {"ref": "accw"}}]

    file = write_lines(folder / "accident.ndjson", lines("1967-08-06")[:2])
    for options in (("--dry-run",), ()):
        counts, said = deployment.import_file(file, *options)
        assert counts == {"new": 1, "changed": 1} and "第 2 行请注意：CARE-1447" in said, said
    deployment.ready(projected=True)
    own = deployment.ok("log", "view", "--limit", "0", "--type", "IncidentReported", "--json", key="accidents").lines()
    home = own[-1]["stream"].removeprefix("household-")
    told = "的去世尚未登记：第 "
    assert told in deployment.ok("household", "show", home, key="accidents").out
    why = deployment.carectl("household", "why", home, "CZ-2.1", key="accidents").out
    assert why.startswith("提示：") and told in why, why
    assert told not in deployment.ok("household", "show", home).out, "the operator does not see accidents"
    listed = deployment.ok("household", "deaths", "--json", key="accidents").json()
    assert listed["total"] == listed["person_count"] == 1 and not listed["accidents_withheld"], listed
    family = listed["households"][0]
    assert family["household"] == home and family["deaths"][0]["incident_on"] == "2018-06-01", family
    kept = deployment.ok("household", "deaths", "--json").json()
    assert kept["total"] == 0 and kept["accidents_withheld"], kept
    # Where a later line records the death there is nothing to say.
    counts, said = deployment.import_file(write_lines(folder / "death.ndjson", lines("1967-08-07")))
    assert counts == {"new": 1, "changed": 2} and "CARE-1447" not in said, said


def test_a_payment_to_somebody_whom_an_accident_alone_calls_dead_is_told(office):
    """From the list to the bank's file: whoever may see the accident is told, nobody else; recorded, it is told no more."""
    deployment, folder = office
    deployment.new_key("payer-fp", "--division", "431002", "--department", "dept.fp")
    deployment.new_key("treasury", "--division", "431002", "--department", "dept.finance")
    about = {"household": {"ref": "pay"}, "occurred_on": "2018-06-01"}
    family = registration("pay", id_number("1966-08-08", "女", 300), payh=id_number("1966-08-09", "男", 300))
    family["members"].append({"person": {"ref": "payc", "name": "钱丙"}, "role": "only_child", "birth_date": "1990-05-06"})
    lines = [
        family, {"command": "record_death", **about, "occurred_on": "2018-02-01", "person": {"ref": "payc"}},
        *({"command": "state_fact", **about, "fact": "person.account_ref", "person": {"ref": who}, "source": "form",
           "value": {"reference": f"acc-{who}"}} for who in ("payw", "payh")),
        {"command": "report_incident", **about, "kind": "accident",
         "victims": [{"person": {"ref": "payh"}, "outcome": "death"}]}]
    counts, said = deployment.import_file(write_lines(folder / "payee.ndjson", lines))
    assert counts == {"new": 1, "changed": 4}, said
    deployment.ready(projected=True)

    def untold(key):
        """Families and their people of the list."""
        listed = deployment.ok("household", "deaths", "--division", "431002001", "--json", key=key).json()
        return {entry["household"]: [death["role"] for death in entry["deaths"]] for entry in listed["households"]}

    home = next(household for household, roles in untold("payer-fp").items() if roles == ["husband"])
    assert home not in untold("treasury")
    table = deployment.ok("household", "deaths", "--division", "431002001", key="payer-fp")
    assert "丈夫" in table.out and "钱*" in table.out and "钱乙" not in table.out and "case death" in table.err, table

    months = ("--division", "431002001", "--period", "2018-07", "--clause", "CZ-2.1")
    prepared = deployment.ok("pay", "prepare", *months, key="payer-fp")
    assert "CARE-1460" in prepared.err and home in prepared.err, prepared
    number = prepared.out.strip()
    closed = deployment.ok("pay", "close", number, key="treasury")
    assert "CARE-1460" not in closed.err, closed

    def lines_of_the_dead(key):
        shown = deployment.ok("pay", "show", number, "--json", key=key).json()["lines"]
        return [line["unrecorded_death"]["role"] for line in shown if line["unrecorded_death"]]

    assert lines_of_the_dead("payer-fp") == ["husband"] and lines_of_the_dead("treasury") == []
    assert "去世尚未登记" in deployment.ok("pay", "show", number, key="payer-fp").err
    exported = deployment.ok("pay", "export", number, "--lang", "en", key="payer-fp")
    assert "CARE-1460" in exported.err and "acc-payh" in exported.out, exported
    deployment.ok("case", "death", home, "husband", "--on", "2018-07-20", key="payer-fp")
    deployment.ready(projected=True)
    assert home not in untold("payer-fp") and lines_of_the_dead("payer-fp") == []


def test_a_preview_judges_each_line_by_the_lines_before_it(office):
    """A closed file frees its people; a line with a slip is told of the slip, whatever a later line would do."""
    deployment, folder = office
    wife, other = id_number("1967-08-03", "女", 300), id_number("1967-08-04", "女", 300)
    husband = id_number("1966-08-03", "男", 300)
    slip = registration("c", other)
    slip["members"][0] |= {"role": "other", "sex": "male"}
    lines = [
        registration("a", wife),
        {"command": "close_household", "household": {"ref": "a"}, "occurred_on": "2019-01-01", "reason": "moved_away"},
        registration("b", wife) | {"archive_number": "N-7"}, slip,
        {"command": "add_person", "household": {"ref": "b"}, "occurred_on": "2019-02-01", "role": "husband",
         "person": {"ref": "bh", "name": "钱乙", "id_number": husband}},
        {"command": "record_death", "household": {"ref": "b"}, "occurred_on": "2019-03-01", "person": {"ref": "bh"}},
        {"command": "state_fact", "household": {"ref": "b"}, "occurred_on": "2019-03-01", "fact": "household.nonsense",
         "value": True, "source": "certificate"},
        registration("d", other),
        {"command": "add_person", "household": {"ref": "d"}, "occurred_on": "2019-02-01", "role": "husband",
         "person": {"ref": "dh", "name": "钱乙", "id_number": couple(FIRST)[1]["身份证号"]}},
    ]
    file = write_lines(folder / "order.ndjson", lines)
    expected = {"new": 3, "changed": 3, "refused": 3}
    told = []
    for options in (("--dry-run",), ()):
        counts, said = deployment.import_file(file, *options, code=1)
        assert counts == expected, said
        beside = file.with_name(file.name + ".rejected.ndjson").read_text().splitlines()
        told.append([(line["line"], line["code"]) for line in map(json.loads, beside)])
    assert told[0] == told[1] and told[0][0] == (4, "CARE-1308") and told[0][2] == (9, "CARE-1304"), told
    # The names on record are withheld from a preview, which refuses another one of somebody dead as the run does.
    deployment.ready(projected=True)
    (home,) = (row["household"] for row in deployment.households("--number", "N-7"))
    people = {member["role"]: member["person"] for member in deployment.show(home)["members"]}
    details = {"command": "change_person_details", "household": home, "occurred_on": "2020-05-01"}
    lines = [{**details, "person": {"id": people["wife"], "phone": "13900000007"}},
             {**details, "person": {"id": people["husband"], "name": "钱改名"}}]
    file = write_lines(folder / "dead.ndjson", lines)
    for options in (("--dry-run",), ()):
        counts, said = deployment.import_file(file, *options, code=1)
        assert counts == {"changed": 1, "refused": 1} and "CARE-1421" in said, said


def test_a_preview_decides_merges_and_splits_as_the_run_does(office):
    """The husband's file goes on in the wife's; it cannot a second time, and nor can that of another wife."""
    deployment, folder = office

    def register(label, name, role):
        return {"command": "register_household", "household": {"ref": label}, "occurred_on": "2021-01-04",
                "division": "431002001", "members": [{"person": {"name": name, "ref": label + role}, "role": role}]}

    def merge(label, into, on="2021-03-01"):
        return {"command": "merge_household", "household": {"ref": label}, "occurred_on": on, "into": {"ref": into}}

    wife, mother = register("w", "钱甲", "wife"), {"name": "钱丙", "ref": "mother"}
    wife["members"].append({"person": mother, "role": "other"})
    lines = [
        wife, register("h", "钱乙", "husband"), register("x", "钱丁", "wife"), merge("h", "w"),
        merge("h", "w", "2021-03-02"), merge("x", "w"),
        {"command": "split_household", "household": {"ref": "w"}, "occurred_on": "2021-04-01",
         "persons": [{"ref": "mother"}], "division": "431002001"},
        {"command": "record_visit", "household": {"ref": "w"}, "occurred_on": "2021-05-05", "kind": "needs",
         "needs": [{"need": "need_farming", "items": 1}]},
    ]
    file = write_lines(folder / "moves.ndjson", lines)
    before, said = deployment.import_file(file, "--dry-run", code=1)
    assert "unjudged" not in before and before["refused"] == 2, said
    counts, said = deployment.import_file(file, code=1)
    assert counts == before, said
