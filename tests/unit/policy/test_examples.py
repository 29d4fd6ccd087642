"""The worked examples that packs keep of their rules hold, and one that does not is told."""

import re
from decimal import Decimal
from importlib import resources
from pathlib import Path

import msgspec
import pytest

from deploy.policy.__main__ import main
from deploy.policy.trying import try_examples, without_examples
from shared.policy import loader
from shared.policy.errors import PackError
from shared.policy.examples import (
    AnyExample,
    AssessmentExample,
    CertificateExample,
    CycleExample,
    DeductionsExample,
    ObligationExample,
    RecordsExample,
    SeatsExample,
    SubmissionExample,
    YearExample,
)
from shared.policy.pack import Pack

FOLDER = resources.files("shared.policy").joinpath("packs")
SHIPPED = sorted(file.name.removesuffix(".toml") for file in FOLDER.iterdir() if file.name.endswith(".toml"))
TEXT = FOLDER.joinpath("guangzhou.toml").read_text(encoding="utf-8")
PACK = loader.builtin()


@pytest.mark.parametrize("name", SHIPPED)
def test_every_example_of_a_shipped_pack_holds_and_every_way_to_register_has_one(name: str) -> None:
    pack = loader.builtin(name)
    assert list(try_examples(pack)) == []
    assert without_examples(pack) == []


def altered(example: AnyExample) -> list[AnyExample]:  # noqa: PLR0911 - one a kind
    """The same example with one of its answers wrong, for each answer that it has."""
    match example:
        case YearExample():
            other = "fail" if example.outcome == "pass" else "pass"
            return [
                msgspec.structs.replace(example, outcome=other),
                msgspec.structs.replace(example, missing={**example.missing, "total": Decimal(99)}),
                msgspec.structs.replace(example, carry_out=example.carry_out + 1),
                msgspec.structs.replace(example, expired=example.expired + Decimal("0.5")),
            ]
        case CycleExample():
            other = "fail" if example.outcome == "pass" else "pass"
            return [
                msgspec.structs.replace(example, outcome=other),
                msgspec.structs.replace(example, missing={**example.missing, "total": Decimal(99)}),
                msgspec.structs.replace(example, short=(*example.short, 2099)),
            ]
        case AssessmentExample():
            other = "passed" if example.outcome != "passed" else "failed"
            return [
                msgspec.structs.replace(example, outcome=other),
                msgspec.structs.replace(example, marks=Decimal("0.01")),
            ]
        case SeatsExample():
            other = "enrolled" if example.state == "waiting" else "waiting"
            return [msgspec.structs.replace(example, state=other)]
        case SubmissionExample():
            return [msgspec.structs.replace(example, late=not example.late)]
        case CertificateExample():
            other = "expired" if example.state == "valid" else "valid"
            return [
                msgspec.structs.replace(example, state=other),
                msgspec.structs.replace(example, serial=example.serial + 1),
            ]
        case ObligationExample():
            return [
                msgspec.structs.replace(example, state="open" if example.state == "met" else "met"),
                msgspec.structs.replace(example, missing=(*example.missing, Decimal(99))),
                msgspec.structs.replace(example, lacking=(*example.lacking, "no_topic")),
            ]
        case DeductionsExample():
            *before, last = example.taken
            other = "" if example.refused else "rule.incomplete"
            return [
                msgspec.structs.replace(example, taken=(*before, {**last, "elsewhere": Decimal(1)})),
                msgspec.structs.replace(example, short=(*example.short[:-1], example.short[-1] + 1)),
                msgspec.structs.replace(example, refused=other),
            ]
        case RecordsExample():
            off = [
                msgspec.structs.replace(
                    example,
                    counted=(*example.counted[:place], hours + 1, *example.counted[place + 1 :]),
                )
                for place, hours in enumerate(example.counted)
            ]
            other = "" if example.refused else "evidence.missing"
            return [*off, msgspec.structs.replace(example, refused=other)]


ISLAND = loader.load(Path(__file__).parents[2] / "e2e" / "island.toml")
CAPE = Path(__file__).parents[2] / "support" / "obligations.toml"
NOTES = sorted((Path(__file__).parents[2] / "packs").glob("*.toml"))
"""Packs of what no shipped one carries."""
FURTHER = [CAPE, *NOTES]
PACKS = (*map(loader.builtin, SHIPPED), ISLAND, *map(loader.load, FURTHER))


@pytest.mark.parametrize("file", FURTHER, ids=lambda file: file.stem)
def test_every_example_of_a_pack_of_the_tests_holds(file: Path) -> None:
    pack = loader.load(file)
    assert list(try_examples(pack)) == []
    assert without_examples(pack) == []


@pytest.mark.parametrize(
    ("pack", "place"), [(pack, place) for pack in PACKS for place in range(len(pack.examples))]
)
def test_an_example_with_a_wrong_answer_is_told(pack: Pack, place: int) -> None:
    for wrong in altered(pack.examples[place]):
        pack = msgspec.structs.replace(pack, examples=(wrong,))
        found = list(try_examples(pack))
        assert found, wrong
        assert {one.words for one in found} == {wrong.words}


def test_the_author_is_told_the_line_and_both_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = TEXT.replace("counted = [6, 4]", "counted = [6, 6]")
    file = tmp_path / "pack.toml"
    file.write_text(text, encoding="utf-8")
    assert main(["check", str(file)]) == 1
    said = capsys.readouterr()
    line = text.splitlines().index("counted = [6, 6]") + 1
    assert said.err.startswith(f"{file}:{line}: examples[6].counted: Research activities")
    assert said.err.endswith("['6.00', '6.00'] ≠ ['6.00', '4.00']\n")
    assert "WRONG guangzhou@1" in said.out


def test_a_rule_without_an_example_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "pack.toml"
    file.write_text(TEXT[: TEXT.index("# --- worked examples")], encoding="utf-8")
    assert main(["check", str(file)]) == 0
    assert "no example 无算例: GZ-HR-3.02  校本研修" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("counted = [6, 4]", "counted = [6]", ".counted: expected 2 figures, got 1"),
        (
            '{ rule = "GZ-HR-2.06", hours = 73.5 }',
            '{ rule = "GZ-HR-9.99", hours = 73.5 }',
            ".records[0].rule: GZ-HR-9.99 is no rule of this pack",
        ),
        ("year = 2019", "year = 2009", ".year: 2009 has no requirement"),
        (
            "counted = [6, 4]",
            "counted = [6, -4]",
            ".counted[1]: expected a number that is not negative",
        ),
        ("counted = [6, 4]", "counts = [6, 4]", ".counts: is not a known key"),
        ("carried_in = 10", 'carried_in = "10"', ".hours.carried_in: expected a number, got text"),
        ('{ grade = "A" }', '{ mark = "A" }', ".records[0].details.mark: is not a known key"),
    ],
)
def test_an_example_that_cannot_be_tried_does_not_load(before: str, after: str, said: str) -> None:
    assert TEXT.count(before) == 1
    place = TEXT[: TEXT.index(before)].count("[[examples]]") - 1
    with pytest.raises(PackError, match=re.escape(f"examples[{place}]{said}")):
        loader.parse(TEXT.replace(before, after), "pack.toml")


@pytest.mark.parametrize(
    ("example", "said"),
    [
        (
            'kind = "seats"\nrule = "HG-16.3"\ncapacity = 1\nplace = 2\nstate = "waiting"',
            "rule: HG-16.3 is no rule of classes in this pack",
        ),
        (
            'kind = "submission"\nrule = "HG-02.4"\nsubmitted = 2024-03-01\nopens = 2025-03-31\nlate = false',
            "opens: 2025-03-31 does not lie in 2024",
        ),
        (
            (
                'kind = "certificate"\ncertificate = "annual"\nserial = 1\nnumber = "1"\non = 2024-03-01\n'
                'state = "valid"'
            ),
            "certificate: annual is no kind of certificate in this pack",
        ),
        (
            (
                'kind = "certificate"\ncertificate = "cycle"\nserial = 1\nnumber = "1"\non = 2026-03-01\n'
                'state = "valid"\nyear = 2025'
            ),
            "year: 2025 is not the first year of its cycle, 2024 is",
        ),
    ],
)
def test_an_example_of_a_class_or_a_certificate_that_cannot_be_tried_does_not_load(
    example: str, said: str
) -> None:
    text = FOLDER.joinpath("horgos.toml").read_text(encoding="utf-8")
    place = text.count("[[examples]]")
    year = "" if "year =" in example else "year = 2024\n"
    added = f'{text}\n[[examples]]\nwords = "It cannot be tried"\n{year}{example}\n'
    with pytest.raises(PackError, match=re.escape(f"examples[{place}].{said}")):
        loader.parse(added, "pack.toml")
