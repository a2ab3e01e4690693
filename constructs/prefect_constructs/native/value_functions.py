"""Terraform's functions of texts, numbers, times, files and addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_constructs.native.function_calls import (
    ANY,
    NUMBER,
    TEXT,
    Several,
    any_call,
    flag_call,
    list_call,
    number_call,
    text_call,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_constructs.native.tokens import Resolvable

__all__ = ["ValueFunctions"]


class ValueFunctions:
    """Functions of single values."""

    @staticmethod
    def abs(num: float) -> float:
        """Terraform's ``abs``: a number."""
        return number_call("abs", (NUMBER, num))

    @staticmethod
    def abspath(path: str) -> str:
        """Terraform's ``abspath``: text."""
        return text_call("abspath", (TEXT, path))

    @staticmethod
    def base64decode(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``base64decode``: text."""
        return text_call("base64decode", (TEXT, str))

    @staticmethod
    def base64encode(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``base64encode``: text."""
        return text_call("base64encode", (TEXT, str))

    @staticmethod
    def base64gunzip(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``base64gunzip``: text."""
        return text_call("base64gunzip", (TEXT, str))

    @staticmethod
    def base64gzip(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``base64gzip``: text."""
        return text_call("base64gzip", (TEXT, str))

    @staticmethod
    def base64sha256(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``base64sha256``: text."""
        return text_call("base64sha256", (TEXT, str))

    @staticmethod
    def base64sha512(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``base64sha512``: text."""
        return text_call("base64sha512", (TEXT, str))

    @staticmethod
    def basename(path: str) -> str:
        """Terraform's ``basename``: text."""
        return text_call("basename", (TEXT, path))

    @staticmethod
    def ceil(num: float) -> float:
        """Terraform's ``ceil``: a number."""
        return number_call("ceil", (NUMBER, num))

    @staticmethod
    def chomp(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``chomp``: text."""
        return text_call("chomp", (TEXT, str))

    @staticmethod
    def cidrcontains(containing_prefix: str, contained_ip_or_prefix: str) -> Resolvable:
        """Terraform's ``cidrcontains``: true or false."""
        return flag_call("cidrcontains", (TEXT, containing_prefix), (TEXT, contained_ip_or_prefix))

    @staticmethod
    def cidrhost(prefix: str, hostnum: float) -> str:
        """Terraform's ``cidrhost``: text."""
        return text_call("cidrhost", (TEXT, prefix), (NUMBER, hostnum))

    @staticmethod
    def cidrnetmask(prefix: str) -> str:
        """Terraform's ``cidrnetmask``: text."""
        return text_call("cidrnetmask", (TEXT, prefix))

    @staticmethod
    def cidrsubnet(prefix: str, newbits: float, netnum: float) -> str:
        """Terraform's ``cidrsubnet``: text."""
        return text_call("cidrsubnet", (TEXT, prefix), (NUMBER, newbits), (NUMBER, netnum))

    @staticmethod
    def cidrsubnets(prefix: str, newbits: Sequence[float]) -> list[Any]:
        """Terraform's ``cidrsubnets``: a list."""
        return list_call("cidrsubnets", (TEXT, prefix), (Several(NUMBER), newbits))

    @staticmethod
    def dirname(path: str) -> str:
        """Terraform's ``dirname``: text."""
        return text_call("dirname", (TEXT, path))

    @staticmethod
    def endswith(str: str, suffix: str) -> Resolvable:  # noqa: A002 - Terraform's name for it
        """Terraform's ``endswith``: true or false."""
        return flag_call("endswith", (TEXT, str), (TEXT, suffix))

    @staticmethod
    def file(path: str) -> str:
        """Terraform's ``file``: text."""
        return text_call("file", (TEXT, path))

    @staticmethod
    def filebase64(path: str) -> str:
        """Terraform's ``filebase64``: text."""
        return text_call("filebase64", (TEXT, path))

    @staticmethod
    def filebase64sha256(path: str) -> str:
        """Terraform's ``filebase64sha256``: text."""
        return text_call("filebase64sha256", (TEXT, path))

    @staticmethod
    def filebase64sha512(path: str) -> str:
        """Terraform's ``filebase64sha512``: text."""
        return text_call("filebase64sha512", (TEXT, path))

    @staticmethod
    def fileexists(path: str) -> Resolvable:
        """Terraform's ``fileexists``: true or false."""
        return flag_call("fileexists", (TEXT, path))

    @staticmethod
    def filemd5(path: str) -> str:
        """Terraform's ``filemd5``: text."""
        return text_call("filemd5", (TEXT, path))

    @staticmethod
    def fileset(path: str, pattern: str) -> list[Any]:
        """Terraform's ``fileset``: a list."""
        return list_call("fileset", (TEXT, path), (TEXT, pattern))

    @staticmethod
    def filesha1(path: str) -> str:
        """Terraform's ``filesha1``: text."""
        return text_call("filesha1", (TEXT, path))

    @staticmethod
    def filesha256(path: str) -> str:
        """Terraform's ``filesha256``: text."""
        return text_call("filesha256", (TEXT, path))

    @staticmethod
    def filesha512(path: str) -> str:
        """Terraform's ``filesha512``: text."""
        return text_call("filesha512", (TEXT, path))

    @staticmethod
    def floor(num: float) -> float:
        """Terraform's ``floor``: a number."""
        return number_call("floor", (NUMBER, num))

    @staticmethod
    def format(format: str, args: Sequence[Any]) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``format``: text."""
        return text_call("format", (TEXT, format), (Several(ANY), args))

    @staticmethod
    def formatdate(format: str, time: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``formatdate``: text."""
        return text_call("formatdate", (TEXT, format), (TEXT, time))

    @staticmethod
    def indent(spaces: float, str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``indent``: text."""
        return text_call("indent", (NUMBER, spaces), (TEXT, str))

    @staticmethod
    def log(num: float, base: float) -> float:
        """Terraform's ``log``: a number."""
        return number_call("log", (NUMBER, num), (NUMBER, base))

    @staticmethod
    def lower(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``lower``: text."""
        return text_call("lower", (TEXT, str))

    @staticmethod
    def md5(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``md5``: text."""
        return text_call("md5", (TEXT, str))

    @staticmethod
    def parseint(number: Any, base: float) -> Any:
        """Terraform's ``parseint``: a value."""
        return any_call("parseint", (ANY, number), (NUMBER, base))

    @staticmethod
    def pathexpand(path: str) -> str:
        """Terraform's ``pathexpand``: text."""
        return text_call("pathexpand", (TEXT, path))

    @staticmethod
    def plantimestamp() -> str:
        """Terraform's ``plantimestamp``: text."""
        return text_call("plantimestamp")

    @staticmethod
    def pow(num: float, power: float) -> float:
        """Terraform's ``pow``: a number."""
        return number_call("pow", (NUMBER, num), (NUMBER, power))

    @staticmethod
    def regex(pattern: str, str: str) -> Any:  # noqa: A002 - Terraform's name for it
        """Terraform's ``regex``: a value."""
        return any_call("regex", (TEXT, pattern), (TEXT, str))

    @staticmethod
    def regexall(pattern: str, str: str) -> list[Any]:  # noqa: A002 - Terraform's name for it
        """Terraform's ``regexall``: a list."""
        return list_call("regexall", (TEXT, pattern), (TEXT, str))

    @staticmethod
    def replace(str: str, substr: str, replace: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``replace``: text."""
        return text_call("replace", (TEXT, str), (TEXT, substr), (TEXT, replace))

    @staticmethod
    def rsadecrypt(ciphertext: str, privatekey: str) -> str:
        """Terraform's ``rsadecrypt``: text."""
        return text_call("rsadecrypt", (TEXT, ciphertext), (TEXT, privatekey))

    @staticmethod
    def sha1(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``sha1``: text."""
        return text_call("sha1", (TEXT, str))

    @staticmethod
    def sha256(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``sha256``: text."""
        return text_call("sha256", (TEXT, str))

    @staticmethod
    def sha512(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``sha512``: text."""
        return text_call("sha512", (TEXT, str))

    @staticmethod
    def signum(num: float) -> float:
        """Terraform's ``signum``: a number."""
        return number_call("signum", (NUMBER, num))

    @staticmethod
    def startswith(str: str, prefix: str) -> Resolvable:  # noqa: A002 - Terraform's name for it
        """Terraform's ``startswith``: true or false."""
        return flag_call("startswith", (TEXT, str), (TEXT, prefix))

    @staticmethod
    def strcontains(str: str, substr: str) -> Resolvable:  # noqa: A002 - Terraform's name for it
        """Terraform's ``strcontains``: true or false."""
        return flag_call("strcontains", (TEXT, str), (TEXT, substr))

    @staticmethod
    def strrev(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``strrev``: text."""
        return text_call("strrev", (TEXT, str))

    @staticmethod
    def substr(str: str, offset: float, length: float) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``substr``: text."""
        return text_call("substr", (TEXT, str), (NUMBER, offset), (NUMBER, length))

    @staticmethod
    def templatefile(path: str, vars: Any) -> Any:  # noqa: A002 - Terraform's name for it
        """Terraform's ``templatefile``: a value."""
        return any_call("templatefile", (TEXT, path), (ANY, vars))

    @staticmethod
    def templatestring(template: str, vars: Any) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``templatestring``: text."""
        return text_call("templatestring", (TEXT, template), (ANY, vars))

    @staticmethod
    def textdecodebase64(source: str, encoding: str) -> str:
        """Terraform's ``textdecodebase64``: text."""
        return text_call("textdecodebase64", (TEXT, source), (TEXT, encoding))

    @staticmethod
    def textencodebase64(str: str, encoding: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``textencodebase64``: text."""
        return text_call("textencodebase64", (TEXT, str), (TEXT, encoding))

    @staticmethod
    def timeadd(timestamp: str, duration: str) -> str:
        """Terraform's ``timeadd``: text."""
        return text_call("timeadd", (TEXT, timestamp), (TEXT, duration))

    @staticmethod
    def timecmp(timestamp_a: str, timestamp_b: str) -> float:
        """Terraform's ``timecmp``: a number."""
        return number_call("timecmp", (TEXT, timestamp_a), (TEXT, timestamp_b))

    @staticmethod
    def timestamp() -> str:
        """Terraform's ``timestamp``: text."""
        return text_call("timestamp")

    @staticmethod
    def title(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``title``: text."""
        return text_call("title", (TEXT, str))

    @staticmethod
    def trim(str: str, cutset: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``trim``: text."""
        return text_call("trim", (TEXT, str), (TEXT, cutset))

    @staticmethod
    def trimprefix(str: str, prefix: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``trimprefix``: text."""
        return text_call("trimprefix", (TEXT, str), (TEXT, prefix))

    @staticmethod
    def trimspace(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``trimspace``: text."""
        return text_call("trimspace", (TEXT, str))

    @staticmethod
    def trimsuffix(str: str, suffix: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``trimsuffix``: text."""
        return text_call("trimsuffix", (TEXT, str), (TEXT, suffix))

    @staticmethod
    def upper(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``upper``: text."""
        return text_call("upper", (TEXT, str))

    @staticmethod
    def urldecode(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``urldecode``: text."""
        return text_call("urldecode", (TEXT, str))

    @staticmethod
    def urlencode(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``urlencode``: text."""
        return text_call("urlencode", (TEXT, str))

    @staticmethod
    def uuid() -> str:
        """Terraform's ``uuid``: text."""
        return text_call("uuid")

    @staticmethod
    def uuidv5(namespace: str, name: str) -> str:
        """Terraform's ``uuidv5``: text."""
        return text_call("uuidv5", (TEXT, namespace), (TEXT, name))
