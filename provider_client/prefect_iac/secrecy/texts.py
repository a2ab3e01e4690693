"""Secrets inside a text that is not one itself: in a URL, a connection string, a script, a header.

Only the secret is replaced, so that a person still sees what the text is.
"""

from __future__ import annotations

import re
from typing import Final

from prefect_iac.secrecy.names import sounds_secret
from prefect_provider.text.masking import SENSITIVE

__all__ = ["is_flag_of_secret", "is_reference", "masked_text"]

# Each begins with a fixed text or at the start of a word, and no two repetitions meet: the time is linear.
_PRIVATE_KEY: Final = re.compile(
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)", re.DOTALL
)
_IN_URL: Final = re.compile(r"""://([^\s/?#@:"'<>]*)(:[^\s/"'<>]*)?@""")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*\Z", re.IGNORECASE)
_BEARER: Final = re.compile(r"\b((?:Bearer|Basic|Token)\s+)(?=[^\s\"']*[0-9=])[\w.~+/=-]{8,}", re.IGNORECASE)
_ISSUED: Final = re.compile(
    r"\bgh[pousr]_\w{16,}|\bgithub_pat_\w{16,}|\bglpat-[\w-]{16,}|\bxox[a-z]-[\w-]{10,}|\bsk-[\w-]{16,}"
    r"|\bpn[bu]_\w{16,}|\bAIza[\w-]{30,}|\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*"
)
"""Keys whose issuers gave them a form: GitHub, GitLab, Slack, OpenAI, Prefect, Google, JSON Web Tokens."""
_HOOK: Final = re.compile(
    r"(\b(?:hooks\.slack\.com|discord\.com/api/webhooks|[\w.-]{1,99}\.webhook\.office\.com))/[^\s\"'<>]+"
)
_NAME: Final = re.compile(
    r"""(?<![\w.-])(?:-{0,2}([A-Za-z_][\w.-]{0,199})["']?\s{0,20}[=:]\s{0,20}|--?([A-Za-z][\w-]{0,199})\s{1,20}(?!-))"""
)
_VALUE: Final = re.compile(
    r"""(?:(?:Bearer|Basic|Token)\s{1,20})?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"'&;,]+)""",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(r"\s*\{\{[^{}]*\}\}\s*")


def masked_text(text: str) -> str:
    """The text, with :data:`SENSITIVE` in the place of each secret in it."""
    text = _PRIVATE_KEY.sub(SENSITIVE, text)
    text = _HOOK.sub(rf"\1/{SENSITIVE}", text)
    text = _IN_URL.sub(_without_password, text)
    text = _BEARER.sub(rf"\1{SENSITIVE}", text)
    text = _ISSUED.sub(SENSITIVE, text)
    return _without_values(text)


def is_reference(text: str) -> bool:
    """Whether the text is one template, such as ``{{ prefect.blocks.secret.token }}``, which names a secret only."""
    return _REFERENCE.fullmatch(text) is not None


def is_flag_of_secret(text: str) -> bool:
    """Whether the text is an option of a program whose value is a secret: ``--password``."""
    return text.startswith("-") and "=" not in text and sounds_secret(text)


def _without_password(found: re.Match[str]) -> str:
    user, password = found[1], found[2]
    if password is None:
        # Alone, it is a token, except where a login without password is usual: ssh://git@host.
        scheme = _SCHEME.search(found.string[max(0, found.start() - 20) : found.start()])
        over_http = scheme is not None and scheme[0].lower().endswith(("http", "https"))
        return f"://{SENSITIVE}@" if user and over_http else found[0]
    return f"://{user}:{SENSITIVE}@"


def _without_values(text: str) -> str:
    """Without what follows a name that sounds secret: ``password=x``, ``token: x``, ``--api-key x``."""
    parts: list[str] = []
    done = 0
    for found in _NAME.finditer(text):
        if found.start() < done or not sounds_secret(found[1] or found[2]):
            continue
        value = _VALUE.match(text, found.end())
        if value is None or value[0].startswith(("{{", SENSITIVE)):
            continue
        quote = value[0][0] if value[0][0] in "\"'" else ""
        parts += [text[done : value.start()], quote, SENSITIVE, quote]
        done = value.end()
    return "".join([*parts, text[done:]]) if parts else text
