"""Files that cannot be what they should be: said in the user's words, with the place, and the good part goes in."""

import signal

import pytest

from deployment import until
from offices import couple, roster_bytes, write_roster
from recorder import Log

LINE = ('{"command":"register_household","household":{"ref":"f%d"},"occurred_on":"2014-08-01","division":"431002","area":"urban",'
        '"members":[{"person":{"name":"试%d"},"role":"single_parent","sex":"female","birth_date":"1960-01-01"}]}\n')


def refused(deployment, file, *options):
    """Imports a file that is refused as a whole, and returns what was said."""
    answer = deployment.carectl("case", "import", file, "--quiet", *options)
    assert answer.code == 65, answer
    assert "CARE-" in answer.err and not list(file.parent.glob(file.name + ".rejected*")), answer
    return answer.err


WHOLE = {
    "neither UTF-8 nor GB18030": (b"\xd0\xd5\xff\xfd,\x81\x20\r\n", "GB18030"),
    "damaged": (roster_bytes(couple(1))[:60] + b"\xff\xfe\xfd\x81\r\n", "UTF-8 文字在这里损坏"),
    "UTF-16": (roster_bytes(couple(1), "utf-16"), "UTF-16"),
    "a workbook": (b"PK\x03\x04" + bytes(200), "xlsx"),
    "an old workbook": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(200), "xls"),
    "empty": (b"", "空"),
    "another table": ("甲,乙\r\n1,2\r\n".encode(), "名册"),
    "without a column": ("姓名,身份\r\n李某,妻子\r\n".encode(), "区划代码"),
    "full-width commas": (roster_bytes(couple(1)).replace(b",", "，".encode()), "，"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_is_no_table_is_refused_whole(shared, tmp_path, name):
    content, word = WHOLE[name]
    file = tmp_path / "office.csv"
    file.write_bytes(content)
    assert word in refused(shared, file)
    assert word in refused(shared, file, "--dry-run")


def test_a_damaged_row_does_not_hold_up_the_others(shared, tmp_path):
    lines = roster_bytes(couple(101) + couple(102)).split(b"\r\n")
    # The second family's wife: a comma too many.
    lines[4] += b",1,2"
    file = tmp_path / "ragged.csv"
    file.write_bytes(b"\r\n".join(lines))
    counts, said = shared.import_file(file, code=1)
    assert (counts["new"], counts["refused"]) == (1, 1), said
    assert "第 5 行" in said


def test_text_cut_in_the_middle_of_a_character_is_placed(shared, tmp_path):
    file = tmp_path / "cut.csv"
    content = roster_bytes(couple(103))
    file.write_bytes(content[:content.rindex("陈".encode()) + 2])
    answer = shared.carectl("case", "import", file, "--quiet")
    assert answer.code in (1, 65) and "CARE-" in answer.err, answer


def test_a_half_written_line_is_refused_and_the_others_recorded(shared, tmp_path):
    file = tmp_path / "half.ndjson"
    whole = [LINE % (number, number) for number in range(3)]
    file.write_text("".join(whole) + (LINE % (9, 9))[:70])
    counts, said = shared.import_file(file, code=1)
    assert (counts["new"], counts["refused"]) == (3, 1), said
    assert "第 4 行" in said and "没有写完" in said
    beside = (tmp_path / "half.ndjson.rejected.ndjson").read_text()
    assert beside.count("\n") == 1 and '"line":4' in beside.replace(" ", "")
    assert "试9" not in said


def test_broken_lines_name_line_and_key_and_never_the_value(shared, tmp_path):
    file = tmp_path / "broken.ndjson"
    file.write_text(
        (LINE % (11, 11)).replace("single_parent", "aunt") + (LINE % (12, 12)).replace("2014-08-01", "2014-02-30")
        + "not json\n" + (LINE % (13, 13)).replace('"area"', '"aera"') + '{"command":"fly"}\n' + "[]\n"
        + (LINE % (14, 14)))
    counts, said = shared.import_file(file, code=1)
    assert (counts["new"], counts["refused"]) == (1, 6), said
    for place in ("members[0].role", "occurred_on", "第 3 行", "aera", "第 5 行", "第 6 行"):
        assert place in said, said
    assert "试11" not in said and "2014-02-30" not in said


def test_bytes_that_are_no_text_stop_at_their_line(shared, tmp_path):
    file = tmp_path / "bytes.ndjson"
    file.write_bytes((LINE % (21, 21)).encode() + b'{"command":"\xff\xfe"}\n' + (LINE % (22, 22)).encode())
    counts, said = shared.import_file(file, code=1)
    assert counts["new"] == 2 and counts["refused"] == 1 and "第 2 行" in said, said


@pytest.mark.parametrize("name", ["missing.csv", "folder"])
def test_a_file_that_is_not_there_is_said_to_be_not_there(shared, tmp_path, name):
    (tmp_path / "folder").mkdir()
    answer = shared.carectl("case", "import", tmp_path / name)
    assert answer.code == 64 and "CARE-6181" in answer.err and name in answer.err, answer


def test_an_interrupted_import_goes_on_where_it_was(shared, tmp_path):
    file = tmp_path / "long.ndjson"
    file.write_text(shared.ok("synthesize", "--households", "120", "--years", "4", "--seed", "77").out)
    lines = len(file.read_text().splitlines())
    log = Log(shared)
    before = log.length()
    running = shared.background("case", "import", file, "--json", "--quiet", name="long")
    # Asked without a pause: the interruption must come before the end.
    until(lambda: log.length() > before + 100, "the first events", 60, pause=0)
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 130, (shared.folder / "long.err").read_text()
    assert "CARE-6180" in (shared.folder / "long.err").read_text()
    counts, said = shared.import_file(file)
    assert counts["new"] + counts["changed"] + counts["repeated"] == lines, said
    assert counts["repeated"] > 0 and counts["refused"] == 0


def test_two_people_import_the_same_roster_at_once(shared, tmp_path):
    rows = [row for number in range(200, 230) for row in couple(number)]
    files = [write_roster(tmp_path / f"{name}.csv", rows) for name in ("one", "two")]
    running = [shared.background("case", "import", file, "--json", "--quiet", name=file.stem) for file in files]
    assert all(process.wait(60) in (0, 1) for process in running)
    shared.ready(projected=True)
    found = [line for line in shared.households() if (line["archive_number"] or "") in
             {f"CZ-{number:04d}" for number in range(200, 230)}]
    assert len(found) == 30
    counts, said = shared.import_file(files[0])
    assert counts["unchanged"] == 30, said
