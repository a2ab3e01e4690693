"""The reference pages are those of the declarations and the examples."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from generate_reference import DIRECTORY, EXAMPLES, existing_pages, wanted_pages
from prefect_provider.plugin.language.declaration import Declaration, Nested, optional, required
from prefect_provider.plugin.language.kinds import Integer, Json, String
from prefect_provider.plugin.language.nested import NestedList, NestedSingle
from reference.examples import MissingExamplesError
from reference.schema import schema
from reference.subjects import UnknownSubjectError, subject_of

if TYPE_CHECKING:
    from pathlib import Path


def test_the_reference_is_current() -> None:
    """Every page is what the declarations and the examples give now, and there are no others."""
    assert existing_pages() == wanted_pages()


def test_an_object_without_an_example_is_refused(tmp_path: Path) -> None:
    """The error names each file that is wanted, one that is there and empty included."""
    examples = tmp_path / "examples"
    shutil.copytree(EXAMPLES, examples)
    (examples / "resources" / "prefect_flow" / "import.sh").unlink()
    (examples / "data-sources" / "prefect_flows" / "data_source.py").write_text("\n", encoding="utf-8")
    shutil.rmtree(examples / "functions" / "seconds")

    with pytest.raises(MissingExamplesError) as raised:
        wanted_pages(examples)

    assert str(raised.value).splitlines()[1:] == [
        "  examples/data-sources/prefect_flows/data_source.py",
        "  examples/functions/seconds/function.tf",
        "  examples/resources/prefect_flow/import.sh",
    ]


def test_what_is_under_no_subject_is_refused() -> None:
    """A list of objects is where the object is; what is nowhere is an error that says where it belongs."""
    assert subject_of("deployment_schedules") == subject_of("deployment_schedule")
    with pytest.raises(
        UnknownSubjectError, match=re.escape("`asset` is under no subject: expected it in SUBJECTS")
    ):
        subject_of("asset")


class _Inner(Nested):
    limit = optional(Integer(), "How many.")


class _Outer(Nested):
    inner = required(NestedSingle(_Inner), "One inside.")


class _LimitOnly(Nested):
    limit = required(Integer(), "How many.")


class _Strict(Nested):
    inner = required(NestedSingle(_LimitOnly), "One inside.")


class _Sample(Declaration):
    first = required(NestedList(_Outer), "Several.")
    second = optional(NestedSingle(_Inner), "The same as inside of the first.")
    third = optional(NestedSingle(_Strict), "The first again, but for what is inside.")
    data = optional(Json(), "A document.", sensitive=True)
    name = optional(String(), "A name.", default="x")


def test_objects_inside_of_objects() -> None:
    """Each has a section, which attributes link to; those that are the same through and through share one."""
    assert (
        schema(_Sample)
        == """\
## Schema

### Required

- `first` (Attributes List) Several. (see [below for nested schema](#nestedatt--first))

### Optional

- `second` (Attributes) The same as inside of the first. (see [below for nested schema](#nestedatt--second))
- `third` (Attributes) The first again, but for what is inside. (see [below for nested schema](#nestedatt--third))
- `data` (String, JSON, Sensitive) A document.
- `name` (String) A name. Defaults to `"x"`.

<a id="nestedatt--first"></a>
### Nested Schema for `first`

Required:

- `inner` (Attributes) One inside. (see [below for nested schema](#nestedatt--second))

<a id="nestedatt--second"></a>
### Nested Schema for `second`

Optional:

- `limit` (Number, integer) How many.

<a id="nestedatt--third"></a>
### Nested Schema for `third`

Required:

- `inner` (Attributes) One inside. (see [below for nested schema](#nestedatt--third--inner))

<a id="nestedatt--third--inner"></a>
### Nested Schema for `third.inner`

Required:

- `limit` (Number, integer) How many.
"""
    )


def test_pages_have_what_the_registry_wants() -> None:
    """Front matter, an example before the schema, and links and anchors that lead somewhere."""
    for path, text in existing_pages().items():
        front, usage, fields = text.find("\n---\n"), text.find("\n## Example Usage\n"), text.find("\n## S")
        assert re.match(
            r'---\npage_title: ".+"\n(subcategory: ".+"\n)?description: \|-\n  \S.+\n---\n', text
        ), path
        assert 0 < front < usage < fields, path
        for target in re.findall(r"\]\(([^)]+)\)", text):
            if target.startswith("#"):
                assert f'<a id="{target[1:]}"></a>' in text, (path, target)
            elif "://" not in target:
                assert ((DIRECTORY / path).parent / target).exists(), (path, target)
