"""How the function authenticates: with an API key, or a user and password, of the environment or of SSM.

PREFECT_API_KEY or PREFECT_API_AUTH_STRING (``user:password``) hold it; PREFECT_API_KEY_PARAMETER or
PREFECT_API_AUTH_STRING_PARAMETER name a parameter of SSM's Parameter Store that does, a SecureString. As in Prefect's
own client, user and password come before a key. What was read from SSM is kept for five minutes, and read anew when
the API does not take it.
"""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING, Any

from .problems import SettingError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Credentials"]

_SECONDS = 300.0

_KEPT: dict[str, tuple[float, str]] = {}
"""Values of parameters, with the time until which they are good; an instance of the function answers many calls."""


class Credentials:
    """What the ``Authorization`` header says; ``connect`` makes SSM's client, once it is needed."""

    def __init__(self, environ: Mapping[str, str], connect: Callable[[], Any] | None = None) -> None:
        self._environ = environ
        self._connect = connect or _ssm

    def header(self) -> str | None:
        """The header's value, ``None`` for an API that asks for none.

        :raises SettingError: there is no such parameter, or the function's role may not read it.
        :raises UnavailableError: SSM cannot tell now.
        """
        if password := self._value("PREFECT_API_AUTH_STRING"):
            return f"Basic {base64.b64encode(password.encode()).decode()}"
        if key := self._value("PREFECT_API_KEY"):
            return f"Bearer {key}"
        return None

    def forget(self) -> bool:
        """Have the parameter read anew, and return whether there is one."""
        names = [
            name
            for variable in ("PREFECT_API_AUTH_STRING", "PREFECT_API_KEY")
            if (name := self._environ.get(f"{variable}_PARAMETER"))
        ]
        for name in names:
            _KEPT.pop(name, None)
        return bool(names)

    def _value(self, variable: str) -> str | None:
        if given := self._environ.get(variable):
            return given
        name = self._environ.get(f"{variable}_PARAMETER")
        if not name:
            return None
        until, value = _KEPT.get(name, (0.0, ""))
        if time.monotonic() >= until:
            value = self._read(name)
            _KEPT[name] = (time.monotonic() + _SECONDS, value)
        return value

    def _read(self, name: str) -> str:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer = self._connect().get_parameter(Name=name, WithDecryption=True)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("ParameterNotFound", "AccessDeniedException", "ValidationException"):
                msg = f"the parameter {name} of SSM cannot be read: {code}"
                raise SettingError(msg) from error
            msg = f"SSM does not tell the parameter {name}: {code}"
            raise UnavailableError(msg) from error
        except BotoCoreError as error:
            msg = f"SSM does not tell the parameter {name}: {error}"
            raise UnavailableError(msg) from error
        return str(answer["Parameter"]["Value"]).strip()


def _ssm() -> Any:
    import boto3

    return boto3.client("ssm")
