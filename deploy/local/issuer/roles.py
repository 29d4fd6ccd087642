"""The form of a role in a token: what somebody is, on which level, and of which place."""

import re

_FORM = re.compile(r"[a-z_]{1,40}@(?:deployment|province|city|district|school|person):[^\s\0]{1,100}")


def is_role(text: str) -> bool:
    """Whether a text is of the form `role@level:id`."""
    return _FORM.fullmatch(text) is not None
