"""Rule packs through the front door: published once, refused with the place of a mistake, never too large to start with."""

import re

from deployment import REPOSITORY
from offices import couple, helpers, write_roster

PACK = REPOSITORY / "Sources/RulePacks/Packs/chenzhou-2014/2014-07-16.yaml"
LARGEST = 1 << 20


def test_a_pack_is_published_once(shared):
    again = shared.ok("rules", "publish", "chenzhou-2014")
    assert not again.out and "已发布过" in again.err
    listed = shared.ok("rules", "ls", "--json").json()
    assert [(pack["pack"], pack["effective_from"]) for pack in listed["packs"]] == [("chenzhou-2014", "2014-07-16")]


def test_what_is_published_is_not_replaced_by_publishing(shared, tmp_path):
    """Other bytes from the same first day would change past months; only adopt may, which asks and says from when."""
    file = tmp_path / "same.yaml"
    file.write_text(PACK.read_text().replace("value: 300, unit: yuan", "value: 350, unit: yuan", 1))
    before = shared.ok("rules", "ls", "--json").json()["packs"]
    refused = shared.carectl("rules", "publish", file)
    assert refused.code == 1 and not refused.out and "CARE-6192" in refused.err and "rules adopt" in refused.err, refused
    assert shared.ok("rules", "ls", "--json").json()["packs"] == before
    assert [(pack["counts"], pack["replaced_by"]) for pack in before] == [(True, None)]


def test_a_mistake_that_lint_finds_is_not_published(shared, tmp_path):
    """A payer nobody knows: lint counts it as a mistake, with line and column, and publishing refuses it the same way."""
    file = tmp_path / "payer.yaml"
    text = PACK.read_text().replace("valid_from: 2014-07-16", "valid_from: 2030-01-01", 1)
    place = text.index("shares: {") + len("shares: {")
    file.write_text(text[:place] + "santa: 1, " + text[place:])
    line = text[:place].count("\n") + 1
    found = shared.carectl("rules", "lint", file)
    assert found.code == 1 and f"payer.yaml:{line}:" in found.out and "1 处错误" in found.err, found
    refused = shared.carectl("rules", "publish", file)
    assert refused.code == 65 and "CARE-6101" in refused.err and f"payer.yaml:{line}:" in refused.err, refused
    assert "lint.unknown_payer" in refused.err
    assert len(shared.ok("rules", "ls", "--json").json()["packs"]) == 1


def test_a_mistake_is_named_with_its_line(shared, tmp_path):
    file = tmp_path / "2014-07-16.yaml"
    text = PACK.read_text()
    line = text[:text.index("care.age(m) >= 49")].count("\n") + 1
    file.write_text(text.replace("care.age(m) >= 49", "care.age(m) >= forty_nine", 1))
    answer = shared.carectl("rules", "publish", file)
    assert answer.code == 65 and "CARE-6101" in answer.err, answer
    assert re.search(rf"\b{line}\b", answer.err) and "forty_nine" in answer.err


def test_a_parameter_needs_the_right_and_its_form(shared):
    wrong = shared.carectl("rules", "set-parameter", "chenzhou-2014", "national_special_assistance", "much", "--from",
                           "2026-01-01", "--for", "urban", "--for", "death")
    assert wrong.code == 64 and "CARE-6174" in wrong.err, wrong
    refused = shared.carectl("rules", "set-parameter", "chenzhou-2014", "national_special_assistance", "620", "--from",
                             "2026-01-01", "--for", "urban", "--for", "death", key="clerk")
    assert refused.code == 77 and "CARE-1107" in refused.err, refused
    shared.ok("rules", "set-parameter", "chenzhou-2014", "national_special_assistance", "620.00", "--from",
              "2026-01-01", "--for", "urban", "--for", "death")
    values = shared.ok("rules", "ls", "--json").json()["parameters"]
    assert [(value["keys"], value["from"]) for value in values] == [(["urban", "death"], "2026-01-01")]


def test_what_a_parameter_stands_in_place_of_is_said_before_and_after_it_is_set(shared):
    """A value without an end covers figures that the pack publishes from a later day; ls says which counts when."""
    setting = ("rules", "set-parameter", "chenzhou-2014", "national_special_assistance", "400", "--from", "2022-06-01",
               "--for", "rural", "--for", "disability")
    preview = shared.ok(*setting, "--dry-run")
    assert "CARE-1487" in preview.err and "自 2022-07-01 起的 460.00" in preview.err, preview
    assert all(value["keys"] != ["rural", "disability"]
               for value in shared.ok("rules", "ls", "--json").json()["parameters"])
    answer = shared.ok(*setting)
    assert "CARE-1487" in answer.err and "自 2022-06-01 起的 350.00" in answer.err, answer
    listed = shared.ok("rules", "ls", "--json").json()
    own = [value for value in listed["parameters"] if value["keys"] == ["rural", "disability"]]
    assert [value["counts"] for value in own] == [[{"from": "2022-06-01", "until": None}]]
    figures = {value["from"]: value for value in listed["figures"] if value["keys"] == ["rural", "disability"]}
    assert figures["2022-05-11"]["counts"] == [{"from": "2022-05-11", "until": "2022-06-01"}]
    assert figures["2022-07-01"]["counts"] == [] and figures["2022-07-01"]["published"] is True
    assert [value["value"] for value in figures["2022-07-01"]["covered_by"]] == ["400.00"]
    assert "不适用，由设定的 400.00（自 2022-06-01）代替" in shared.ok("rules", "ls").out


def test_a_parameter_that_holds_on_no_day_is_not_set(shared):
    setting = ("rules", "set-parameter", "chenzhou-2014", "cz.orphan_standard")
    ended = shared.carectl(*setting, "600", "--from", "2018-01-01", "--until", "2017-01-01")
    assert ended.code == 64 and "CARE-6193" in ended.err, ended
    below = shared.carectl(
        *setting, "--from", "2018-01-01", "--config", shared.config, "--", "-1", config=False)
    assert below.code == 64 and "CARE-6174" in below.err and "-1.00" in below.err, below
    option = shared.carectl(*setting, "-1", "--from", "2018-01-01")
    assert option.code == 64 and "-- -1" in option.err, option


def test_the_last_day_of_a_parameter_can_be_said_instead_of_the_first_without_it(shared):
    setting = ("rules", "set-parameter", "chenzhou-2014", "cz.funeral_subsidy")
    both = shared.carectl(*setting, "900", "--from", "2020-01-01", "--until", "2021-01-01", "--through", "2020-12-31")
    assert both.code == 64 and "--through" in both.err, both
    early = shared.carectl(*setting, "900", "--from", "2020-01-01", "--through", "2019-12-31")
    assert early.code == 64 and "CARE-6193" in early.err and "--through 2019-12-31" in early.err, early
    wrong = shared.carectl(*setting, "900", "--from", "2020-01-01", "--through", "2020-02-30")
    assert wrong.code == 64 and "--through" in wrong.err, wrong

    def known():
        return [(value["value"], value["from"], value["until"])
                for value in shared.ok("rules", "ls", "--json").json()["parameters"]
                if value["parameter"] == "cz.funeral_subsidy"]

    assert known() == []
    shared.ok(*setting, "900", "--from", "2020-01-01", "--through", "2020-12-31")
    shared.ok(*setting, "901", "--from", "2021-01-01", "--through", "2021-01-01")
    assert [days[1:] for days in known()] == [("2020-01-01", "2021-01-01"), ("2021-01-01", "2021-01-02")]


def test_a_large_pack_can_be_read_by_all_who_start_later(deploy, tmp_path):
    """As large as a pack may be, and as an event larger than one answer of the archive; comments are published too."""
    deployment = deploy().up()
    file = tmp_path / "2020-01-01.yaml"
    content = PACK.read_bytes().replace(b"valid_from: 2014-07-16", b"valid_from: 2020-01-01")
    line = ("# " + "注" * 30 + "\n").encode()
    content += line * ((LARGEST - 1 - len(content)) // len(line))
    file.write_bytes(content + b"#" * (LARGEST - len(content) - 1) + b"\n")
    assert file.stat().st_size == LARGEST
    deployment.ok("rules", "publish", file)
    deployment.stop()
    deployment.start()
    deployment.ready()
    counts, said = deployment.import_file(write_roster(tmp_path / "roster.csv", couple(1, **helpers(1))))
    assert counts == {"new": 1}, said
    deployment.ready(projected=True)
    assert len(deployment.ok("rules", "ls", "--json").json()["packs"]) == 2
    page = deployment.show(deployment.households()[0]["household"])
    assert {line["pack_version"] for line in page["entitlements"]} >= {"chenzhou-2014@2020-01-01"}


def test_the_duties_of_a_year(shared):
    """Boshan's timetable (附件2) as days: quarter ends, the middle ten days of a month, the 25th, the end of November."""
    page = shared.ok("rules", "calendar", "boshan-2021", "--year", "2021", "--on", "2021-10-15", "--json").json()
    days = {}
    for line in page["lines"]:
        days.setdefault(line["clause"], []).append((line["warn_from"], line["last_day"], line["state"]))
    assert days["BS-3.3a"] == [("2021-10-11", "2021-10-20", "warned")]
    # In force since 1 April: the first quarter was asked of nobody.
    assert [day[1] for day in days["BS-4.1"]] == ["2021-06-30", "2021-09-30", "2021-12-31"]
    assert days["BS-4.6a"][0][1:] == ("2021-11-25", "ahead")
    dated = [line["last_day"] for line in page["lines"] if line["last_day"]]
    assert dated == sorted(dated)
    feasts = shared.ok("rules", "calendar", "chenzhou-2014", "--year", "2024", "--json").json()["lines"]
    spring = [line for line in feasts if line["holiday"] and line["holiday"]["zh"] == "春节"]
    assert spring and spring[0]["warn_from"] == "2024-02-03", spring
    assert "将到期" in shared.ok("rules", "calendar", "boshan-2021", "--year", "2021", "--on", "2021-10-15").out
