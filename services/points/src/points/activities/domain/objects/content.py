"""A content (共享内容), known by its hash: which resources hold it, whoever shared them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from points.activities.domain.act import Deed
from points.activities.domain.objects.resource import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The founding shares of the resources that hold one content."""

    shares: Mapping[str, Deed] = field(default_factory=dict)


def see(content: Content, subject: str, resources: Mapping[str, Resource]) -> Content:
    """Take over resources as they are now; those that hold another content are dropped."""
    shares = dict(content.shares)
    for name, resource in resources.items():
        if resource.founding is not None and resource.founding.content == subject:
            shares[name] = Deed(resource.founding.moment, resource.founding.teacher)
        else:
            shares.pop(name, None)
    return Content(shares=shares)
