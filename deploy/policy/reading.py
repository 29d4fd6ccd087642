"""Packs and their differences as a person reads them, in Chinese and English."""

from collections.abc import Iterable, Iterator, Sequence

from shared.policy.categories import TOTAL
from shared.policy.comparison import Difference, Kind, values_of
from shared.policy.conversions import Choice, Conversion, Reward
from shared.policy.explain import deciders, deduction
from shared.policy.header import Slot
from shared.policy.names import AMOUNT_NAMES, UNIT_NAMES
from shared.policy.pack import Pack
from shared.policy.shapes import Rule
from shared.policy.sources import AnyHourSource
from shared.policy.years import Deduction
from shared.wording import Language

COMMON = ("id", "kind", "clause", "words", "title", "title_zh", "note", "note_zh", "section")
NAMES = ("id", "name", "name_zh")
CHOICES = ("factors", "grades", "levels")
"""What is printed a line each."""
LANGUAGES: Sequence[Language] = ("zh", "en")
KINDS: dict[Kind, str] = {"added": "added 新增", "removed": "removed 删除", "changed": "changed 修改"}


def told(pack: Pack) -> Iterator[str]:
    """A pack, rule by rule: clause, names, the clause's words, what its kind means, its figures."""
    header = pack.pack
    yield f"{pack.reference}  {header.name_zh}  {header.name}"
    yield f"    {header.source}"
    if not pack.years.are_calendar_years:
        yield f"    a year begins on {header.year_begins} 年度自该日起"
    yield f"    unit 计量单位 = {UNIT_NAMES['zh'][header.unit]}  {AMOUNT_NAMES['en'][header.unit]}"
    yield ""
    yield "categories 科目"
    for one in pack.categories:
        inside = f"  ⊂ {one.within}" if one.within else ""
        yield f"    {one.id}  {one.name_zh}  {one.name}{inside}"
    yield ""
    yield "requirements 年度要求"
    for row in pack.requirements:
        years = f"{row.first}-" if row.last is None else f"{row.first}-{row.last}"
        asked = {item: f"{hours:f}" for item, hours in (*row.minima.items(), (TOTAL, row.total))}
        yield f"    {years:<10} {_figures(asked | {'basis': row.basis})}"
    section = ""
    for key, rule in pack.placed():
        name = key.partition("[")[0]
        if name != section:
            section = name
            yield from ("", name)
        yield from _rule(pack, rule)


def told_differences(before: Pack, after: Pack, differences: Sequence[Difference]) -> Iterator[str]:
    """What changed from one pack to another."""
    yield f"{before.reference} → {after.reference}"
    for one in differences:
        yield f"{KINDS[one.kind]}  {one.name}  {one.part.title_zh}  {one.part.title}".rstrip()
        if one.kind != "changed":
            yield from (f"    {key}: {value}" for key, value in one.part.values.items() if key not in COMMON)
        for value in one.values:
            yield f"    {value.key}: {value.before or '∅'} → {value.after or '∅'}"
    if not differences:
        yield "the same rules 规则相同"


def _rule(pack: Pack, rule: Rule | Slot) -> Iterator[str]:
    if isinstance(rule, Slot):
        yield f"    {rule.id}  {rule.clause}  disabled 未启用: {rule.note_zh}  {rule.note}"
        return
    yield f"    {rule.id}  {rule.clause}  {rule.title_zh}  {rule.title}"
    yield f"        {rule.words}"
    yield f"        {(type(rule).__doc__ or '').splitlines()[0]}"
    both = (_sentences(pack, rule, language) for language in LANGUAGES)
    yield from (f"        {zh}  {en}" for zh, en in zip(*both, strict=True))
    for one in _choices(rule):
        said = _figures(values_of(one, without=NAMES))
        yield f"        {one.id}  {one.name_zh}  {one.name}  {said}".rstrip()
    if figures := _figures(values_of(rule, without=(*COMMON, *CHOICES))):
        yield f"        {figures}"


def _sentences(pack: Pack, rule: Rule, language: Language) -> Iterable[str]:
    """What a rule of some kinds says of who decides, and of what they decide, in words."""
    if isinstance(rule, AnyHourSource):
        return deciders(pack, rule, language)
    return deduction(pack, rule, language) if isinstance(rule, Deduction) else ()


def _choices(rule: Rule) -> Sequence[Choice]:
    """The forms of training, grades or levels that a rule knows, each with its names."""
    match rule:
        case Conversion():
            return (*rule.factors, *rule.grades)
        case Reward():
            return rule.levels
        case _:
            return ()


def _figures(values: dict[str, str]) -> str:
    return " · ".join(f"{key} = {value}" for key, value in values.items())
