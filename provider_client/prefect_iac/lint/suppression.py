"""What is known and meant: flaws that somebody has decided to look away from, and why.

A comment beside a block or a call, or an entry of ``.prefect-iac.toml``::

    # prefect-iac: ignore[lint/loop] the second one is switched off at night

    [[lint.ignore]]
    rule = "lint/loop"
    subject = "prefect_automation.night_*"
    reason = "they are switched off at night"
    until = 2027-01-31
"""

from __future__ import annotations

from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.lint.flaw import RULES
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import closest, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prefect_iac.lint.flaw import Flaw
    from prefect_iac.lint.sources import Comment, Sources

__all__ = ["Entry", "Judged", "SuppressionError", "judge", "read_entries"]

PREFIX: Final = "lint/"
_FIELDS: Final = ("reason", "rule", "subject", "until")


class SuppressionError(ValueError):
    """An entry that cannot be taken; the message says which and why."""


class Entry(NamedTuple):
    """One entry of ``.prefect-iac.toml``."""

    rule: str
    """A pattern of rules: ``lint/loop``, ``lint/*``."""
    subject: str
    """A pattern of addresses and names."""
    reason: str
    until: date | None = None
    """The last day on which it holds."""

    def text(self) -> str:
        """How a report calls it."""
        return f"{self.rule} of {self.subject}"


class Judged(NamedTuple):
    """The flaws, each with the reason for looking away from it, if there is one."""

    flaws: tuple[tuple[Flaw, str | None], ...]
    unused: tuple[Entry | Comment, ...]
    """What suppresses nothing."""
    expired: tuple[Entry, ...]
    """What no longer holds."""


def read_entries(text: str) -> list[Entry]:
    """The entries of ``lint.ignore`` in a TOML file.

    Raises SuppressionError for text that is no TOML, and for an entry without a reason, or with what no entry has.
    """
    import tomllib

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SuppressionError(say("It is not TOML", got=str(error))) from None
    # A table may be for another version, or another tool; a list of entries is for this one.
    _check_names([name for name, held in document.items() if isinstance(held, list)], "", "the file")
    lint = document.get("lint", {})
    listed = lint.get("ignore", []) if isinstance(lint, dict) else None
    if not isinstance(listed, list):
        raise SuppressionError(
            say("`lint.ignore` is none", expected="entries `[[lint.ignore]]`", got=show(lint))
        )
    _check_names(lint, "ignore", "`lint`")
    return [_entry(item, number) for number, item in enumerate(listed, start=1)]


def _check_names(found: Iterable[str], known: str, where: str) -> None:
    """Refuse what nobody would read, for then nothing would be suppressed and nothing said."""
    for name in found:
        if name != known:
            what = f"{where} has no `{name}`"
            raise SuppressionError(say(what, remedy="Entries are tables `[[lint.ignore]]`"))


def _entry(item: Any, number: int) -> Entry:
    where = f"entry {number} of lint.ignore"
    if not isinstance(item, dict):
        raise SuppressionError(say("It is no entry", expected="a table", got=show(item), where=where))
    for name in item:
        if name not in _FIELDS:
            near = closest(name, _FIELDS)
            remedy = f"Did you mean `{near}`?" if near else f"It has {', '.join(_FIELDS)}."
            raise SuppressionError(say(f"An entry has no `{name}`", where=where, remedy=remedy))
    for name in ("rule", "subject", "reason"):
        if not isinstance(item.get(name), str) or not item[name].strip():
            got = "nothing" if name not in item else show(item[name])
            raise SuppressionError(say(f"`{name}` is needed", expected="text", got=got, where=where))
    until = item.get("until")
    if isinstance(until, datetime):
        until = until.date()
    if until is not None and not isinstance(until, date):
        expected = "a date such as 2027-01-31, without quotes"
        raise SuppressionError(say("`until` is none", expected=expected, got=show(until), where=where))
    rule = _rule(item["rule"])
    if rule is None:
        near = closest(item["rule"].removeprefix(PREFIX), RULES)
        remedy = f"Did you mean `{PREFIX}{near}`?" if near else "`docs/rules` lists them."
        raise SuppressionError(say(f"There is no rule {show(item['rule'])}", where=where, remedy=remedy))
    return Entry(rule, item["subject"], item["reason"].strip(), until)


def _rule(written: str) -> str | None:
    """The rule, or pattern of rules, as reports have it; ``None`` if it is none."""
    pattern = written if written.startswith(PREFIX) else f"{PREFIX}{written}"
    return pattern if any(fnmatchcase(PREFIX + name, pattern) for name in RULES) else None


def judge(flaws: Iterable[Flaw], entries: Sequence[Entry], sources: Sources | None, today: date) -> Judged:
    """Tell the flaws that are known and meant from the others."""
    used: set[Entry | Comment] = set()
    valid = [entry for entry in entries if entry.until is None or entry.until >= today]
    judged = []
    for flaw in flaws:
        place = sources.place(flaw.subject.address) if sources is not None else None
        reason: str | None = None
        for comment in place.comments if place is not None else ():
            if comment.reason and any(_covers(_rule(written), flaw) for written in comment.rules):
                used.add(comment)
                reason = reason or comment.reason
        for entry in valid:
            names = {flaw.subject.text(), flaw.subject.name, flaw.subject.address}
            if _covers(entry.rule, flaw) and any(
                name == entry.subject or fnmatchcase(name, entry.subject) for name in names if name
            ):
                used.add(entry)
                reason = reason or entry.reason
        judged.append((flaw, reason))
    comments = list(sources.comments()) if sources is not None else []
    written: list[Entry | Comment] = [*valid, *comments]
    unused = tuple(one for one in written if one not in used)
    return Judged(tuple(judged), unused, tuple(entry for entry in entries if entry not in valid))


def _covers(rule: str | None, flaw: Flaw) -> bool:
    return rule is not None and fnmatchcase(PREFIX + flaw.rule, rule)
