"""The rule that something names: one in force, or of a record on file the one that decided on it."""

from hours.records.domain.judge import find_rule
from hours.records.domain.registration import Refused
from hours.settings import Context
from shared.access import Caller
from shared.policy.names import caller_name, way_name
from shared.policy.sources import AnyHourSource, Through
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


def rule_for(context: Context, rule: str, way: Through, caller: Caller, path: str) -> AnyHourSource:
    """A rule whose hours come in a way, for a caller that may register them; named in the body at `path`.

    Raises: DomainError `rule.unknown`, `rule.disabled`, `rule.other_way`, `registrar.not_allowed`.
    """
    source = rule_in_force(context, rule, way, path)
    if not caller.is_operator and caller.kind not in source.registrars:
        allowed = [caller_name(kind) for kind in source.registrars]
        raise DomainError(
            "registrar.not_allowed", registrar=caller_name(caller.kind, caller.id), allowed=allowed
        )
    return source


def rule_in_force(context: Context, rule: str, way: Through, path: str) -> AnyHourSource:
    """A rule in force whose hours come in a way; of a matter on file it may be gone since.

    Raises: DomainError `rule.unknown`, `rule.disabled`, `rule.other_way`.
    """
    source = find_rule(context.pack, rule)
    if isinstance(source, Refused):
        raise DomainError.at(path, source.code, **source.params)
    if source.through != way:
        ways = {"through": way_name(source.through), "way": way_name(way)}
        raise DomainError.at(path, "rule.other_way", rule=rule, **ways)
    return source


async def rule_of_record(tx: Transaction, context: Context, rule: str, policy: str) -> AnyHourSource:
    """The rule of a record as it is in force; where it is gone, as the version has it that decided.

    Raises: DomainError `policy.not_kept`.
    """
    found = context.pack.source(rule) or (await context.adoptions.under(tx, policy)).source(rule)
    assert found is not None, "the rules that decided on a record have its rule"
    return found
