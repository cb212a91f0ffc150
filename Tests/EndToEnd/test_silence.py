"""Nothing runs: whoever waits is told for whom, and what cannot wait ends with the usual code; wrong command lines are told in words."""

import signal

import pytest

from deployment import until


@pytest.fixture
def nobody(deploy, tmp_path):
    """A deployment of which no service runs, and a file of it."""
    (tmp_path / "photo.txt").write_text("照片")
    return deploy()


@pytest.mark.long
def test_who_does_not_answer_is_named_and_one_shot_commands_end(nobody, tmp_path):
    asked = {
        "keep": ("log", "keep", tmp_path / "kept", "--once"),
        "add": ("attachment", "add", tmp_path / "photo.txt", "--division", "431002"),
        "verify": ("drill", "verify", "--wait", "5s", "--lang", "en"),
        "find": ("household", "find"),
    }
    running = {name: nobody.background(*words, name=name) for name, words in asked.items()}

    def said(name):
        return (nobody.folder / f"{name}.err").read_text()

    words = {name: "没有应答" for name in asked} | {"verify": "has not answered yet"}
    for name, words_of_it in words.items():
        until(lambda: words_of_it in said(name), f"{name} says for whom it waits", 60)
        assert "care-archive" in said(name) and str(nobody.ports["archive"]) in said(name), said(name)
    for name, process in running.items():
        assert process.wait(60) == 69, said(name)
        assert "CARE-8013" in said(name), said(name)


def test_following_says_who_does_not_answer_and_when_it_answers_again(nobody):
    tail = nobody.background("log", "tail", name="tail")
    said = nobody.folder / "tail.err"
    until(lambda: "care-archive" in said.read_text() and "没有应答" in said.read_text(), "the silence is told", 60)
    nobody.start("care-archive")
    until(lambda: "又应答了" in said.read_text(), "the answer is told", 60)
    tail.send_signal(signal.SIGINT)
    assert tail.wait(60) == 130


def test_wrong_command_lines_are_told_in_both_languages(nobody):
    chinese = nobody.carectl("log", "tail", "--frm", "1")
    assert chinese.code == 64 and chinese.out == ""
    assert chinese.err.splitlines() == [
        "CARE-6300 没有选项 --frm；是否想写 --from？", "用法：carectl log tail [<options>] [<streams> ...]",
        "全部说明：carectl log tail --help",
    ]
    english = nobody.carectl("log", "tail", "--frm", "1", "--lang", "en")
    assert english.code == 64 and english.err.startswith("CARE-6300 Unknown option '--frm'. Did you mean '--from'?\nUsage: ")
    assert nobody.carectl("rules", "try", "--help").code == 0
