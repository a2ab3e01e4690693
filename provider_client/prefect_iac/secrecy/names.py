"""Names that say that what they name is a secret: ``apiKey``, ``DB_PASSWORD``, ``PGPASSWORD``, ``connection-string``.

A name is taken apart into words, however it is written, because ``key`` ends ``apiKey`` and ``monkey``. A name that
speaks *about* a secret (``token_count``, ``secret_name``, ``password_policy``) names none. In doubt it is a secret.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

__all__ = ["sounds_secret"]

# One of: S3, capitals before a capitalised word (the API of APIKey), a word, capitals, digits.
_WORD: Final = re.compile(r"[sS]3|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

_LONGEST: Final = 200
"""Characters. A longer text is not a name."""

_SECRETS: Final = frozenset(
    {
        *("auth", "authorization", "basicauth", "bearer", "oauth"),
        *("cookie", "cookies", "cred", "creds", "dsn", "htpasswd", "jwt", "kubeconfig", "netrc"),
        *("otp", "passcode", "pat", "pem", "pfx", "pkcs12", "pw", "pwd", "sas", "signature", "webhook"),
    }
)

_IN_A_WORD: Final = re.compile(
    r"passw(or)?d|passphrase|secret(?!ar)|credential|conn(ection)?str(ing)?"
    r"|(api|access|account|auth|client|encryption|license|master|private|secret|shared|signing|ssh|storage)key"
    r"|tokens?$|pwd$|^(db|ftp|my|pg|root|smtp|user)pass$"
)
"""Of words that are written together, in small letters."""

_TOGETHER: Final = (
    ("access", "key"),
    ("api", "key"),
    ("api", "keys"),
    ("private", "key"),
    ("secret", "id"),
    ("connection", "string"),
    ("conn", "str"),
    ("conn", "string"),
    ("webhook", "url"),
    ("webhook", "uri"),
    ("sas", "url"),
)
"""Words that name a secret whatever follows."""

_ABOUT_AN_API_KEY: Final = frozenset({"created", "expiration", "id", "keepers", "name"})
"""As the one word behind ``api_key``: something about the key, as service accounts of Prefect Cloud have it."""

_ABOUT: Final = frozenset(
    {
        *("age", "algorithm", "arn", "audience", "backend", "budget", "class", "column", "columns", "count"),
        *("counts", "dir", "directory", "enabled", "endpoint", "engine", "expiration", "expires", "expiry"),
        *("field", "fields", "file", "format", "id", "ids", "index", "issuer", "kind", "length", "lifetime"),
        *(
            "limit",
            "limits",
            "method",
            "mode",
            "name",
            "names",
            "path",
            "paths",
            "policy",
            "position",
            "prefix",
        ),
        *("provider", "rate", "ref", "refs", "region", "required", "rotation", "schema", "scope", "scopes"),
        *("size", "space", "status", "timeout", "ttl", "type", "types", "uri", "url", "usage", "version"),
    }
)
"""As the last word: something about a secret, not the secret."""

_AMOUNTS: Final = frozenset(
    {
        *("avg", "cached", "completion", "count", "input", "limit", "max", "maximum", "min", "minimum"),
        *("num", "number", "output", "per", "prompt", "remaining", "total", "used"),
    }
)
"""Beside ``tokens``: how many pieces of text, as language models count them."""

_KEYS_OF_DATA: Final = frozenset(
    {
        *("blob", "bucket", "business", "cache", "candidate", "cluster", "clustering", "column", "composite"),
        *("dedup", "dedupe", "deduplication", "dict", "distribution", "event", "file", "foreign", "group"),
        *("grouping", "hash", "hot", "idempotency", "index", "input", "issue", "join", "label", "lookup"),
        *(
            "map",
            "merge",
            "message",
            "natural",
            "object",
            "order",
            "ordering",
            "output",
            "partition",
            "primary",
        ),
        *("public", "range", "record", "result", "routing", "row", "s3", "shard", "sort", "surrogate", "tag"),
        *("topology", "unique"),
    }
)
"""Before ``key``: one that finds data, and opens nothing."""


@lru_cache(maxsize=4096)
def sounds_secret(name: str) -> bool:
    """Whether what has this name may be a secret; any spelling: snake, camel, kebab, capitals, words in one."""
    if len(name) > _LONGEST:
        return False
    words = [word.lower() for word in _WORD.findall(name)]
    if words[:2] == ["api", "key"] and len(words) == 3 and words[2] in _ABOUT_AN_API_KEY:
        return False
    if any(pair in _TOGETHER for pair in pairwise(words)):
        return True
    named = [word for word in words if not word.isdigit()]
    if not named or named[-1] in _ABOUT:
        return False
    if _AMOUNTS.intersection(named):
        named = [word for word in named if word != "tokens"]
    return any(word in _SECRETS or _IN_A_WORD.search(word) for word in named) or _ends_as_secret(words)


def _ends_as_secret(words: list[str]) -> bool:
    """A last word that names a secret only there: ``pass`` and ``key``."""
    *before, last = words
    if last == "key":
        return not before or before[-1] not in _KEYS_OF_DATA
    return last == "pass"
