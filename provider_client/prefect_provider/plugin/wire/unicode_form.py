"""Terraform's strings: Unicode text in form NFC, so that one text has one spelling."""

from __future__ import annotations

from prefect_provider.plugin.wire.codec_error import CodecError

__all__ = ["normal"]


def normal(text: str) -> str:
    """A text in Unicode form NFC.

    Raises ``CodecError`` for half of a surrogate pair, which no encoding can carry.
    """
    if text.isascii():
        return text
    from unicodedata import normalize  # few texts need its tables

    try:
        text.encode()
    except UnicodeEncodeError:
        encodable = False
    else:
        encodable = True
    if not encodable:  # not raised above: as its context the other error would hold the text
        raise CodecError(expected="Unicode text", got="half of a surrogate pair")
    return normalize("NFC", text)
