"""Boshan's working papers with real processes: needs forms in (附件3), the summary out (附件4), nobody missed."""

import csv
import io
import json

import pytest
from offices import couple, write_roster
from test_attachments import png

STREET = "370304001"
# The community of each family, and the forms as the visitors brought them: day, answers, needs.
COMMUNITIES = {1: "001", 2: "001", 3: "002", 4: "002", 5: "002", 6: "003"}
QUESTIONS = ("是否享受特别扶助金", "是否有计生特殊家庭综合保险单", "是否参加免费查体", "是否低保户", "是否五保户")


def rows(text):
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))


def number(family):
    return f"BS-{family:04d}"


@pytest.fixture(scope="module")
def street(shared):
    """Six families of three communities, and the keys of the street, one community and another district."""
    shared.ok("rules", "publish", "boshan-2021")
    for name, division, department in (
            ("street", STREET, "org.township"), ("community", STREET + "001", "org.community"),
            ("civil", "370304", "dept.civil_affairs"), ("elsewhere", "370303", "org.community")):
        shared.new_key(name, "--division", division, "--department", department, "--right", "query")
    roster = []
    for family, community in COMMUNITIES.items():
        roster += couple(300 + family, 户标识=f"b{family}", 档案号=number(family), 建档日期="2021-03-01", 区划代码=STREET + community)
    counts, said = shared.import_file(write_roster(shared.folder / "street.csv", roster))
    assert counts == {"new": 6}, said
    shared.ready(projected=True)
    return shared


@pytest.fixture(scope="module")
def homes(street):
    found = {}
    for family in COMMUNITIES:
        found[family] = street.households("--number", number(family))[0]["household"]
    return found


def form(homes, family, day, answers, signed="王走访", **needs):
    """A row of the visit table; answers y, n or - for the five questions."""
    words = {"y": "是", "n": "否", "-": ""}
    return {
        "户编号": homes[family], "年 月 日": day, "户主姓名": couple(300 + family)[0]["姓名"],
        **{question: words[answer] for question, answer in zip(QUESTIONS, answers)}, **needs, "走访人签字：": signed}


def tell(deployment, *lines):
    file = deployment.folder / "told.ndjson"
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    deployment.import_file(file)


def listed(homes, family):
    """The list decides who is a special family: families 1 to 4 are, 5 and 6 are not, whatever the roll says."""
    return {"command": "state_fact", "household": homes[family], "occurred_on": "2021-03-01",
            "fact": "household.special_family", "value": family <= 4, "source": "form"}


@pytest.fixture(scope="module")
def forms(street, homes):
    table = [
        form(homes, 1, "2021-07-03", "nnnyn", 大病救助需求="2", 心理慰藉需求="夜里睡不着"),
        form(homes, 2, "2021-07-04", "nyynn", 家政服务需求="1"),
        form(homes, 2, "2021-09-10", "yy-nn", 抱养方面需求="想领养；问手续"),
        form(homes, 3, "2021-08-08", "yyynn", 查体方面需求="1"),
        form(homes, 4, "2021-08-09", "nnnnn", signed="", 其他需求="4"),
        form(homes, 5, "2021-08-15", "nnnyy", 家务代办需求="2"),
    ]
    counts, said = street.import_file(write_roster(street.folder / "forms.csv", table))
    assert counts == {"changed": 6}, said
    third = next(line for line in street.show(homes[3])["history"] if line["kind"] == "VisitRecorded")
    tell(
        street,
        {"command": "record_visit", "household": homes[3], "occurred_on": "2021-08-08", "kind": "needs",
         "form": "needs-2021", "visitor": {"ref": "visitor", "name": "王走访"},
         "answers": [{"field": "has_special_assistance", "value": False}, {"field": "is_dibao", "value": True}],
         "correction": {"corrects": third["sequence"], "reason": "typing_error"}},
        listed(homes, 5),
        {"command": "close_household", "household": homes[5], "occurred_on": "2021-10-01", "reason": "moved_away"})
    street.ready(projected=True)
    return third


def annex(street, *options, key="street"):
    return street.ok("report", "annex4", "--as-of", "2021-10-20", *options, key=key)


def test_the_summary_is_the_printed_form_cell_by_cell(street, forms):
    table = rows(annex(street, "--csv").out)
    assert table[0] == ["博山区计生特殊家庭需求情况汇总表"] and table[1] == ["2021 年 10 月 20 日"]
    assert [cell for cell in table[2] if cell] == ["单位", "基本情况", "家庭需求（条数）", "备注"]
    assert table[3][1:-1] == [
        "走访户数", "未享受享受特扶户数", "未享受综合保险户数", "未参加免费查体户数", "低保户数", "五保户数", "走访慰问", "家政服务",
        "助农帮扶", "大病救助", "心理慰藉", "家务代办", "送子服务", "助孕帮扶", "查体方面", "其他需求"]
    assert table[4:] == [
        [STREET + "001 博山区", "2", "1", "1", "1", "1", "0", "0", "0", "0", "2", "1", "0", "2", "0", "0", "0",
         "未参加免费查体户数：1 户未填"],
        [STREET + "002 博山区", "1", "1", "未填", "未填", "1", "未填", "0", "0", "0", "0", "0", "0", "0", "0", "1", "0",
         "未享受综合保险户数：1 户未填；未参加免费查体户数：1 户未填；五保户数：1 户未填；未签字的登记表 1 张未计；已销档 1 户未计"],
        [STREET + "003 博山区", "0", *["—"] * 15, "无已签字的登记表"],
        ["合计", "3", "2", "1", "1", "2", "0", "0", "0", "0", "2", "1", "0", "2", "0", "1", "0",
         "未享受综合保险户数：1 户未填；未参加免费查体户数：2 户未填；五保户数：1 户未填；未签字的登记表 1 张未计；已销档 1 户未计"]]
    shown = annex(street)
    assert "未享受特扶户数" in shown.out and "享受享受" not in shown.out and "2021-01-01 至 2021-10-20" in shown.out
    assert annex(street, "--json").json()["rows"][1]["cells"]["without_free_checkup"] is None


def test_each_number_leads_to_its_forms(street, homes, forms):
    found = annex(street, "--trace", "送子服务", "--json").json()
    assert found["column"] == "need_adoption" and found["count"] == 2
    assert [(line["household"], line["day"], line["count"]) for line in found["forms"]] == [(homes[2], "2021-09-10", 2)]
    named = found["forms"][0]
    assert named["masked_name"] == "李**"
    event = street.ok("log", "get", f"household-{homes[2]}", named["needs"][0]).out
    assert "need_adoption" in event
    special = annex(street, "--trace", "未享受享受特扶户数", "--json").json()["forms"]
    assert [line["household"] for line in special] == [homes[1], homes[3]]
    assert special[1]["sequence"] == forms["sequence"]
    said = annex(street, "--trace", "大病救助")
    assert homes[1] in said.out and "2 条" in said.err
    assert couple(301)[0]["姓名"] not in said.out
    refused = street.carectl("report", "annex4", "--trace", "抱养", key="street")
    assert refused.code == 64 and "CARE-6262" in refused.err and "送子服务" in refused.err


@pytest.fixture(scope="module")
def special(street, homes, forms):
    tell(street, *[listed(homes, family) for family in (1, 2, 3, 4, 6)])
    street.ready(projected=True)


def test_nobody_is_missed(street, homes, special):
    """Of whom the list says no, the clause waits, and nobody is forgotten."""

    def coverage(day, *options, key="street"):
        table = street.ok("visit", "coverage", "--to", day, "--json", *options, key=key).json()
        names = ("due_count", "in_time_count", "late_count", "missing_count", "unconfirmed_count")
        units = table["rows"] + [table["total"]]
        return table, {(row["unit"] or "all")[-3:]: [row[name] for name in names] for row in units}

    table, counts = coverage("2021-10-20")
    assert counts == {"001": [2, 2, 0, 0, 0], "002": [2, 2, 0, 0, 0], "003": [0, 0, 0, 0, 1], "all": [4, 4, 0, 0, 1]}
    assert [(line["clause"]["code"], line["warn_from"], line["last_day"]) for line in table["deadlines"]] == [
        ("BS-3.3a", "2021-10-11", "2021-10-20")]
    assert coverage("2021-07-31")[1]["all"] == [4, 2, 0, 2, 2]
    assert coverage("2021-12-31", "--from", "2021-08-09")[1]["all"] == [4, 2, 0, 2, 1]
    assert coverage("2021-10-20", key="elsewhere")[1]["all"] == [0, 0, 0, 0, 0]

    missed = street.ok("visit", "missing", "--to", "2021-07-31", "--json", key="street").json()
    assert {(line["household"], line["due"], line["overdue"]) for line in missed["households"]} == {
        (homes[3], True, False), (homes[4], True, False), (homes[5], False, False), (homes[6], False, False)}
    late = street.ok("visit", "missing", "--from", "2021-08-09", "--to", "2021-12-31", key="street")
    assert "逾期" in late.out and "待认定" in late.out and "2021-07-03" in late.out and "共 3 户未走访" in late.err


def test_the_quarter_list_and_its_differences(street, homes, special):
    """The parents of the special families are the members whose list goes up each quarter."""
    husband = next(line["person"] for line in street.show(homes[1])["members"] if line["role"] == "husband")
    tell(street, {"command": "record_death", "household": homes[1], "occurred_on": "2021-09-02", "person": husband})
    street.ready(projected=True)

    def roll(quarter, *options, key="street"):
        return street.ok("report", "roll", "--clause", "BS-3.4", "--quarter", quarter, *options, key=key)

    def changes(quarter, **options):
        lines = roll(quarter, "--known-at", "2099-12-31", "--json", **options).json()["lines"]
        return sorted((line["household"], line["role"], line["change"]) for line in lines)

    parents = [(homes[family], role) for family in (1, 2, 3, 4) for role in ("丈夫", "妻子")]
    assert changes("2021-Q2") == sorted((*line, "added") for line in parents)
    third = [(*line, "died" if line == (homes[1], "丈夫") else "kept") for line in parents]
    assert changes("2021-Q3") == sorted(third)
    assert changes("2021-Q4") == sorted((*line, "kept") for line in parents if line != (homes[1], "丈夫"))
    assert changes("2021-Q3", key="elsewhere") == []
    assert len(changes("2021-Q3", key="community")) == 4
    shown = roll("2021-Q3", "--known-at", "2099-12-31", "--changes")
    assert "退出：死亡" in shown.out and "陈**" in shown.out and couple(301)[1]["姓名"] not in shown.out
    assert "在册 7 人" in shown.err
    # Nothing of all this was known when the quarter ended: the list as it was then is empty.
    assert roll("2021-Q3", "--json").json()["lines"] == []
    refused = street.carectl("report", "roll", "--clause", "BS-3.4", "--quarter", "2021-07", key="street")
    assert refused.code == 64 and "CARE-6264" in refused.err


def test_goods_reach_every_family_once_with_a_receipt(street, homes, special):
    """BS-3.2: who got the year's cleaning goods, with the slip or why there is none, and who is still without."""
    rights = ("--right", "command", "--right", "query")
    street.new_key("giver", "--division", STREET, "--department", "org.community", *rights)
    street.new_key("welfare", "--division", STREET, "--department", "dept.civil_affairs", *rights)
    slip = street.folder / "slip.png"
    slip.write_bytes(png(7))
    asked = ("--clause", "BS-3.2", "--period", "2021", "--as-of", "2021-12-31")

    def give(family, *words, on="2021-11-12", period="2021", key="giver", code=None):
        said = street.carectl(
            "handout", "record", homes[family], "BS-3.2", "--period", period, "--on", on, *words, key=key)
        assert (said.code != 0 and code in said.err) if code else said.code == 0, said

    def counts(key="street"):
        table = street.ok("handout", "coverage", *asked, "--json", key=key).json()
        assert (table["deadline"]["warn_from"], table["deadline"]["last_day"]) == ("2021-11-11", "2021-11-20")
        names = ("due_count", "received_count", "late_count", "receipt_count", "missing_count", "unconfirmed_count")
        return {(row["unit"] or "all")[-3:]: [row[name] for name in names] for row in table["rows"] + [table["total"]]}

    def listed(*options, key="street"):
        found = street.ok("handout", "list", *asked, "--json", *options, key=key).json()
        return {line["household"]: line for line in found["households"]}

    assert counts() == {"001": [2, 0, 0, 0, 2, 0], "002": [2, 0, 0, 0, 2, 0], "003": [0, 0, 0, 0, 0, 1],
                        "all": [4, 0, 0, 0, 4, 1]}
    wife, goods = ("--to", "wife", "--receipt", slip), ("--item", "detergent=2", "--item", "towel")
    give(1, *goods, *wife)
    give(1, *goods, *wife, on="2021-11-13", code="CARE-1796")
    give(2, *goods, "--relation", "neighbour", "--to-name", "赵邻居", "--no-receipt", "nobody_home", on="2021-11-21")
    give(3, *goods, *wife, key="welfare", code="CARE-1799")
    give(3, *goods, *wife, period="2021-q4", code="CARE-1795")
    give(3, *goods, *wife, on="2020-12-31", code="CARE-1424")
    give(3, "--item", "gold=1", *wife, code="CARE-1405")
    give(3, *goods, "--to", "only_child", "--receipt", slip, code="CARE-1421")
    give(3, *goods, "--to", "wife", code="CARE-6427")
    give(6, *goods, *wife, code="CARE-1797")
    street.ready(projected=True)

    assert counts() == {"001": [2, 2, 1, 1, 0, 0], "002": [2, 0, 0, 0, 2, 0], "003": [0, 0, 0, 0, 0, 1],
                        "all": [4, 2, 1, 1, 2, 1]}
    assert set(counts(key="elsewhere")) == {"all"} and set(listed(key="community")) == {homes[1], homes[2]}
    families = listed()
    first, second = families[homes[1]], families[homes[2]]
    assert first["receipt"].startswith("sha256:") and first["receipt_type"] == "png" and not first["late"]
    assert [(item["goods"]["text"], item["count"]) for item in first["items"]] == [("洗衣液", 2), ("毛巾", 1)]
    assert (second["relation"]["code"], second["no_receipt"]["code"], second["late"]) == ("neighbour", "nobody_home", True)
    assert first["receiver_role"] == "妻子" and second["receiver_role"] is None
    shown = street.ok("handout", "list", *asked, key="street").out
    assert "领取人" in shown and "妻子" in shown and "邻居（代领）" in shown
    assert set(listed("--state", "missing")) == {homes[3], homes[4]}
    # A quarter long before the document is an empty list.
    old = ("report", "roll", "--clause", "BS-3.2", "--quarter", "0500-Q4", "--json")
    assert street.ok(*old, key="street").json()["lines"] == []
    shown = street.ok("handout", "list", *asked, key="street").out
    page = street.ok("household", "show", homes[2], key="street").out
    assert "逾期未发" in shown and "【实物发放】共 1 条" in page and "洗衣液×2、毛巾×1" in page and "无：家中无人" in page
    assert "赵邻居" not in shown + page and "赵**（邻居）" in page

    change = ("--reason", "typing_error")
    late = ("handout", "correct", homes[2], second["sequence"], *change)
    street.ok(*late, "--on", "2021-11-20", key="giver")
    street.ok(*late, "--item", "soap=3", key="giver")
    gone = ("handout", "withdraw", homes[1], first["sequence"], *change)
    refused = street.carectl(*gone, key="welfare")
    assert refused.code != 0 and "CARE-1799" in refused.err, refused
    street.ok(*gone, key="giver")
    street.ready(projected=True)
    assert counts()["001"] == [2, 1, 0, 0, 1, 0]
    page = street.ok("household", "show", homes[2], key="street").out
    assert "肥皂香皂×3" in page and "赵**（邻居）" in page and "2021-11-20" in page
    give(1, *goods, *wife, on="2021-11-18")
    street.ready(projected=True)
    roll = street.ok("report", "roll", "--clause", "BS-3.2", "--quarter", "2021-Q4", "--known-at", "2099-12-31", "--json",
                     key="street").json()["lines"]
    assert {line["household"]: line["handed_out_on"] for line in roll} == {
        homes[1]: "2021-11-18", homes[2]: "2021-11-20", homes[3]: None, homes[4]: None}


def test_who_sees_less_counts_less(street, forms):
    assert [row[:2] for row in rows(annex(street, "--csv", key="community").out)[4:]] == [[STREET + "001 博山区", "2"]]
    assert len(rows(annex(street, "--csv", key="elsewhere").out)) == 5
    assert annex(street, "--division", STREET + "002", "--json", key="community").json()["rows"] == []
    later = street.carectl("report", "annex4", "--as-of", "2021-10-20", "--from", "2021-10-21", key="street")
    assert later.code == 64 and "CARE-6261" in later.err


def test_what_was_sent_upward_stays(street, homes, special):
    """The summary and the quarter's list as they were sent, without names; a form that comes late changes the present only."""
    annex4 = ("report", "annex4", "--as-of", "2021-10-20", "--division", STREET)
    street.new_key("bystander", "--division", STREET, "--department", "dept.civil_affairs", "--right", "command", "--right", "query")
    stranger = street.carectl(*annex4, "--send", key="bystander")
    assert stranger.code != 0 and "CARE-1473" in stranger.err and "村（居）" in stranger.err, stranger
    sent = street.ok(*annex4, "--send", "--json").json()
    assert "相同" in street.ok(*annex4, "--send").err
    roll = ("report", "roll", "--clause", "BS-3.4", "--quarter", "2021-Q3", "--division", STREET)
    listed = len(street.ok(*roll, "--known-at", "2099-12-31", "--json", "--send").json()["lines"])
    reports = {one["kind"]: one for one in street.ok("report", "list", "--json").json()["reports"]}
    first = street.ok("report", "show", reports["annex4"]["report"]).out
    assert json.loads(first) == sent
    frozen = street.ok("report", "show", reports["roll"]["report"]).out
    assert len(json.loads(frozen)["lines"]) == listed and homes[1] in frozen
    assert not [row["姓名"] for number in (301, 302) for row in couple(number) if row["姓名"] in frozen] and "*" not in frozen
    late = [form(homes, 6, "2021-10-19", "nnnnn", 大病救助需求="3")]
    counts, said = street.import_file(write_roster(street.folder / "late.csv", late))
    assert counts == {"changed": 1}, said
    street.ready(projected=True)
    assert street.ok(*annex4, "--json").json() != sent
    refused = street.carectl(*annex4, "--send")
    assert refused.code == 1 and "CARE-6555" in refused.err, refused
    street.ok(*annex4, "--send", "--reason", "late_form")
    assert street.ok("report", "show", reports["annex4"]["report"], "--version", "1").out == first
    assert street.ok("report", "show", reports["annex4"]["report"]).out != first


def test_the_mark_for_a_first_visit_is_for_the_departments_that_the_pack_names(street, homes):
    home = homes[1]
    tell(street, {"command": "state_fact", "household": home, "occurred_on": "2021-07-01",
                  "fact": "household.visit_priority", "value": {"code": "petition"}, "source": "statement"})
    street.ready(projected=True)

    def said(key):
        return [
            street.ok("household", "show", home, "--json", key=key), street.ok("household", "show", home, key=key),
            street.ok("household", "export", home, "--canonical", key=key),
            street.ok("log", "view", "--limit", "0", "--json", key=key),
            street.ok("household", "why", home, "BS-5.3a", "--on", "2021-07-02", key=key),
            street.ok("household", "find", "--json", key=key)]

    def told(key):
        return [text.arguments[:2] for text in said(key) if "petition" in text.out]

    assert told("community") and told("street")
    for key in ("civil", "carectl"):
        assert told(key) == [], key
        # Named as kept back, of this family and of one that has no mark alike; the reason of the order is kept back as well.
        for family in (home, homes[2]):
            page = street.ok("household", "show", family, "--json", key=key).json()
            assert "household.visit_priority" in page["withheld_facts"], key
            assert not [line for line in page["facts"] if line["fact"] == "household.visit_priority"], key
        why = street.ok("household", "why", home, "BS-5.3a", "--on", "2021-07-02", key=key).out
        assert "遮" in why and "重点走访标记" in why, why
    counted = ("log", "view", "--limit", "0", "--json", "--type", "FactStated", "--where",
               "data.fact == 'household.visit_priority'")
    (mark,) = [line["sequence"] for line in street.ok(*counted, key="community").lines()]
    assert street.ok("log", "get", f"household-{home}", str(mark), key="community").out
    refused = street.carectl("log", "get", f"household-{home}", str(mark), key="civil")
    assert refused.code == 77 and "CARE-6333" in refused.err and not refused.out, refused
    assert "withheld_facts" not in street.ok("household", "show", home, "--json", key="community").json()
    assert not street.ok(*counted, key="civil").out.strip()


def test_photos_are_photos_each_counted_once(street):
    """BS-4.6a asks for five to ten photos: a text is none, and one photo under five names is one."""
    street.new_key("sender", "--division", STREET + "001", "--department", "org.community", "--right", "command", "--right",
                   "query")
    done = ("duty", "done", "BS-4.6a", "--pack", "boshan-2021", "--division", STREET + "001", "--period", "2021",
            "--on", "2021-11-20")

    def report(*files, code=None):
        words = [word for file in files for word in ("--file", file)]
        said = street.carectl(*done, *words, key="sender")
        assert (said.code != 0 and code in said.err) if code else said.code == 0, said
        return said

    def write(name, content):
        path = street.folder / name
        path.write_bytes(content)
        return path

    photos = [write(f"visit{number}.png", png(number)) for number in range(5)]
    said = report(*[photos[0]] * 5, code="CARE-6629")
    assert "同一份内容" in said.err and "CARE-1010" not in said.err
    report(*[write(f"note{number}.jpg", b"%d\n" % number) for number in range(5)], code="CARE-6506")
    report(*photos[:4], write("short.jpg", b"\xff\xd8\xff"), code="CARE-6542")
    report(*photos, write("report.txt", "开展了五次走访。\n".encode()))
    told = street.ok("duty", "show", *done[2:-2], "--json").json()["said"][0]["evidence"]
    assert told["types"] == ["png"] * 5 + ["text"] and told["unchecked"] == 0, told


def test_a_duty_is_owed_in_one_book_and_seen_in_the_others(street):
    """BS-4.2 is the sub-district's, BS-4.6a each community's: what one level did is overdue nowhere else."""
    village = STREET + "001"
    street.new_key("office", "--division", STREET, "--department", "org.township", "--right", "command", "--right", "query")
    street.ok("duty", "done", "BS-4.2", "--pack", "boshan-2021", "--division", STREET, "--period", "2021-q3", "--on",
              "2021-09-29", "--paper", "q3", key="office")

    def listed(division, key):
        said = street.carectl("duty", "list", "--pack", "boshan-2021", "--division", division, "--year", "2021", "--as-of",
                              "2021-12-01", "--json", key=key)
        own = [line for line in said.json()["duties"] if not line["elsewhere"]]
        assert said.code == (1 if any(line["state"] == "overdue" for line in own) else 0), said
        return {(line["clause"], line["period"]): line for line in said.json()["duties"]}

    ours, theirs = listed(STREET, "office"), listed(village, "sender")
    assert not ours["BS-4.2", "2021-q3"]["elsewhere"] and ours["BS-4.2", "2021-q3"]["state"] == "done"
    seen = theirs["BS-4.2", "2021-q3"]
    assert seen["elsewhere"] and seen["state"] == "done", seen
    assert seen["holders"] == [{"division": STREET, "state": "done", "done_on": "2021-09-29"}]
    assert not theirs["BS-4.6a", "2021"]["elsewhere"] and theirs["BS-4.6a", "2021"]["state"] == "done"
    seen = ours["BS-4.6a", "2021"]
    assert seen["elsewhere"] and {"division": village, "state": "done", "done_on": "2021-11-20"} in seen["holders"], seen
    table = street.carectl("duty", "list", "--pack", "boshan-2021", "--division", village, "--year", "2021", "--as-of",
                           "2021-12-01", key="sender").out
    assert "乡镇（街道）" in table and "org.township" not in table and "本级" in table, table
    calendar = street.ok("rules", "calendar", "boshan-2021", "--year", "2021", "--on", "2021-12-01", "--division", village,
                         "--json", key="sender").json()["lines"]
    assert all(line["state"] != "overdue" for line in calendar
               if line["clause"] == "BS-4.2" and line["last_day"] == "2021-09-30"), calendar


def test_both_family_types_are_taken_in_and_marked(street, homes):
    table = [{**form(homes, 6, "2021-11-02", "nnnnn"), "家庭类型": "失独、残疾"}]
    counts, said = street.import_file(write_roster(street.folder / "both.csv", table))
    assert counts == {"changed": 1} and "都勾了" in said, said
    street.ready(projected=True)
    shown = street.ok("report", "annex4", "--as-of", "2021-11-03", "--csv", key="street").out
    assert "家庭类型两项都勾 1 户待核" in shown, shown


def test_two_departments_that_disagree_stand_side_by_side_and_the_pack_says_whose_word_counts(street, homes):
    home = homes[6]
    for name, division, department in (
            ("affairs", "370304", "dept.health_commission"), ("village", STREET + "003", "org.community")):
        street.new_key(name, "--division", division, "--department", department, "--right", "query", "--right", "command")
    fact = {"command": "state_fact", "household": home, "occurred_on": "2021-07-15", "fact": "household.special_family"}
    # Civil affairs does not keep the files: neither what the family is nor what is kept from it (遮) is its to say.
    wife = next(member["person"] for member in street.show(home)["members"] if member["role"] == "wife")
    street.new_key("welfare-writer", "--division", "370304", "--department", "dept.civil_affairs")
    others = [
        (fact | {"value": False, "source": "certificate"}, "CARE-1488"),
        (fact | {"fact": "person.account_ref", "person": wife, "value": {"reference": "x"}, "source": "form"},
         "CARE-1496"),
        ({"command": "close_household", "household": home, "occurred_on": "2021-07-15", "reason": "moved_away"},
         "CARE-1489")]
    file = street.folder / "others.ndjson"
    file.write_text("".join(json.dumps(line) + "\n" for line, _ in others), encoding="utf-8")
    for options in (("--dry-run",), ()):
        counts, said = street.import_file(file, "--key", "welfare-writer", *options, code=1)
        assert counts == {"refused": 3} and all(code in said for _, code in others), said
    for key, value, source in (("affairs", True, "certificate"), ("village", False, "statement")):
        file = street.folder / f"{key}.ndjson"
        file.write_text(json.dumps({**fact, "value": value, "source": source}) + "\n", encoding="utf-8")
        street.import_file(file, "--key", key)
    street.ready(projected=True)
    page = street.ok("household", "show", home, "--as-of", "2021-07-20", "--json").json()
    (line,) = [line for line in page["facts"] if line["fact"] == "household.special_family"]
    assert line["value_text"] == "是" and line["department"]["code"] == "dept.health_commission", line
    (rival,) = line["rivals"]
    assert (rival["value_text"], rival["department"]["code"], rival["reason"]) == ("否", "org.community", "source")
    shown = street.ok("household", "show", home, "--as-of", "2021-07-20").out
    assert "【陈述不一致】共 1 条" in shown and "不采用：来源先后在后" in shown
    why = street.ok("household", "why", home, "BS-3.2", "--on", "2021-07-20").out
    assert "另有陈述：否（村（居），本人陈述，事件 " in why, why


def test_a_family_that_was_taken_in_does_not_get_the_goods_twice(street, homes):
    """A widower's file got the year's goods and went on in his daughter-in-law's: it is one family, and gets them once."""
    table = []
    for family, members in ((351, slice(1, 3)), (352, slice(0, 1))):
        table += couple(family, 户标识=f"m{family}", 档案号=number(family), 建档日期="2021-03-01",
                        区划代码=STREET + "001")[members]
    counts, said = street.import_file(write_roster(street.folder / "merging.csv", table))
    assert counts == {"new": 2}, said
    street.ready(projected=True)
    source, target = (street.households("--number", number(family))[0]["household"] for family in (351, 352))
    tell(street, *[
        {"command": "state_fact", "household": home, "occurred_on": "2021-03-01", "fact": "household.special_family",
         "value": True, "source": "form"} for home in (source, target)])
    street.ready(projected=True)
    street.new_key("bearer", "--division", STREET, "--department", "org.community", "--right", "command", "--right", "query")
    goods = ("--item", "detergent=2", "--no-receipt", "declined")

    def give(home, to, on, period="2021"):
        return street.carectl("handout", "record", home, "BS-3.2", "--period", period, "--on", on, "--to", to, *goods,
                              key="bearer")

    assert give(source, "husband", "2021-11-12").code == 0
    tell(street, {"command": "merge_household", "household": source, "occurred_on": "2021-12-01", "into": target})
    street.ready(projected=True)
    refused = give(target, "wife", "2021-12-10")
    assert refused.code != 0 and "CARE-1429" in refused.err and "2021-11-12" in refused.err, refused

    # The list counts it under the family that goes on, names the file, and there it is put right.
    asked = ("--clause", "BS-3.2", "--period", "2021", "--as-of", "2021-12-31", "--json")

    def entry():
        found = street.ok("handout", "list", *asked, key="bearer").json()["households"]
        return next(one for one in found if one["household"] == target)

    counted = entry()
    assert (counted["state"], counted["day"], counted["file"]) == ("received", "2021-11-12", source), counted
    assert all(one["household"] != source for one in street.ok("handout", "list", *asked, key="bearer").json()["households"])
    roll = street.ok("report", "roll", "--clause", "BS-3.2", "--quarter", "2021-Q4", "--known-at", "2099-12-31", "--json",
                     key="bearer").json()["lines"]
    (line,) = [one for one in roll if one["household"] in (source, target) and one["handed_out_on"]]
    assert (line["household"], line["handed_out_on"]) == (target, "2021-11-12"), line
    wrong = ("--reason", "typing_error")
    missing = street.carectl("handout", "withdraw", target, "400", *wrong, key="bearer")
    assert missing.code != 0 and "CARE-1426" in missing.err, missing
    assert give(source, "husband", "2021-11-13", "2022").code != 0
    late = street.carectl("handout", "correct", source, counted["sequence"], *wrong, "--on", "2021-12-02", key="bearer")
    assert late.code != 0 and "CARE-1435" in late.err and target in late.err, late
    street.ok("handout", "correct", source, counted["sequence"], *wrong, "--item", "soap=3", key="bearer")
    street.ok("handout", "withdraw", source, counted["sequence"], *wrong, key="bearer")
    street.ready(projected=True)
    assert entry()["state"] == "missing"
    assert give(target, "wife", "2021-12-10").code == 0
