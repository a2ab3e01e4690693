"""A pull request's conversation, as every host has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.hosts.comment import HostName

__all__ = ["Comment", "Pull", "Thread"]


class Comment(NamedTuple):
    """A comment that is there."""

    id: int
    body: str
    author: str
    """Who wrote it, as :meth:`Thread.me` says it."""
    version: int = 0
    """Counts the edits, where the host wants to be told which one is replaced."""


class Pull(NamedTuple):
    """A pull request as it is now."""

    head: str
    """Its newest commit, maybe shortened."""
    fork: bool
    """Whether it comes from another repository, whose authors may not see the secrets of this one."""


class Thread(Protocol):
    """What can be asked of a host, and done there. Each method raises HostError."""

    @property
    def host(self) -> HostName:
        """Which host it is."""
        ...

    def pull(self) -> Pull:
        """The pull request."""
        ...

    def me(self) -> str:
        """Who we are to the host."""
        ...

    def comments(self) -> Iterator[Comment]:
        """All comments, the oldest first."""
        ...

    def create(self, body: str) -> None:
        """Write a new comment."""
        ...

    def edit(self, comment: Comment, body: str) -> None:
        """Replace the text of a comment of ours."""
        ...
