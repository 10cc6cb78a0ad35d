"""Files that people keep by hand: a line added or taken away leaves the rest as it was."""

import pytest

from riskdata.tables.manual import add_line, read_table, remove_line

COLUMNS = ("board", "text", "by")
ROW = {"board": "Socialnämnden", "text": 'Brist på "rätt" personal; ofta', "by": "Åsa"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_line_added_and_taken_leaves_the_file_as_it_was(tmp_path, encoding, newline, end):
    """Encoding, delimiter, order of columns, line ends and extra columns of the user's are kept."""
    path = tmp_path / "links.csv"
    text = 'text;board;egen;by\n"två\nrader";Kulturnämnden;x;Åke'
    path.write_bytes((text + end).replace("\n", newline).encode(encoding))
    old = path.read_bytes().decode(encoding)
    line = add_line(path, ROW, COLUMNS)
    assert path.read_bytes().decode(encoding).startswith(old)
    assert {name: read_table(path, COLUMNS)[-1][name] for name in COLUMNS} == ROW
    assert remove_line(path, line)
    assert path.read_bytes().decode(encoding).rstrip("\r\n") == old.rstrip("\r\n")


def test_a_new_file_opens_rightly_in_excel(tmp_path):
    """A file that is made has a heading and a byte order mark."""
    path = tmp_path / "manual" / "links.csv"
    add_line(path, ROW, COLUMNS)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfboard,text,by")


def test_a_letter_that_windows_lacks_is_kept(tmp_path):
    """A text that Windows-1252 has no letter for makes the file UTF-8, and loses nothing."""
    path = tmp_path / "links.csv"
    path.write_bytes("board,text,by\nSocialnämnden,Åtgärd,Åke\n".encode("cp1252"))
    add_line(path, ROW | {"text": "Mål ≥ 12"}, COLUMNS)
    assert [row["text"] for row in read_table(path, COLUMNS)] == ["Åtgärd", "Mål ≥ 12"]


def test_a_line_that_is_not_there_takes_nothing_away(tmp_path):
    """To undo twice does nothing the second time."""
    path = tmp_path / "links.csv"
    line = add_line(path, ROW, COLUMNS)
    add_line(path, ROW | {"by": "Ola"}, COLUMNS)
    assert remove_line(path, line) and not remove_line(path, line)
    assert [row["by"] for row in read_table(path, COLUMNS)] == ["Ola"]
