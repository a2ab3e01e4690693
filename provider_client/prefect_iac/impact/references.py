"""What stays and refers to what goes: automations that act on it, and documents that name a variable or a block."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.impact.effect import Effect, few, subject_of
from prefect_iac.workspace.content import name_of
from prefect_provider.rules.actions import ACTION_LISTS
from prefect_provider.rules.parameters import MARK
from prefect_provider.text.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from prefect_iac.impact.removals import Removal
    from prefect_iac.workspace.content import Json
    from prefect_iac.workspace.outlook import Outlook, Prospect

__all__ = ["dangling_effects", "reference_effects"]

_TEMPLATE: Final = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}", re.DOTALL)
_VARIABLE: Final = re.compile(r"""\bvariables(?:\.([\w-]+)|\[\s*["']([\w-]+)["']\s*\])""")
_BLOCK: Final = re.compile(r"\bprefect\.blocks\.([\w-]+)\.([\w-]+)")

_DOCUMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "prefect_automation": ACTION_LISTS,
    "prefect_deployment": ("pull_steps", "job_variables", "parameters", "schedules"),
    "prefect_work_pool": ("base_job_template",),
}
"""Where the objects of each type may name a variable or a block."""

_VALUE: Final = "prefect_variable"
_BLOCK_TYPE: Final = "prefect_block"


def dangling_effects(outlook: Outlook, gone: Mapping[str, tuple[str, Removal]]) -> Iterator[Effect]:
    """The automations that stay, and act on something or listen to something that goes."""
    acting: dict[str, list[str]] = {}
    listening: dict[str, list[str]] = {}
    roots: dict[str, Removal] = {}
    for one in outlook.prospects:
        if one.type != "prefect_automation" or one.planned is None:
            continue
        name = subject_of(one, outlook.planned)
        for target in outlook.planned.targets_of(one.planned):
            if target.id in gone:
                acting.setdefault(target.id, []).append(name)
        trigger = json.dumps(one.planned.get("trigger"), default=str)
        for id_ in gone:
            if id_ in trigger:
                listening.setdefault(id_, []).append(name)
    for id_ in (*acting, *listening):
        removal = gone[id_][1]
        roots[removal.prospect.old_id] = removal
    for root, removal in roots.items():
        taken = {root, *(one.old_id for one in removal.taken)}
        act = {name for id_ in taken for name in acting.get(id_, ())}
        listen = {name for id_ in taken for name in listening.get(id_, ())}
        details = [("act on it", few(act))] if act else []
        details += [("listen to it", few(listen))] if listen else []
        number = len(act | listen)
        yield Effect(
            "dangling-automation",
            "warning",
            subject_of(removal.prospect, outlook.now),
            f"goes, and {counted(number, 'automation')} that {'stays refers' if number == 1 else 'stay refer'} to it, "
            "or to what goes with it, by its id",
            tuple(details),
            {"automations": number},
        )


def reference_effects(outlook: Outlook, found: Sequence[Removal]) -> Iterator[Effect]:
    """The variables and blocks that go, or get another name, and are still named in what stays."""
    names = _Names(outlook)
    removed = {(one.prospect.type, one.prospect.old_id) for one in found}
    kept = {name_of(one) for one in outlook.planned.of(_VALUE).values()}
    kept_blocks = {_block_name(one) for one in outlook.planned.of(_BLOCK_TYPE).values()}
    for one in outlook.prospects:
        if one.now is None or one.change is None:
            continue
        is_gone = (one.type, one.old_id) in removed or one.action == "update"
        if one.type == _VALUE and is_gone and name_of(one.now) not in kept:
            users = names.of_variables.get(name_of(one.now), set())
            yield from _still_used(outlook, one, "variable", users)
        elif one.type == _BLOCK_TYPE and is_gone:
            name = _block_name(one.now)
            users = names.of_blocks.get(name, set()) if name not in kept_blocks else set()
            yield from _still_used(
                outlook, one, "block", users | names.of_blocks.get(("", one.old_id), set())
            )


def _still_used(outlook: Outlook, one: Prospect, noun: str, users: set[str]) -> Iterator[Effect]:
    if users:
        goes = "goes" if one.planned is None or one.action == "replace" else "gets another name"
        yield Effect(
            f"{noun}-still-used",
            "warning",
            subject_of(one, outlook.now),
            f"{goes}, and {counted(len(users), 'object')} that {'stays names' if len(users) == 1 else 'stay name'} it",
            (("named in", few(users)),),
            {"objects": len(users)},
        )


def _block_name(document: Json) -> tuple[str, str]:
    """The slug of its type, and its name; as templates name it."""
    type_ = document.get("block_type")
    slug = type_.get("slug") if isinstance(type_, dict) else document.get("type_slug")
    return str(slug or document.get("block_type_name") or ""), name_of(document)


class _Names:
    """Who names which variable, and which block."""

    def __init__(self, outlook: Outlook) -> None:
        self.of_variables: dict[str, set[str]] = {}
        self.of_blocks: dict[tuple[str, str], set[str]] = {}
        """By the slug of the type and the name; of one named by its id, without a type."""
        for one in outlook.prospects:
            if one.planned is None or one.type not in _DOCUMENTS:
                continue
            user = subject_of(one, outlook.planned)
            for field in _DOCUMENTS[one.type]:
                self._look(one.planned.get(field), user)

    def _look(self, value: Any, user: str) -> None:
        match value:
            case str() if "{" in value:
                for inside in _TEMPLATE.finditer(value):
                    self._template(inside[1] or inside[2] or "", user)
            case dict():
                self._marked(value, user)
                for inner in value.values():
                    self._look(inner, user)
            case list():
                for inner in value:
                    self._look(inner, user)

    def _template(self, text: str, user: str) -> None:
        for found in _VARIABLE.finditer(text):
            self.of_variables.setdefault(found[1] or found[2], set()).add(user)
        for found in _BLOCK.finditer(text):
            self.of_blocks.setdefault((found[1], found[2]), set()).add(user)

    def _marked(self, value: Mapping[str, Any], user: str) -> None:
        """``{"__prefect_kind": "workspace_variable", ...}``, and ``{"$ref": {"block_document_id": ...}}``."""
        name, block = value.get("variable_name"), value.get("block_document_id")
        if value.get(MARK) == "workspace_variable" and isinstance(name, str):
            self.of_variables.setdefault(name, set()).add(user)
        if isinstance(block, str) and "type" not in value:
            self.of_blocks.setdefault(("", block), set()).add(user)
