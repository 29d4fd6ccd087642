"""What is handed in for registration (申报登记), who hands it in, and the two answers: granted or refused."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from unicodedata import normalize

from hours.ledger.domain.amount import in_unit
from shared.policy.categories import Category

OPERATOR = "operator"
"""Kind of caller that may act as any registrar."""

Held = int | Literal["none"]
"""A vocational level held before, 5 (初级) to 1 (高级技师), or that there was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The line of a transcript that hours of another jurisdiction stand in (来源)."""

    issuer: str
    """Who signed it."""
    transcript: str
    """Number of the transcript with which it was handed in."""
    line: str
    """What the issuer calls it: the same in every transcript."""
    unit: str
    category: str
    mode: str
    """How it was held, as the issuer says; empty where that is not known."""
    amount: Decimal
    """What counts by the issuer's rules, in that unit."""
    earned_with: str
    """The jurisdiction where it was earned first: the issuer, or one from which that recognised it."""
    earned_as: str
    """What the line is called there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Structured facts behind a record; each is asked for by some kinds of rule only."""

    rank: int | None = None
    """Place among the authors of an outcome, from 1."""
    score: int | None = None
    """Points of the other platform in the year."""
    proof: Mapping[str, str] | None = None
    """The data printed on a stamped proof; personal, never in the journal."""
    level_from: Held | None = None
    level_to: int | None = None
    approved_at: datetime | None = None
    """When the school consented."""
    plan_approved_at: datetime | None = None
    """When the centre approved the school's plan."""
    grade: str | None = None
    mode: str | None = None
    """Form of training, as a conversion into credits names it (培训形式)."""
    level: str | None = None
    """Of who issued it, as a reward names it (发文单位级别)."""
    diploma_on: date | None = None
    """Day on which the diploma was obtained."""
    degree: str | None = None
    """Which degree is studied for, as the rule names it."""
    programme: str | None = None
    """Programme of study, for rules that exclude each other."""
    progress: Decimal | None = None
    """Part of a course's tasks that is completed, in percent."""
    started_at: datetime | None = None
    """When a course was begun and when ended, where its platform knows."""
    ended_at: datetime | None = None
    topics: tuple[str, ...] | None = None
    """What it was about, as far as the rules name topics (必修内容)."""
    origin: Origin | None = None
    """Where hours of another jurisdiction come from: read off a transcript, never out of a body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One record as handed in."""

    record: str
    teacher: str
    year: int
    rule: str
    category: Category
    hours: Decimal | None
    """None where the rule computes them from the details."""
    activity: str
    provider: str
    first: date
    last: date
    evidence: str
    details: Details | None
    files: tuple[str, ...] = ()
    """Digests of the files that prove it (佐证材料)."""

    @property
    def programme(self) -> str:
        """What exclusive rules exclude: the programme of study, else the activity's name."""
        named = self.details.programme if self.details else None
        return named or self.activity

    @property
    def programme_key(self) -> str:
        """The programme as two rules compare it."""
        return folded(self.programme)

    @property
    def told(self) -> dict[str, Any]:
        """The details that may be shown: the data of a proof are personal."""
        details = asdict(self.details) if self.details else {}
        return {name: value for name, value in details.items() if value is not None and name != "proof"}


def folded(programme: str) -> str:
    """A programme's name without what nobody sees: spaces, and how wide its signs are."""
    return "".join(normalize("NFKC", programme).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrar:
    """Who registers: a kind of caller and its id."""

    kind: str
    id: str

    @property
    def name(self) -> str:
        """As the journal holds it, for example `school:S01`."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """How records come to be registered: by whom, recognised by whom (认定), and out of which matter."""

    registrar: Registrar
    recogniser: str = ""
    """Kind and id, such as `centre:D01`; empty where the rule trusts who registers."""
    matter: str = ""
    """Subject of the declaration, class or plan; empty for what is registered at once."""
    handed_in: datetime | None = None
    """When the matter was handed in (提交); None for what is registered at once."""
    corrects: str = ""
    """Event id of the record that it corrects (更正); empty for a first registration."""
    corrector: Registrar | None = None
    """Who corrects; the registrar stays who registered first."""
    account: str = ""
    """The token's subject of who registers, recognises or corrects."""
    accounts: frozenset[str] = frozenset()
    """Of everybody who had a hand in it before: who declared it, handed it in, or registered it first."""
    restores: str = ""
    """The reversed record whose content is registered anew: who registered it then was allowed to."""

    @property
    def is_settled(self) -> bool:
        """Whether it was the registrar's to hand in or register before: who moves since changes nothing."""
        return bool(self.handed_in or self.corrects or self.restores)

    @property
    def through(self) -> str:
        """What a rule calls this way."""
        return self.matter.partition(":")[0] or "completion"


@dataclass(frozen=True, slots=True)
class Claimed:
    """Under which rule and in which year a record that stands claims a programme."""

    rule: str
    year: int


@dataclass(frozen=True, slots=True)
class Obtained:
    """For which vocational level a record that stands gives hours, and of which year it is."""

    level: int
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the service already knows and the rules ask for."""

    school: str
    stage: str
    vocational: bool
    now: datetime
    reopening: str = ""
    """The entry that opened the year again for the teacher; empty where none holds."""
    claimed: frozenset[Claimed] = frozenset()
    """Where this teacher has claimed the same programme."""
    obtained: frozenset[Obtained] = frozenset()
    """The vocational levels that this teacher was given hours for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Whose a record on file is, who registered it, and who recognised it; empty where nobody did."""

    teacher: str
    school: str
    registrar: str
    recogniser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What a record gives before any cap."""

    hours: Decimal
    credits: Decimal | None = None
    """What these hours make where credits are counted (折算学分); None where hours are."""
    reason: str = ""
    """A stable code where nothing is given although the record is in order."""
    basis: Mapping[str, Any] = field(default_factory=dict)
    """Inputs and figures of the decision, primitives only."""

    @property
    def amount(self) -> Decimal:
        """The same in the unit of the pack."""
        return in_unit(self.hours, self.credits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing is registered. `paths` point into the record; empty where no one field is to blame."""

    code: str
    check: str
    """The comparison that failed, as a line of figures: a template over `params`."""
    paths: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    """Figures of the words and of the check, ids with their names."""
    basis: Mapping[str, Any] = field(default_factory=dict)
    """What the rule computes, where that is what the record disagrees with."""


def missing(code: str, *fields: str) -> Refused:
    """The refusal of a record that lacks what the rule asks for."""
    return Refused(
        code=code,
        check=", ".join(f"{field} = ∅" for field in fields),
        paths=tuple(f"/{field}" for field in fields),
    )


Judgement = Granted | Refused
