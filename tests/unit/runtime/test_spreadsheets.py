"""Tables in files: what is read, and what is refused whole, each for its reason."""

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from shared.runtime.errors import DomainError
from shared.runtime.fields import MAX_ROWS
from shared.runtime.spreadsheets import (
    CSV,
    MAX_EXPANDED,
    XLSX,
    Line,
    columns_of,
    named,
    read,
    write,
)

TEXTS = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="=+-@＝＋－＠"), max_size=20)


def workbook(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def packed(**parts: bytes) -> bytes:
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return kept.getvalue()


def refusal(content: bytes, kind: str) -> str:
    with pytest.raises(DomainError) as raised:
        read(content, kind)
    return raised.value.code


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=5), max_size=8))
def test_what_is_written_is_read_in_both_kinds(rows: list[list[str]]) -> None:
    kept = StringIO(newline="")
    csv.writer(kept).writerows(rows)
    wanted = [(number, row) for number, row in enumerate(rows, 1) if any(row)]
    for encoding in ("utf-8", "utf-8-sig"):
        lines = read(kept.getvalue().encode(encoding), CSV)
        assert [(line.number, list(line.cells)) for line in lines] == wanted
    whole = [[*row, "|"] for row in rows]
    lines = read(workbook(*whole), XLSX) if whole else []
    assert [list(line.cells) for line in lines] == whole


def test_chinese_office_programs_are_understood() -> None:
    [line] = read("姓名,学校".encode("gb18030"), CSV)
    assert list(line.cells) == ["姓名", "学校"]


def test_cells_of_a_workbook_are_texts() -> None:
    [line] = read(workbook([date(2015, 9, 1), datetime(2015, 9, 1, 8), True, 7.0, 7, 1.5, None, " a "]), XLSX)  # noqa: DTZ001 - a cell has no zone
    assert list(line.cells) == ["2015-09-01", "2015-09-01T08:00:00", "true", "7", "7", "1.5", "", "a"]


KNOWN = {"a": "first", "b": "second"}


def table(cell: str, kind: str, *, column: str = "b") -> bytes:
    """A table of a head and one row, which holds a text in its second column."""
    rows = [["a", column], ["1", cell]]
    kept = StringIO(newline="")
    csv.writer(kept).writerows(rows)
    return kept.getvalue().encode() if kind == CSV else workbook(*rows)


COMPUTED = (
    "-无",
    "－无",
    "@qq",
    "+a 13800138000",
    "+86-13800138000",
    "+86 138/2",
    "--1",
    "-A1",
    "+1 A1",
    "－－无",
)
"""Texts near to those that nothing is computed from."""


@given(
    st.one_of(
        st.sampled_from(COMPUTED),
        st.builds(
            "".join,
            st.tuples(
                st.sampled_from(["", " ", "\t"]),
                st.sampled_from("=+-@＝＋－＠"),
                st.text("abcX(!|", min_size=1),
            ),
        ),
    ),
    st.sampled_from([CSV, XLSX]),
)
def test_a_formula_is_refused_where_it_is_read_and_nowhere_else(cell: str, kind: str) -> None:
    with pytest.raises(DomainError) as raised:
        named(read(table(cell, kind), kind), KNOWN, ["first"])
    assert (raised.value.code, raised.value.faults[0].path) == ("file.formula", "/2/B")
    assert named(read(table(cell, kind, column="c"), kind), KNOWN, ["first"]) == [(2, {"first": "1"})]


@pytest.mark.parametrize("kind", [CSV, XLSX])
@pytest.mark.parametrize(
    "text", ["-5", "+8613800000000", "+86 13800138000", "+86 138 0013 8000", "-1.5", "-", "--", "－－"]
)
def test_what_nothing_is_computed_from_is_no_formula(text: str, kind: str) -> None:
    assert named(read(table(text, kind), kind), KNOWN, ["first"]) == [(2, {"first": "1", "second": text})]


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        (110101199003070000.0, None),
        (1.5e17, None),
        (110101199003073010, None),
        (1_000_000_000_000_000, None),
        (-1e15, None),
        (999_999_999_999_999, "999999999999999"),
        (1.1, "1.1"),
        ("110101199003073010", "110101199003073010"),
    ],
)
def test_a_number_that_a_program_may_have_cut_is_refused_where_it_is_read(
    number: float | str, kept: str | None
) -> None:
    lines = read(workbook(["a", "b"], [number, None], [1, number]), XLSX)
    if kept is not None:
        assert [cells for _, cells in named(lines, {"a": "a", "b": "b"}, ["a"])] == [
            {"a": kept, "b": ""},
            {"a": "1", "b": kept},
        ]
        return
    with pytest.raises(DomainError) as raised:
        named(lines, {"a": "a", "b": "b"}, ["a"])
    told = [(fault.code, fault.path) for fault in raised.value.faults]
    assert (raised.value.code, told) == (
        "file.long_number",
        [("file.long_number", "/2/A"), ("file.long_number", "/3/B")],
    )
    assert named(lines[:2], {"b": "b"}, ["b"]) == [(2, {"b": ""})]


def test_a_file_is_what_its_content_is() -> None:
    assert refusal(workbook(["a"]), CSV) == "file.not_its_type"
    assert refusal(b"a,b\n1,2\n", XLSX) == "file.not_its_type"
    assert refusal(b"%PDF-1.7\n\0\0", CSV) == "file.not_its_type"
    assert refusal(packed(**{"a.txt": b"a"}), XLSX) == "file.not_its_type"
    assert refusal(b"\xff\xff\xff", CSV) == "file.encoding"
    assert refusal(b'a,"b', CSV) == "file.unreadable"
    assert refusal(workbook(["a"])[:-30], XLSX) == "file.unreadable"
    nothing = {"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}
    assert refusal(packed(**nothing), XLSX) == "file.unreadable"


def test_a_bomb_is_not_unpacked() -> None:
    bomb = packed(**{"[Content_Types].xml": b"", "xl/workbook.xml": b"\0" * (MAX_EXPANDED + 1)})
    assert len(bomb) < 100_000
    assert refusal(bomb, XLSX) == "file.expands"
    assert refusal(packed(**{f"{n}": b"" for n in range(1001)}), XLSX) == "file.expands"


def test_entities_are_not_expanded() -> None:
    laughs = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><workbook>&c;</workbook>'
    content = {"[Content_Types].xml": laughs, "xl/workbook.xml": laughs}
    assert refusal(packed(**content), XLSX) == "file.unreadable"


def test_a_table_has_bounds() -> None:
    longest = b"a\n" * (MAX_ROWS + 1)
    assert len(read(longest, CSV)) == MAX_ROWS + 1
    for content in (longest + b"a", b"," * 100 + b"a", b"a" * 1001):
        assert refusal(content, CSV) == "file.too_long"
    assert refusal(workbook([None] * 100 + ["a"]), XLSX) == "file.too_long"


def test_columns_are_found_by_any_of_their_names() -> None:
    known = {"teacher": "teacher", "工号": "teacher", "name": "name"}
    assert columns_of(Line(1, ["x", "工号", "NAME"]), known, ["teacher"]) == {"teacher": 1, "name": 2}
    for cells, code in ((["name"], "file.columns_missing"), (["工号", "teacher"], "file.column_twice")):
        with pytest.raises(DomainError) as raised:
            columns_of(Line(1, cells), known, ["teacher"])
        assert raised.value.code == code


GUESSED = (
    *("=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\t=1+1", "\r=1+1", "\n1", "＝1+1", "-"),
    *("441900000000000012", "007", "1E5", "3-4", "2026-03-04"),
)
"""Texts that an office program would run, or turn into a number or a date."""


@pytest.mark.parametrize("text", GUESSED)
def test_a_text_that_a_program_would_run_or_guess_from_stays_a_text(text: str) -> None:
    [row] = csv.reader(StringIO(write([[text]]).decode("utf-8-sig"), newline=""))
    assert row == [f"'{text}"]


def test_numbers_days_and_instants_are_written_as_such() -> None:
    at = datetime(2026, 3, 4, 1, tzinfo=UTC)
    table = write([["学时", "教师"], [Decimal("-6.00"), 12], [at, at.date()], [None, 'a "b", c']])
    assert (
        table
        == (
            "\ufeff"
            '"学时","教师"\r\n-6.00,12\r\n"2026-03-04T01:00:00+00:00","2026-03-04"\r\n"","a ""b"", c"\r\n'
        ).encode()
    )


ANY = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)


@given(st.lists(st.lists(ANY, max_size=5), max_size=8))
def test_no_table_that_is_written_is_refused_for_a_formula(rows: list[list[str]]) -> None:
    head = list("abcde")
    lines = read(write([head, *rows]), CSV)
    assert len(named(lines, {name: name for name in head}, head)) == sum(
        any(map(str.strip, row)) for row in rows
    )
