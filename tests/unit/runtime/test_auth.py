"""Who is calling: a kind and an identity, also one that is written in Chinese."""

import pytest

from shared.runtime.auth import Caller, caller
from shared.runtime.errors import DomainError


def as_received(header: str) -> str:
    """A header as a server hands it on: its bytes read as Latin-1."""
    return header.encode().decode("latin-1")


@pytest.mark.parametrize("identity", ["S01", "广州市越秀区云麓小学", "教研室-1"])
async def test_a_caller_has_a_kind_and_an_identity(identity: str) -> None:
    assert await caller(as_received(f"school:{identity}")) == Caller("school", identity)


@pytest.mark.parametrize(
    "header", ["", "school", "school:", ":S01", "School:S01", "school:a b", "school:a:b"]
)
async def test_a_caller_of_another_form_is_refused(header: str) -> None:
    with pytest.raises(DomainError, match=r"caller\.invalid"):
        await caller(as_received(header))


async def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(DomainError, match=r"caller\.invalid"):
        await caller("school:\xff\xfe")
