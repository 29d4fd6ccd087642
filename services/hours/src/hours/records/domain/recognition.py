"""What hours of another jurisdiction come to here (学时认定): by a factor of the rule, or not at all.

The factor is an exact fraction; each line is rounded once, half up, to two places.
"""

from collections.abc import Sequence
from decimal import Decimal

from hours.records.domain.registration import Granted, Judgement, Origin, Refused, missing
from shared.policy.factors import DeclaredFactor
from shared.policy.sources import RecognisedElsewhere

HUNDREDTHS = 100


def recognising(rules: Sequence[RecognisedElsewhere], origin: Origin) -> RecognisedElsewhere | None:
    """The first rule with a factor for a line; None where there is none, and nothing is guessed."""
    return next((rule for rule in rules if factor_of(rule, origin) is not None), None)


def factor_of(rule: RecognisedElsewhere, origin: Origin) -> DeclaredFactor | None:
    """The first factor of a rule that fits a line."""
    said = (origin.issuer, origin.unit, origin.category, origin.mode)
    return next((factor for factor in rule.factors if factor.fits(*said)), None)


def recognised(rule: RecognisedElsewhere, origin: Origin | None) -> Judgement:
    """The hours of a line under a rule. What comes without a transcript is never recognised."""
    if origin is None:
        return missing("origin.missing", "details/origin")
    factor = factor_of(rule, origin)
    if factor is None:
        return no_factor(origin)
    hours = converted(origin.amount, factor)
    basis = {
        "kind": "recognised_elsewhere",
        "amount": f"{origin.amount:.2f}",
        "unit": origin.unit,
        "factor": f"{factor.numerator}/{factor.denominator}",
        "hours": f"{hours:.2f}",
    }
    return Granted(hours=hours, basis=basis)


def converted(amount: Decimal, factor: DeclaredFactor) -> Decimal:
    """An amount times a factor, in whole numbers up to the one rounding."""
    doubled = 2 * int(amount * HUNDREDTHS) * factor.numerator + factor.denominator
    return Decimal(doubled // (2 * factor.denominator)) / HUNDREDTHS


def no_factor(origin: Origin) -> Refused:
    """The refusal of a line for which the rules state no factor."""
    figures = {"issuer": origin.issuer, "unit": origin.unit, "category": origin.category}
    return Refused(
        code="recognition.no_factor",
        check="{issuer}, {unit}, {category} ∉ /v1/rules",
        params={**figures, "mode": origin.mode},
    )
