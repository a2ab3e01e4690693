"""Names of resources."""

from __future__ import annotations

import pytest

from prefect_iac.configuration.labels import unique_labels, word

A, B, C = "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002", "cccccccc-0"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("etl/nightly", "etl_nightly"),
        ("\u00dcber fluss-2", "uber_fluss_2"),
        ("1st", "_1st"),
        ("--", ""),
        ("\u65e5\u672c\u8a9e", ""),
        ("x" * 250, "x" * 100),
    ],
)
def test_words(name: str, label: str) -> None:
    """A name is a word of small Latin letters, in Terraform and in Python."""
    assert word(name) == label


def test_labels_are_unique() -> None:
    """Who was first keeps the name; a part of the id, or all of it, tells the others apart."""
    assert unique_labels([(A, "a b"), (B, "A-B"), (C, "a.b")], "flow") == {
        A: "a_b",
        B: "a_b_aaaaaaaa",
        C: "a_b_cccccccc",
    }
    assert unique_labels([(A, "x"), (C, "x"), (B, "x"), (B[:-1] + "3", "x")], "flow") == {
        A: "x",
        C: "x_cccccccc",
        B: "x_aaaaaaaa",
        B[:-1] + "3": "x_aaaaaaaa_0000_4000_8000_000000000003",
    }


def test_what_has_no_letters_is_called_after_its_type() -> None:
    """With a part of the id, always: so that the first of them is not renamed when another comes."""
    assert unique_labels([(A, "\u65e5"), (C, "\u672c")], "flow") == {A: "flow_aaaaaaaa", C: "flow_cccccccc"}
