"""A flow that takes users from an API, and cleans their names. Run here, it needs no deployment: `python users.py`."""

import json
from typing import Any
from urllib.request import urlopen

from prefect import flow, task


@task(retries=2)
def fetch_users(url: str) -> list[dict[str, Any]]:
    """The users that the API answers with, as `{"results": [{"name": {"first": ..., "last": ...}}]}`."""
    with urlopen(url, timeout=30) as answer:  # noqa: S310 - the address is a parameter
        users: list[dict[str, Any]] = json.load(answer)["results"]
    return users


@task
def full_name(user: dict[str, Any]) -> str:
    """The name of a user, tidied up."""
    return f"{user['name']['first']} {user['name']['last']}".strip().title()


@flow(log_prints=True)
def clean_users(url: str = "https://randomuser.me/api/?results=10") -> list[str]:
    """The names of the users, in order."""
    names = sorted(full_name(user) for user in fetch_users(url))
    print(f"cleaned {len(names)} names")
    return names


if __name__ == "__main__":
    clean_users()
