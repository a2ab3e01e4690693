"""What goes wrong, by whether trying again helps."""

from __future__ import annotations

__all__ = ["NotANotificationError", "RefusedError", "SettingError", "UnavailableError"]


class SettingError(Exception):
    """A setting of the function is missing or wrong; says which, and what was expected."""


class NotANotificationError(Exception):
    """The function was called with something that does not tell of objects in S3."""


class RefusedError(Exception):
    """Prefect will never make a run of this object, however often it is asked; says why."""


class UnavailableError(Exception):
    """The API did not answer, or said that it cannot now, or not with this key: later it may."""
