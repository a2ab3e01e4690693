"""What servers of older versions lack: all of it is declared here, and said at plan.

Found by holding the OpenAPI documents of releases against each other, from 3.4.25 to 3.9.1. Some of it such a server
refuses with a 422, and some of it drops without a word. What only the provider itself uses is not here: it works
without.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from prefect_provider.rules.values import IsUnknown, nothing_unknown
from prefect_provider.text.problem import Problem, expectation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prefect_provider.text.path import Path

__all__ = [
    "ADDITIONS",
    "IDS_OF_AUTOMATIONS",
    "OLDEST",
    "Addition",
    "Version",
    "additions_in",
    "newness_problems",
    "shown_version",
    "version_of",
]

Version: TypeAlias = tuple[int, int, int]

OLDEST: Final[Version] = (3, 4, 0)
"""The oldest version that is supported."""


class Addition(NamedTuple):
    """What servers have from some version on."""

    since: Version
    type_name: str
    """The Terraform type that has it."""
    at: tuple[str, ...]
    """The attribute, without indexes: ``("actions", "force")``."""
    value: str | None = None
    """The value that is new, where the attribute is not."""
    beside: str = ""
    """The ``type`` beside it, where it is new for objects of that type only."""
    empty: tuple[Any, ...] = (None,)
    """Values that ask for nothing that an older server would not do."""
    clears: bool = False
    """Whether only to take a value away again is new."""
    remedy: str = "Leave it out"
    """What to do on an older server."""

    def is_used(self, value: object) -> bool:
        """Whether a value of the attribute asks for what is new."""
        if self.value is not None:
            return value == self.value
        # A JSON object without fields may have spaces.
        return ("".join(value.split()) if isinstance(value, str) else value) not in self.empty

    def values_in(self, value: object) -> list[tuple[Path, object]]:
        """What an object has at the attribute, once for each element of the lists on the way."""
        return [*_values(value, self.at, (), self.beside)]

    @property
    def what(self) -> str:
        """What is new, where the reader sees the attribute."""
        return f"clear `{self.at[-1]}`" if self.clears else f"have {self.value or f'`{self.at[-1]}`'}"


_ACTIONS: Final = ("actions", "actions_on_trigger", "actions_on_resolve")
_NEW: Final = "Keep a value, mark the deployment with `terraform taint` to have it made anew"

ADDITIONS: Final[tuple[Addition, ...]] = (
    Addition((3, 6, 6), "prefect_deployment", ("concurrency_options", "grace_period_seconds")),
    Addition(
        (3, 6, 27), "prefect_deployment", ("work_pool_name",), empty=(None, ""), clears=True, remedy=_NEW
    ),
    Addition(
        (3, 8, 7), "prefect_deployment", ("job_variables",), empty=(None, "{}"), clears=True, remedy=_NEW
    ),
    *(
        Addition(
            (3, 6, 11),
            "prefect_automation",
            (place, "force"),
            beside="change-flow-run-state",
            empty=(None, False),
        )
        for place in _ACTIONS
    ),
    *(
        Addition(
            (3, 7, 2),
            "prefect_automation",
            (place, "type"),
            value="delete-flow-run",
            remedy="Use `cancel-flow-run`",
        )
        for place in _ACTIONS
    ),
)
"""What not every supported server has."""

IDS_OF_AUTOMATIONS: Final[Version] = (3, 8, 5)
"""From when on automations can be asked for by several ids."""

_VERSION: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def version_of(text: str) -> Version | None:
    """A server's version as it tells it: ``3.8.8``; ``None`` for one that was built from no release.

    A preview counts as the release that it leads to.
    """
    found = _VERSION.match(text)
    return None if found is None else (int(found[1]), int(found[2]), int(found[3]))


def additions_in(
    type_name: str,
    planned: Mapping[str, Any],
    prior: Mapping[str, Any] | None = None,
    *,
    is_unknown: IsUnknown = nothing_unknown,
) -> list[tuple[Path, Addition]]:
    """What an object uses of that which not every server has, and where; what is not known is left out."""
    found: list[tuple[Path, Addition]] = []
    for addition in ADDITIONS:
        if addition.type_name != type_name:
            continue
        values = [(path, value) for path, value in addition.values_in(planned) if not is_unknown(value)]
        if addition.clears:
            had = [value for _, value in addition.values_in(prior) if addition.is_used(value)]
            found += [(path, addition) for path, value in values if had and not addition.is_used(value)]
        else:
            found += [(path, addition) for path, value in values if addition.is_used(value)]
    return found


def _values(value: object, at: tuple[str, ...], path: Path, beside: str) -> Iterator[tuple[Path, object]]:
    if isinstance(value, (list, tuple)):
        for index, element in enumerate(value):
            yield from _values(element, at, (*path, index), beside)
    elif not at:
        yield path, value
    elif isinstance(value, dict) and (len(at) > 1 or not beside or value.get("type") == beside):
        yield from _values(value.get(at[0]), at[1:], (*path, at[0]), beside)


def newness_problems(used: list[tuple[Path, Addition]], version: str) -> list[Problem]:
    """What of that a server of this version lacks; nothing if it is of no release."""
    here = version_of(version)
    return [
        Problem(
            path,
            f"the server is too old to {addition.what}: "
            + expectation(f"Prefect {shown_version(addition.since)} or newer", version),
            f"{addition.remedy}, or upgrade the server.",
        )
        for path, addition in used
        if here is not None and here < addition.since
    ]


def shown_version(version: Version) -> str:
    """A version as people write it."""
    return ".".join(map(str, version))
