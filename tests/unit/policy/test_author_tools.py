"""`python -m deploy.policy`, with which a pack's author checks and compares."""

from importlib import resources
from pathlib import Path

import pytest

from deploy.policy.__main__ import main
from shared.policy.lines import line_of, lines_of

TEXT = resources.files("shared.policy").joinpath("packs/guangzhou.toml").read_text(encoding="utf-8")

FORMS = 'formats = ["concentrated", "online", "mixed"]'

WRITTEN = """\
first = 1
# a remark
[pack]
name = "a" # another
tables = { one = 1, "two and" = { three = 3 } }
long = [
  1,
  { of = 2 },
]

[[hours]]
id = "A"
[hours.classes]
seats = 3
[[hours]]
id = "B"
[[hours.steps]]
days = 1
[[hours.steps]]
dotted.name = 2
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("first", 1),
        ("pack", 3),
        ("pack.name", 4),
        ("pack.tables.two and.three", 5),
        ("pack.long", 6),
        ("pack.long[0]", 7),
        ("pack.long[1].of", 8),
        ("hours[0]", 11),
        ("hours[0].classes", 13),
        ("hours[0].classes.seats", 14),
        ("hours[1].id", 16),
        ("hours[1].steps[1].dotted.name", 20),
        ("hours[1].steps[1].missing", 19),
        ("hours[1].missing.deep[3]", 15),
        ("nothing", None),
    ],
)
def test_a_key_is_found_where_it_was_written_or_where_it_is_missing(key: str, line: int | None) -> None:
    assert line_of(lines_of(WRITTEN), key) == line


def written(folder: Path, *changes: tuple[str, str]) -> str:
    text = TEXT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    file = folder / f"pack-{len(changes)}.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("rate = 300", "rate = 0"), "hours[14].rate: Expected `int` >= 1"),
        (("rate = 100\n", ""), "exchange.rate: is missing"),
        (("rate = 100", "rate = 100\nrats = 2"), "exchange.rats: is not a known key"),
        (
            (
                FORMS,
                f'{FORMS}\n[[hours.classes.approvals]]\nlevel = "city"\nformat = "x"\napprovers = ["city"]',
            ),
            "hours[2].classes.approvals[0].format: x is not among the formats concentrated, online, mixed",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: tuple[str, str], said: str
) -> None:
    file = written(tmp_path, change)
    assert main(["check", file]) == 1
    place, _, message = capsys.readouterr().err.rstrip("\n").partition(": ")
    named, _, line = place.rpartition(":")
    assert (named, message) == (file, said)
    key = said.partition(":")[0].rpartition(".")[2]
    here = Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert here.startswith(f"{key} =") or here == "[exchange]"


def test_what_is_no_pack_at_all_is_told_without_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "no.toml").write_text("[[[", encoding="utf-8")
    for file in (str(tmp_path / "no.toml"), str(tmp_path / "away.toml")):
        assert main(["check", file]) == 1
        assert capsys.readouterr().err.startswith(f"{file}: ")


def test_a_pack_reads_in_both_languages_with_its_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", written(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "GZ-BP-06  附件 一(六)  发表研讨话题  Discussion topic" in said
    assert "有10人以上的讨论回复" in said
    assert "cap = 100 · min_people = 10 · points = 10" in said
    assert "registrars = centre · through = class · classes.approvers = city, centre · classes.a" in said
    assert "GZ-HR-2.05  五(四)2(5)  disabled 未启用" in said
    assert "    elective  个人选修科目  elective\n" in said
    assert "public = 30 · professional = 42 · elective = 18 · total = 90" in said
    assert "no rule 无规则的条款: 一, 六(一)4, 七(二), 七(三)\n" in said
    examples = TEXT.count("[[examples]]")
    assert said.endswith(f"OK guangzhou@1: 53 rules, 12 slots, {examples} examples\n")


def test_who_approves_classes_and_recognises_hours_reads_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    some = '[[hours.classes.approvals]]\nlevel = "district"\nformat = "online"\napprovers = ["centre@city"]'
    assert main(["check", written(tmp_path, (FORMS, f"{FORMS}\n{some}"))]) == 0
    said = capsys.readouterr().out.splitlines()
    above = said.index(
        "        区级 online 培训班:由市教师发展中心审批"
        "  online classes of a district: approved by teacher development centre of the city"
    )
    assert said[above + 1 : above + 3] == [
        (
            "        市级 online 培训班:由市远程培训教师发展中心审批"
            "  online classes of a city: approved by distance-training centre of the city"
        ),
        (
            "        其他培训班:由市继续教育主管部门、教师发展中心审批  other classes: approved by"
            " continuing education department of the city, teacher development centre"
        ),
    ]
    assert "        学时:由教师发展中心认定  hours: recognised by teacher development centre" in said


def test_two_packs_are_compared_rule_by_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = written(tmp_path)
    after = written(tmp_path, ("min_people = 10", "min_people = 8"), ('version = "1"', 'version = "2"'))
    assert main(["compare", before, after]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "guangzhou@1 → guangzhou@2",
        "changed 修改  pack",
        "    version: 1 → 2",
        "changed 修改  GZ-BP-06  发表研讨话题  Discussion topic",
        "    min_people: 10 → 8",
    ]
    assert main(["compare", before, before]) == 0
    assert "规则相同" in capsys.readouterr().out
    assert main(["compare", before, str(tmp_path / "away.toml")]) == 1
