"""Where a construct is put: its scope and its id, checked before the CDK sees them."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary, ref

from prefect_constructs._runtime import RUNTIME, VARIABLE, Construct, Scope, TerraformStack, runtime_of
from prefect_constructs.errors import refuse
from prefect_constructs.plain_values import plain_value
from prefect_constructs.tokens import is_expression
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["construct_path", "enter", "place", "stack_of", "take_alias", "take_id"]

_STACKS: Final[WeakKeyDictionary[Scope, ref[TerraformStack]]] = WeakKeyDictionary()

_NAMES: Final[WeakKeyDictionary[Scope, dict[tuple[str, str], str]]] = WeakKeyDictionary()
"""The ids in each scope, by type and by the name that Terraform's state has for them."""

_ALIASES: Final[WeakKeyDictionary[TerraformStack, set[str | None]]] = WeakKeyDictionary()

_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_-]")


def construct_path(scope: Scope, id_: str) -> str:
    """How errors name a construct that is to be made: ``MyStack/nightly``."""
    outer: str = scope.node.path
    return f"{outer}/{id_}" if outer else id_


def place(called: str, scope: object, id_: object) -> Callable[[], str]:
    """The path of a construct that is to be made, as a function; ``called`` is its class.

    :raises PrefectConstructError: the scope is no construct in a stack, or the id is none.
    """
    own = f"{called}(...)"
    if not isinstance(scope, Construct):
        got = "None" if scope is None else f"{show(scope)} ({type(scope).__name__})"
        remedy = f"In a class of your own, it is `self`: `{called}(self, {show(id_)})`."
        other = runtime_of(scope)
        if other:
            got, remedy = f"a {type(scope).__name__} of {other}", _remedy_of_mixture(other)
        raise refuse(lambda: own, ("scope",), expected="a stack or another construct", got=got, remedy=remedy)
    text = plain_value(id_)
    if not isinstance(text, str) or not text:
        got = "empty text" if text == "" else f"{show(text)} ({type(text).__name__})"
        raise refuse(
            lambda: construct_path(scope, own), ("id_",), expected="a name in its scope, as text", got=got
        )
    where = partial(construct_path, scope, own if is_expression(text) else text)
    if is_expression(text):
        what = "the id is a name in Terraform's state, and cannot be worked out by Terraform"
        raise refuse(where, ("id_",), what, remedy="Write it out; for the object's name there is `name`.")
    try:
        stack = stack_of(scope)
    except RuntimeError:
        what = "there is no stack around it"
        raise refuse(
            where, ("scope",), what, remedy="Make it in a `TerraformStack`, or in a construct that is in one."
        ) from None
    name = _NOT_IN_NAMES.sub("", text.replace("/", "--"))
    if scope is stack and not re.match("[A-Za-z_]", name):
        expected = "an id that starts with a letter or an underscore, as names in Terraform's state do"
        raise refuse(where, ("id_",), expected=expected, got=show(text))
    return where


def _remedy_of_mixture(other: str) -> str:
    module = "prefect_constructs.native" if other == "native" else other
    return (
        f"The constructs run on {RUNTIME} here. Import `{module}` before the constructs, or set {VARIABLE}={other}, "
        "so that they run on that."
    )


def take_id(kind: str, scope: Scope, id_: str, where: Callable[[], str]) -> None:
    """Claim the id for a construct of a kind, such as a Terraform type.

    :raises PrefectConstructError: another one has it, or one that comes to the same name in Terraform's state.
    """
    in_scope = _NAMES.setdefault(scope, {})
    within = scope is stack_of(scope)
    text = id_.replace("/", "--")
    # Inside of other constructs, the name has a hash of the path in it.
    name = _NOT_IN_NAMES.sub("", text) if within else text
    known = in_scope.setdefault((kind, name), id_)
    if known is not id_ and known != id_ and known.replace("/", "--") != text:
        what = f'another construct has the id "{known}", which is the same name in Terraform\'s state: {name}'
        raise refuse(where, (), what, remedy="Give the newer of them another id.")


def take_alias(alias: str | None, stack: TerraformStack, where: Callable[[], str]) -> None:
    """Claim the alias of a provider's configuration in a stack; ``None`` is that of the default one.

    :raises PrefectConstructError: another configuration has it.
    """
    aliases = _ALIASES.setdefault(stack, set())
    if alias in aliases:
        other = "without an alias" if alias is None else f'with the alias "{alias}"'
        what = f"the stack has another provider {other}"
        raise refuse(where, ("alias",), what, remedy="Give this one an alias of its own.")
    aliases.add(alias)


def stack_of(scope: Scope) -> TerraformStack:
    """The stack that a construct is in, or is.

    :raises RuntimeError: it is in none.
    """
    known = _STACKS.get(scope)
    stack = None if known is None else known()
    if stack is None:
        within: Any = scope
        stack = TerraformStack.of(within)
        _STACKS[scope] = ref(stack)
    return stack


def enter(construct: Construct, stack: TerraformStack) -> None:
    """Note the stack of a construct that was made, so that nobody has to look for it."""
    _STACKS[construct] = ref(stack)
