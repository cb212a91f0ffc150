"""The whole way through running services. Addresses and keys come from the environment."""

import os

import pytest

import family

WANTED = {
    "--intake": "GUANHUAI_INTAKE", "--archive": "GUANHUAI_ARCHIVE", "--intake-key": "GUANHUAI_INTAKE_KEY",
    "--archive-key": "GUANHUAI_ARCHIVE_KEY", "--key-file": "GUANHUAI_KEY_FILE",
}


def test_a_family_is_registered_paired_read_and_followed(capsys):
    missing = [name for name in WANTED.values() if name not in os.environ]
    if missing:
        pytest.skip("没有正在运行的服务 / no running services: set " + ", ".join(missing))
    argv = [part for option, name in WANTED.items() for part in (option, os.environ[name])]
    code = family.main(argv)
    assert code == 0, capsys.readouterr().err


def test_what_failed_is_said_in_one_line(capsys, tmp_path):
    file = tmp_path / "key"
    file.write_text('curve\n    public-key = "' + "a" * 40 + '"\n')
    argv = ["--intake", "tcp://127.0.0.1:9", "--archive", "tcp://127.0.0.1:9", "--intake-key", "c" * 40,
            "--archive-key", "c" * 40, "--key-file", str(file)]
    assert family.main(argv) == 1
    assert "secret-key" in capsys.readouterr().err
