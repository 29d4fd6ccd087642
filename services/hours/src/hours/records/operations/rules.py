"""The rule that is named where hours are prepared: it can be used, in that way, by who names it."""

from hours.records.domain.judge import find_rule
from hours.records.domain.registration import Refused
from hours.settings import Context
from shared.access import Caller
from shared.policy.names import caller_name, way_name
from shared.policy.pack import AnyHourSource
from shared.policy.rules import Through
from shared.runtime.errors import DomainError


def rule_for(context: Context, rule: str, way: Through, caller: Caller, path: str) -> AnyHourSource:
    """A rule whose hours come in a way, for a caller that may register them; named in the body at `path`.

    Raises: DomainError `rule.unknown`, `rule.disabled`, `rule.other_way`, `registrar.not_allowed`.
    """
    source = find_rule(context.pack, rule)
    if isinstance(source, Refused):
        raise DomainError.at(path, source.code, **source.params)
    if source.through != way:
        ways = {"through": way_name(source.through), "way": way_name(way)}
        raise DomainError.at(path, "rule.other_way", rule=rule, **ways)
    if not caller.is_operator and caller.kind not in source.registrars:
        allowed = [caller_name(kind) for kind in source.registrars]
        raise DomainError(
            "registrar.not_allowed", registrar=caller_name(caller.kind, caller.id), allowed=allowed
        )
    return source
