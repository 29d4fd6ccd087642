"""Deductions in a pack: what each takes, of what and by whom, what is not half said, and how it reads."""

from pathlib import Path

import pytest

from deploy.policy.__main__ import main
from deploy.policy.trying import without_examples
from shared.policy import loader
from shared.policy.comparison import Value, compare
from shared.policy.errors import PackError
from shared.policy.shapes import Rule
from tests.unit.policy.test_shipped_packs import REGULATIONS, dense

FILE = Path(__file__).parents[2] / "packs" / "school.toml"
TEXT = FILE.read_text(encoding="utf-8")
SCHOOL = loader.load(FILE)
ORDER = 'categories = ["thematic", "school_based"]'
BLANK = 'id = "SCH-01.3"'
FIRST, LAST = 75, 91
"""Where the school's system stands in its document."""

CONTAINER = '''[[categories]]
id = "any"
name = "any"
name_zh = "全部"

[[categories]]
id = "school_based"
within = "any"'''
YEARLY = '''[[requirements]]
first = 2024
minima = {}
total = 16
basis = "三7, whose number is blank: made up"'''
CYCLE = """[[cycles]]
id = "SCH-03.1"
clause = "三7"
words = "____年累计不少于____个学时"
title = "A total over years, made up"
title_zh = "累计学时"
years = 5
minima = {}
total = 80"""


def changed(*changes: tuple[str, str]) -> str:
    text = TEXT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return text


def test_a_rule_says_who_deducts_how_much_of_what() -> None:
    rule = SCHOOL.deduction("SCH-01")
    assert rule is not None
    assert (rule.hours, rule.withholds, *rule.categories) == (4, True, "thematic", "school_based")
    assert SCHOOL.rule("SCH-01") is rule
    blank = SCHOOL.deduction("SCH-01.3")
    assert blank is not None
    assert (blank.hours, blank.withholds) == (None, False)
    assert SCHOOL.deduction("SCH-01.1") is None
    assert loader.builtin().deductions == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("hours = 4", "hours = 0")], "deductions[0].hours: takes nothing"),
        ([("hours = 4", "hours = -4")], "deductions[0].hours: expected a number that is not negative"),
        ([("hours = 4", 'hours = "4"')], "deductions[0].hours: expected a number, got text"),
        (
            [(ORDER, ORDER.replace("school_based", "thematic"))],
            "deductions[0].categories: names something twice",
        ),
        (
            [(ORDER, ORDER.replace("school_based", "leisure"))],
            "deductions[0].categories[1]: leisure is no category",
        ),
        (
            [
                ('[[categories]]\nid = "school_based"', CONTAINER),
                (ORDER, ORDER.replace("school_based", "any")),
            ],
            "deductions[0].categories[1]: any contains other categories",
        ),
        ([(ORDER, "categories = []")], "deductions[0].categories: "),
        ([('deciders = ["school"]', "deciders = []")], "deductions[1].deciders: "),
        (
            [('deciders = ["school"]', 'deciders = ["school", "school"]')],
            "deductions[1].deciders: names something twice",
        ),
        ([(BLANK, 'id = "SCH-01"')], "deductions[1].id: SCH-01 is used twice (first at deductions[0])"),
        ([(BLANK, 'id = "SCH-01.2"')], "deductions[1].id: SCH-01.2 is used twice (first at hours[1])"),
        ([(YEARLY, CYCLE)], "deductions[0].withholds: no single year is judged by this pack"),
    ],
)
def test_what_contradicts_itself_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: list[tuple[str, str]], said: str
) -> None:
    file = tmp_path / "pack.toml"
    file.write_text(changed(*changes), encoding="utf-8")
    assert main(["check", str(file)]) == 1
    place, _, message = capsys.readouterr().err.partition(": ")
    assert message.startswith(said)
    line = file.read_text(encoding="utf-8").splitlines()[int(place.rpartition(":")[2]) - 1]
    assert line.startswith(said.partition(":")[0].partition(".")[2].partition("[")[0])


def test_where_cycles_alone_are_asked_hours_may_be_deducted() -> None:
    text = changed((YEARLY, CYCLE), ("withholds = true\n", ""))
    pack = loader.parse(text[: text.index("# --- worked examples")], "pack.toml")
    assert [rule.hours for rule in pack.deductions] == [4, None]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "hours = { thematic = 3 }",
            "hours = { leisure = 3 }",
            "hours.leisure: no hours are posted into leisure",
        ),
        (
            '"SCH-01", "SCH-01.3"]',
            '"SCH-01", "SCH-01.1"]',
            "deductions[1]: SCH-01.1 is no rule of deductions in this pack",
        ),
        ("short = [0, 0, 3.5]", "short = [0, 3.5]", "short: expected 3 figures, got 2"),
        ("taken = [{}]", "taken = [{}, {}]", "taken: expected 1 figures, got 2"),
        (
            "year = 2024\nhours = { thematic = 3 }",
            "year = 2023\nhours = { thematic = 3 }",
            "year: 2023 has no requirement",
        ),
    ],
)
def test_an_example_that_cannot_be_tried_does_not_load(before: str, after: str, said: str) -> None:
    place = TEXT[: TEXT.index(before)].count("[[examples]]") - 1
    with pytest.raises(PackError) as raised:
        loader.parse(changed((before, after)), "pack.toml")
    assert f"{raised.value.key}: {raised.value.message}" == f"examples[{place}].{said}"


def test_a_rule_without_an_example_is_named() -> None:
    text = changed(('"SCH-01", "SCH-01.3"]', '"SCH-01"]'), ('refused = "rule.incomplete"\n', ""))
    assert [rule.id for rule in without_examples(loader.parse(text, "pack.toml"))] == ["SCH-01.3"]


def test_a_rule_reads_in_both_languages_whether_its_figure_is_set_or_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", str(FILE)]) == 0
    said = capsys.readouterr().out
    assert (
        "        扣减当年4学时,依次扣自专题培训、校本培训"
        "  takes 4 h off the year, in this order: thematic training, school-based training\n"
        "        由教师发展中心、市继续教育主管部门、省教育厅决定  decided by teacher development centre,"
        " continuing education department of the city, education department of the province\n"
        "        扣减存续期间该年度不予通过,不办理证书"
        "  the year does not pass while it stands, and gets no certificate\n"
    ) in said
    assert (
        "        扣减当年学时,数额未定,依次扣自专题培训、校本培训  takes hours off the year, how many is"
        " not set, in this order: thematic training, school-based training\n"
        "        由学校决定  decided by school\n"
        "        deciders = school · categories"
    ) in said


def test_a_figure_that_is_set_and_a_certificate_that_is_not_withheld_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = changed(("withholds = true\n", ""), (f"{BLANK}\n", f"{BLANK}\nhours = 2.5\n"))
    (tmp_path / "later.toml").write_text(text, encoding="utf-8")
    later = loader.parse(text[: text.index("# --- worked examples")], "later.toml")
    assert {one.name: [*one.values] for one in compare(SCHOOL, later)} == {
        "SCH-01": [Value(key="withholds", before="true", after="")],
        "SCH-01.3": [Value(key="hours", before="", after="2.5")],
    }
    assert main(["compare", str(FILE), str(tmp_path / "later.toml")]) == 0
    said = capsys.readouterr().out
    assert "    hours: ∅ → 2.5\n" in said
    assert "    withholds: true → ∅\n" in said


def test_a_clause_is_covered_by_what_it_deducts() -> None:
    assert "三4" not in SCHOOL.uncovered()
    without = (
        TEXT[: TEXT.index("[[deductions]]")] + TEXT[TEXT.index("[verification]") : TEXT.index("# --- worked")]
    )
    assert "三4" in loader.parse(without, "pack.toml").uncovered()


@pytest.mark.skipif(not REGULATIONS.exists(), reason="the regulations are not beside this checkout")
def test_words_are_the_clauses_own() -> None:
    document = (REGULATIONS / "003_a05d4d0e1e8231a6.txt").read_text(encoding="utf-8").splitlines()
    original = dense("".join(document[FIRST - 1 : LAST]))
    for _, rule in SCHOOL.placed():
        assert isinstance(rule, Rule)
        assert all(dense(part) in original for part in rule.words.split("……")), rule.id
