"""The printed certificate: what is on it, that it is on it, and what is refused rather than left blank."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from certificates.issuing.rendering.document import FONT_FOLDER, SPECIMEN, Contents, Renderer, RenderingError
from certificates.registry.domain.amount import amounts
from certificates.registry.domain.certificate import plain
from certificates.registry.domain.number import Misread, read
from shared.policy import loader
from shared.policy.calendar import CALENDAR_YEARS, Years
from shared.policy.cycles import Span

CONTENTS = Contents(
    number="44010020245000001X",
    version=1,
    replaces=None,
    heading="继续教育年度合格证书",
    name="陈小琳",
    school="广州市天河区华阳小学",
    years=CALENDAR_YEARS,
    span=Span(2024, 2024),
    valid_until=None,
    hours=amounts(
        loader.builtin(),
        {
            "public": Decimal("30.00"),
            "professional": Decimal("28.25"),
            "elective": Decimal("18.00"),
            "carried_in": Decimal("13.75"),
            "total": Decimal("90.00"),
        },
    ),
    issuer="广州市教育局",
    issued_on=date(2025, 1, 8),
    basis="广州市中小学教师继续教育学时登记管理办法(试行)（guangzhou@2024.1）",
    verify_url="https://hourbank.example/verify/44010020245000001X?version=1",
)

RENDERER = Renderer()


def text_of(pdf: bytes) -> str:
    """The text of all pages without blanks: where lines break is not what is asked."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def test_everything_of_the_contents_is_on_the_page() -> None:
    text = text_of(RENDERER.render(CONTENTS))
    for expected in (
        CONTENTS.heading,
        CONTENTS.name,
        CONTENTS.school,
        CONTENTS.number,
        "2024年度",
        "公需科目",
        "30学时",
        "28.25学时",
        "上年结转",
        "13.75学时",
        "个人选修科目",
        "18学时",
        "90学时",
        CONTENTS.issuer,
        "2025年1月8日",
        CONTENTS.basis,
        CONTENTS.verify_url,
        "第1版",
    ):
        assert expected in text, expected


def test_a_cycle_is_printed_with_its_years_what_counted_and_until_when_it_is_valid() -> None:
    own = {"public": Decimal(5), "professional": Decimal(60), "elective": Decimal(25)}
    cycle = replace(
        CONTENTS,
        number="654004202480000013",
        years=CALENDAR_YEARS,
        span=Span(2024, 2028),
        valid_until=date(2029, 12, 31),
        hours=amounts(loader.builtin(), own | {"total": Decimal(90)}),
    )
    text = text_of(RENDERER.render(cycle))
    for expected in ("2024—2028年周期内参加", "经周期验证合格", "有效期至2029年12月31日", "25", "90"):
        assert expected in text, expected
    assert "上年结转" not in text, "a cycle has the year that gave them"
    assert "有效期" not in text_of(RENDERER.render(CONTENTS))


def test_the_same_contents_give_the_same_bytes_in_every_renderer() -> None:
    first = RENDERER.render(CONTENTS)
    RENDERER.render(replace(CONTENTS, name="欧阳娜娜"))
    assert RENDERER.render(CONTENTS) == first
    assert Renderer().render(CONTENTS) == first


def test_it_is_one_page_of_pdf_a_3b_dated_by_the_verdict() -> None:
    reader = PdfReader(BytesIO(RENDERER.render(CONTENTS)))
    assert len(reader.pages) == 1
    metadata = reader.xmp_metadata
    assert metadata is not None
    assert metadata.pdfaid_part == "3"
    assert metadata.pdfaid_conformance == "B"
    assert metadata.xmp_create_date is not None
    assert metadata.xmp_create_date.date() == date(2025, 1, 8)
    assert reader.metadata is not None
    assert reader.metadata.author == "广州市教育局"


@pytest.mark.parametrize(
    "name",
    [
        "李",
        "欧阳䶮·𬭎",
        "㛃㑇𬀩𬴊𬱖𤧛𫖯𬬭",
        "阿卜杜热合曼·买买提",
        "Anna Müller",
        "*#panic(1)*$x$`_@",
        "古丽娜扎尔·" * 8 + "𬭎䶮",
        "艾" * 200,
    ],
)
def test_names_come_back_as_they_were_given(name: str) -> None:
    pdf = RENDERER.render(replace(CONTENTS, name=name))
    assert re.sub(r"\s", "", name) in text_of(pdf)
    assert len(PdfReader(BytesIO(pdf)).pages) == 1


def test_a_school_of_two_hundred_characters_stays_on_the_page() -> None:
    school = "广州市天河区中小学教师继续教育与教师专业发展研究培训指导中心"
    school = (school * 7)[:200]
    pdf = RENDERER.render(replace(CONTENTS, school=school))
    assert school in text_of(pdf)
    assert len(PdfReader(BytesIO(pdf)).pages) == 1


def test_a_later_version_names_the_one_it_replaces() -> None:
    pdf = RENDERER.render(replace(CONTENTS, version=2, replaces=1))
    assert "第2版，替代第1版" in text_of(pdf)


@pytest.mark.parametrize("sign", ["😀", "\U000f0000", "\x01", "\ue000"])
def test_a_missing_glyph_is_refused_and_named(sign: str) -> None:
    with pytest.raises(RenderingError) as refusal:
        RENDERER.render(replace(CONTENTS, name=f"李{sign}明"))
    assert refusal.value.sign == sign


def test_a_refusal_does_not_spoil_the_next_document() -> None:
    good = RENDERER.render(CONTENTS)
    with pytest.raises(RenderingError):
        RENDERER.render(replace(CONTENTS, name="😀"))
    assert RENDERER.render(CONTENTS) == good


def test_an_unknown_face_is_refused_not_blank() -> None:
    with pytest.raises(RenderingError, match="unknown font"):
        Renderer(font="No Such Face").render(CONTENTS)


def test_the_face_comes_with_its_package() -> None:
    assert list(FONT_FOLDER.glob("*.ttc"))


def test_the_specimen_is_nobodys_number() -> None:
    assert isinstance(read(SPECIMEN), Misread)
    assert SPECIMEN in text_of(RENDERER.render(replace(CONTENTS, number=SPECIMEN)))


@pytest.mark.parametrize(
    ("hours", "shown"), [("30.00", "30"), ("17.50", "17.5"), ("0.25", "0.25"), ("100", "100"), ("0.00", "0")]
)
def test_hours_are_written_without_needless_zeros(hours: str, shown: str) -> None:
    assert plain(Decimal(hours)) == shown


@pytest.mark.skipif(
    not (shutil.which("zbarimg") and shutil.which("pdftoppm")),
    reason="reading the printed code back needs the programs zbarimg and pdftoppm",
)
def test_the_printed_code_leads_to_the_verification_page(tmp_path: Path) -> None:
    (tmp_path / "certificate.pdf").write_bytes(RENDERER.render(CONTENTS))
    subprocess.run(["pdftoppm", "-r", "150", "-png", "certificate.pdf", "page"], cwd=tmp_path, check=True)
    answer = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "page-1.png"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert answer.stdout.strip() == CONTENTS.verify_url


@pytest.mark.parametrize(
    ("years", "last", "said"),
    [
        (CALENDAR_YEARS, 2024, "于2024年度参加继续教育"),
        (CALENDAR_YEARS, 2028, "于2024—2028年周期内参加继续教育"),
        (Years(month=9), 2024, "于2024—2025学年参加继续教育"),
        (Years(month=9), 2028, "于2024—2029年周期内参加继续教育"),
    ],
)
def test_years_are_called_as_people_call_them(years: Years, last: int, said: str) -> None:
    contents = replace(CONTENTS, years=years, span=Span(2024, last))
    text = "".join(PdfReader(BytesIO(RENDERER.render(contents))).pages[0].extract_text().split())
    assert said in text
