"""YAML as Prefect reads it: what is merged, moments, and texts that are refused."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from prefect_provider.rules.yaml_text import YamlError, read_yaml


def read(text: str) -> Any:
    """What a text says."""
    return read_yaml(dedent(text)).value


def test_of_merged_mappings_the_first_says_it() -> None:
    """In a list, the first that has a key; what the mapping itself says comes before; of two `<<` the last one.

    Names of one letter and longer ones alike: it does not depend on which texts Python keeps once.
    """
    assert read("""
        base: &base {tags: [base], version: base, t: base}
        list: {<<: [{tags: [first], t: first}, *base, {tags: [last], t: last, paused: true}]}
        own: {tags: [own], <<: *base}
        two: {<<: {tags: [first], t: first}, <<: {tags: [last], t: last}}
        inside: {<<: {<<: *base, version: inside}}
    """) == {
        "base": {"tags": ["base"], "version": "base", "t": "base"},
        "list": {"tags": ["first"], "version": "base", "t": "first", "paused": True},
        "own": {"tags": ["own"], "version": "base", "t": "base"},
        "two": {"tags": ["last"], "t": "last"},
        "inside": {"tags": ["base"], "version": "inside", "t": "base"},
    }


def test_what_is_merged_has_its_own_line() -> None:
    """A value that is wrong is shown where it is written."""
    found = read_yaml("base: &base\n  version: 1\nd:\n  <<: *base\n  name: x\n")
    assert (found.line(("d", "version")), found.line(("d", "name"))) == (2, 5)


def test_merging_of_merged_mappings_ends() -> None:
    """Each mapping is worked out once, however often it is merged; one that merges itself is refused."""
    many = "".join(f"- &a{n + 1} {{<<: [*a{n}, *a{n}]}}\n" for n in range(60))
    assert read(f"- &a0 {{x: 1}}\n{many}") == [{"x": 1}] * 61
    with pytest.raises(YamlError, match="An alias may hold itself"):
        read("a: &a {<<: *a}")


def test_moments_are_written_as_prefect_writes_them() -> None:
    """UTC is `Z`, another zone its offset."""
    assert read("""
        - 2030-01-01T10:00:00Z
        - 2030-01-01T10:00:00+00:00
        - 2030-01-01T10:00:00.5-05:00
        - 2030-01-01 10:00:00
        - 2030-01-01
    """) == [
        "2030-01-01T10:00:00Z",
        "2030-01-01T10:00:00Z",
        "2030-01-01T10:00:00.500000-05:00",
        "2030-01-01T10:00:00",
        "2030-01-01",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\n---\nb: 1\n", "line 2: one document is read, and this begins another."),
        ("a: 1\nb:\n  <<: 3\n", "line 3: expected a mapping to merge, or a list of these, got `3`."),
        ("b:\n  <<: [{a: 1}, [c]]\n", "line 2: expected a mapping to merge, or a list of these, got a list."),
        ("b:\n  <<: {a: 1,\n    a: 2}\n", "line 3: the key `a` is there already, in line 2. Keep one of"),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    """With the line."""
    with pytest.raises(YamlError) as caught:
        read_yaml(text)
    assert str(caught.value).startswith(said), str(caught.value)
