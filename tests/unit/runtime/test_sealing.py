"""What is sealed: opened by its owner's name and any key, by nothing else; digests need a key."""

from base64 import urlsafe_b64encode

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.sealing import KEY_BYTES, Vault

OLD, NEW = b"o" * KEY_BYTES, b"n" * KEY_BYTES


@given(st.text(), st.text(max_size=20), st.text(max_size=20))
def test_a_text_is_opened_for_its_owner_only(text: str, owner: str, other: str) -> None:
    vault = Vault([NEW])
    sealed = vault.seal(text, owner)
    assert vault.open(sealed, owner) == text
    if other != owner:
        with pytest.raises(InvalidTag):
            vault.open(sealed, other)


@given(st.text(min_size=1), st.integers(min_value=0))
def test_a_changed_byte_is_noticed_and_the_text_is_not_in_what_is_stored(text: str, place: int) -> None:
    vault = Vault([NEW])
    sealed = bytearray(vault.seal(text * 8, "T1"))
    assert (text * 8).encode() not in sealed
    sealed[place % len(sealed)] ^= 1
    with pytest.raises(InvalidTag):
        vault.open(bytes(sealed), "T1")


def test_after_a_new_key_the_old_texts_open_and_the_digests_stay() -> None:
    before, after = Vault([OLD]), Vault([NEW, OLD])
    assert after.open(before.seal("text", "T1"), "T1") == "text"
    assert after.digest(b"text") == before.digest(b"text")
    with pytest.raises(InvalidTag):
        before.open(after.seal("text", "T1"), "T1")
    assert Vault([NEW]).digest(b"text") != before.digest(b"text")


def test_the_same_text_is_never_sealed_alike() -> None:
    vault = Vault([NEW])
    assert vault.seal("text", "T1") != vault.seal("text", "T1")


def test_keys_are_read_and_a_wrong_one_is_not_repeated() -> None:
    written = urlsafe_b64encode(NEW).decode()
    assert Vault.read(f"{written.rstrip('=')}, {urlsafe_b64encode(OLD).decode()}").digest(b"") == Vault(
        [NEW, OLD]
    ).digest(b"")
    for wrong in ("secret", "", f"{written},", written[:-4]):
        with pytest.raises(ValueError, match="32 bytes") as raised:
            Vault.read(wrong)
        assert "secret" not in str(raised.value)
