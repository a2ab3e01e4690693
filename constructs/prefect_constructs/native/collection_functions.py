"""Terraform's functions of lists, sets and mappings, of types, and of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_constructs.native.function_calls import (
    ANY,
    NUMBER,
    TEXT,
    ListOf,
    Several,
    any_call,
    flag_call,
    list_call,
    number_call,
    text_call,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_constructs.native.tokens import Resolvable

__all__ = ["CollectionFunctions"]


class CollectionFunctions:
    """Functions of many values, or of values of any type."""

    @staticmethod
    def alltrue(list: Sequence[Any]) -> Resolvable:  # noqa: A002 - Terraform's name for it
        """Terraform's ``alltrue``: true or false."""
        return flag_call("alltrue", (ListOf(ANY), list))

    @staticmethod
    def anytrue(list: Sequence[Any]) -> Resolvable:  # noqa: A002 - Terraform's name for it
        """Terraform's ``anytrue``: true or false."""
        return flag_call("anytrue", (ListOf(ANY), list))

    @staticmethod
    def can(expression: Any) -> Resolvable:
        """Terraform's ``can``: true or false."""
        return flag_call("can", (ANY, expression))

    @staticmethod
    def chunklist(list: Sequence[Any], size: float) -> list[Any]:  # noqa: A002 - Terraform's name for it
        """Terraform's ``chunklist``: a list."""
        return list_call("chunklist", (ListOf(ANY), list), (NUMBER, size))

    @staticmethod
    def coalesce(vals: Sequence[Any]) -> Any:
        """Terraform's ``coalesce``: a value."""
        return any_call("coalesce", (Several(ANY), vals))

    @staticmethod
    def coalescelist(vals: Sequence[Any]) -> Any:
        """Terraform's ``coalescelist``: a value."""
        return any_call("coalescelist", (Several(ANY), vals))

    @staticmethod
    def compact(list: Sequence[Any]) -> list[Any]:  # noqa: A002 - Terraform's name for it
        """Terraform's ``compact``: a list."""
        return list_call("compact", (ListOf(ANY), list))

    @staticmethod
    def concat(seqs: Sequence[Any]) -> Any:
        """Terraform's ``concat``: a value."""
        return any_call("concat", (Several(ANY), seqs))

    @staticmethod
    def contains(list: Any, value: Any) -> Any:  # noqa: A002 - Terraform's name for it
        """Terraform's ``contains``: a value."""
        return any_call("contains", (ANY, list), (ANY, value))

    @staticmethod
    def convert(value: Any, type: Any) -> Any:  # noqa: A002 - Terraform's name for it
        """Terraform's ``convert``: a value."""
        return any_call("convert", (ANY, value), (ANY, type))

    @staticmethod
    def csvdecode(str: str) -> Any:  # noqa: A002 - Terraform's name for it
        """Terraform's ``csvdecode``: a value."""
        return any_call("csvdecode", (TEXT, str))

    @staticmethod
    def distinct(list: Sequence[Any]) -> list[Any]:  # noqa: A002 - Terraform's name for it
        """Terraform's ``distinct``: a list."""
        return list_call("distinct", (ListOf(ANY), list))

    @staticmethod
    def element(list: Any, index: float) -> Any:  # noqa: A002 - Terraform's name for it
        """Terraform's ``element``: a value."""
        return any_call("element", (ANY, list), (NUMBER, index))

    @staticmethod
    def ephemeralasnull(value: Any) -> Any:
        """Terraform's ``ephemeralasnull``: a value."""
        return any_call("ephemeralasnull", (ANY, value))

    @staticmethod
    def flatten(list: Any) -> Any:  # noqa: A002 - Terraform's name for it
        """Terraform's ``flatten``: a value."""
        return any_call("flatten", (ANY, list))

    @staticmethod
    def formatlist(format: str, args: Sequence[Any]) -> list[Any]:  # noqa: A002 - Terraform's name for it
        """Terraform's ``formatlist``: a list."""
        return list_call("formatlist", (TEXT, format), (Several(ANY), args))

    @staticmethod
    def index(list: Any, value: Any) -> Any:  # noqa: A002 - Terraform's name for it
        """Terraform's ``index``: a value."""
        return any_call("index", (ANY, list), (ANY, value))

    @staticmethod
    def issensitive(value: Any) -> Resolvable:
        """Terraform's ``issensitive``: true or false."""
        return flag_call("issensitive", (ANY, value))

    @staticmethod
    def jsondecode(str: str) -> Any:  # noqa: A002 - Terraform's name for it
        """Terraform's ``jsondecode``: a value."""
        return any_call("jsondecode", (TEXT, str))

    @staticmethod
    def jsonencode(val: Any) -> str:
        """Terraform's ``jsonencode``: text."""
        return text_call("jsonencode", (ANY, val))

    @staticmethod
    def keys(input_map: Any) -> Any:
        """Terraform's ``keys``: a value."""
        return any_call("keys", (ANY, input_map))

    @staticmethod
    def length_of(value: Any) -> float:
        """Terraform's ``length``: a number."""
        return number_call("length", (ANY, value))

    @staticmethod
    def matchkeys(values: Sequence[Any], keys: Sequence[Any], searchset: Sequence[Any]) -> list[Any]:
        """Terraform's ``matchkeys``: a list."""
        return list_call("matchkeys", (ListOf(ANY), values), (ListOf(ANY), keys), (ListOf(ANY), searchset))

    @staticmethod
    def max(numbers: Sequence[float]) -> float:
        """Terraform's ``max``: a number."""
        return number_call("max", (Several(NUMBER), numbers))

    @staticmethod
    def merge(maps: Sequence[Any]) -> Any:
        """Terraform's ``merge``: a value."""
        return any_call("merge", (Several(ANY), maps))

    @staticmethod
    def min(numbers: Sequence[float]) -> float:
        """Terraform's ``min``: a number."""
        return number_call("min", (Several(NUMBER), numbers))

    @staticmethod
    def nonsensitive(value: Any) -> Any:
        """Terraform's ``nonsensitive``: a value."""
        return any_call("nonsensitive", (ANY, value))

    @staticmethod
    def one(list: Any) -> Any:  # noqa: A002 - Terraform's name for it
        """Terraform's ``one``: a value."""
        return any_call("one", (ANY, list))

    @staticmethod
    def reverse(list: Any) -> Any:  # noqa: A002 - Terraform's name for it
        """Terraform's ``reverse``: a value."""
        return any_call("reverse", (ANY, list))

    @staticmethod
    def sensitive(value: Any) -> Any:
        """Terraform's ``sensitive``: a value."""
        return any_call("sensitive", (ANY, value))

    @staticmethod
    def setintersection(first_set: Sequence[Any], other_sets: Sequence[Sequence[Any]]) -> list[Any]:
        """Terraform's ``setintersection``: a list."""
        return list_call("setintersection", (ListOf(ANY), first_set), (Several(ListOf(ANY)), other_sets))

    @staticmethod
    def setproduct(sets: Sequence[Any]) -> Any:
        """Terraform's ``setproduct``: a value."""
        return any_call("setproduct", (Several(ANY), sets))

    @staticmethod
    def setsubtract(a: Sequence[Any], b: Sequence[Any]) -> list[Any]:
        """Terraform's ``setsubtract``: a list."""
        return list_call("setsubtract", (ListOf(ANY), a), (ListOf(ANY), b))

    @staticmethod
    def setunion(first_set: Sequence[Any], other_sets: Sequence[Sequence[Any]]) -> list[Any]:
        """Terraform's ``setunion``: a list."""
        return list_call("setunion", (ListOf(ANY), first_set), (Several(ListOf(ANY)), other_sets))

    @staticmethod
    def slice(list: Any, start_index: float, end_index: float) -> Any:  # noqa: A002 - Terraform's name for it
        """Terraform's ``slice``: a value."""
        return any_call("slice", (ANY, list), (NUMBER, start_index), (NUMBER, end_index))

    @staticmethod
    def sort(list: Sequence[Any]) -> list[Any]:  # noqa: A002 - Terraform's name for it
        """Terraform's ``sort``: a list."""
        return list_call("sort", (ListOf(ANY), list))

    @staticmethod
    def split(separator: str, str: str) -> list[Any]:  # noqa: A002 - Terraform's name for it
        """Terraform's ``split``: a list."""
        return list_call("split", (TEXT, separator), (TEXT, str))

    @staticmethod
    def sum(list: Any) -> Any:  # noqa: A002 - Terraform's name for it
        """Terraform's ``sum``: a value."""
        return any_call("sum", (ANY, list))

    @staticmethod
    def tobool(v: Any) -> Resolvable:
        """Terraform's ``tobool``: true or false."""
        return flag_call("tobool", (ANY, v))

    @staticmethod
    def tolist(v: Any) -> list[Any]:
        """Terraform's ``tolist``: a list."""
        return list_call("tolist", (ANY, v))

    @staticmethod
    def tomap(v: Any) -> Any:
        """Terraform's ``tomap``: a value."""
        return any_call("tomap", (ANY, v))

    @staticmethod
    def tonumber(v: Any) -> float:
        """Terraform's ``tonumber``: a number."""
        return number_call("tonumber", (ANY, v))

    @staticmethod
    def toset(v: Any) -> list[Any]:
        """Terraform's ``toset``: a list."""
        return list_call("toset", (ANY, v))

    @staticmethod
    def tostring(v: Any) -> str:
        """Terraform's ``tostring``: text."""
        return text_call("tostring", (ANY, v))

    @staticmethod
    def transpose(values: Mapping[str, Any]) -> Any:
        """Terraform's ``transpose``: a value."""
        return any_call("transpose", (ANY, values))

    @staticmethod
    def try_(expressions: Sequence[Any]) -> Any:
        """Terraform's ``try``: a value."""
        return any_call("try", (Several(ANY), expressions))

    @staticmethod
    def values(mapping: Any) -> Any:
        """Terraform's ``values``: a value."""
        return any_call("values", (ANY, mapping))

    @staticmethod
    def yamldecode(src: str) -> Any:
        """Terraform's ``yamldecode``: a value."""
        return any_call("yamldecode", (TEXT, src))

    @staticmethod
    def yamlencode(value: Any) -> str:
        """Terraform's ``yamlencode``: text."""
        return text_call("yamlencode", (ANY, value))

    @staticmethod
    def zipmap(keys: Sequence[Any], values: Any) -> Any:
        """Terraform's ``zipmap``: a value."""
        return any_call("zipmap", (ListOf(ANY), keys), (ANY, values))
