"""From what a job says of itself to the conversation of its pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_iac.hosts.bitbucket import BitbucketCloud, BitbucketServer
from prefect_iac.hosts.github import GitHub
from prefect_iac.hosts.gitlab import GitLab

if TYPE_CHECKING:
    from prefect_iac.hosts.surroundings import Surroundings
    from prefect_iac.hosts.thread import Thread
    from prefect_iac.hosts.web import Web

__all__ = ["thread_of"]


def thread_of(found: Surroundings, web: Web) -> Thread:
    """The pull request's conversation, through a way to its host."""
    if found.host == "github":
        return GitHub(web, found.project[0], found.number, graphql=found.graphql)
    if found.host == "gitlab":
        return GitLab(web, found.project[0], found.number)
    kind = BitbucketServer if found.server else BitbucketCloud
    return kind(web, found.project[0], found.project[1], found.number)
