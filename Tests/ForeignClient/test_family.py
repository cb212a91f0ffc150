"""The whole way through running services."""

import family


def test_a_family_is_registered_paired_read_and_followed(services, capsys):
    argv = [part for option, value in services.items() for part in (option, value)]
    code = family.main(argv)
    assert code == 0, capsys.readouterr().err


def test_what_failed_is_said_in_one_line(capsys, tmp_path):
    file = tmp_path / "key"
    file.write_text('curve\n    public-key = "' + "a" * 40 + '"\n')
    argv = ["--intake", "tcp://127.0.0.1:9", "--archive", "tcp://127.0.0.1:9", "--intake-key", "c" * 40,
            "--archive-key", "c" * 40, "--key-file", str(file)]
    assert family.main(argv) == 1
    assert "secret-key" in capsys.readouterr().err
