"""Diagnostics: their paths as text, and errors as exceptions."""

from __future__ import annotations

import pytest

from prefect_provider.plugin.language.diagnostics import Diagnostic, Diagnostics, ProviderError
from prefect_provider.text.path import Path, show_path


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ((), ""),
        (("name",), "name"),
        (("trigger", "event", "within"), "trigger.event.within"),
        (("actions", 0, "type"), "actions[0].type"),
        (("labels", "a.b/c"), 'labels["a.b/c"]'),
        (("schedules", "nightly", "cron"), "schedules.nightly.cron"),
    ],
)
def test_a_path_is_shown_as_a_person_writes_it(path: Path, shown: str) -> None:
    """Attributes have dots, indexes brackets, and keys quotes where they need them."""
    assert show_path(path) == shown


def test_an_error_carries_its_diagnostic() -> None:
    """The exception's text is for logs, its diagnostic for the user."""
    error = ProviderError("No", "Because.", ("a",))
    assert str(error) == "No: Because."
    assert error.diagnostic == Diagnostic("error", "No", "Because.", ("a",))
    assert str(ProviderError("No")) == "No"


def test_warnings_are_no_errors() -> None:
    """Diagnostics keep their order, and only an error makes a call a failure."""
    diagnostics = Diagnostics()
    diagnostics.warning("careful", path=("a",))
    assert not diagnostics.has_errors
    diagnostics.error("no")
    diagnostics.add(Diagnostic("warning", "late"))
    assert diagnostics.has_errors
    assert [item.summary for item in diagnostics] == ["careful", "no", "late"]
    assert len({*diagnostics, Diagnostic("error", "no")}) == 3


def test_what_controls_a_terminal_is_left_out() -> None:
    """Terraform prints a diagnostic as it is, and it may quote what a server said."""
    told = Diagnostic("error", "a\x1b[31mred\x07 one", "two\nlines\tand \x1b]0;title\x07 \u202eright to left")

    assert told.summary == "ared one"
    assert told.detail == "two\nlines\tand  right to left"
