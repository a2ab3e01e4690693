"""Requests to Prefect's REST API, with what the environment says of it: PREFECT_API_URL, PREFECT_API_KEY."""

import json
import os
from typing import Any
from urllib.request import Request, urlopen


def call(method: str, path: str, body: object = None) -> Any:
    """Send a request; return what it is answered with."""
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get("PREFECT_API_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    data = None if body is None else json.dumps(body).encode()
    url = os.environ["PREFECT_API_URL"].rstrip("/") + path
    request = Request(url, data, headers, method=method)  # noqa: S310 - the address is the user's
    with urlopen(request, timeout=60) as answer:  # noqa: S310 - the same
        return json.loads(answer.read() or "null")


def id_of(name: str) -> str:
    """The id of a flow, by its name, or of a deployment, by `<flow>/<deployment>`."""
    kind = "deployments" if "/" in name else "flows"
    return str(call("GET", f"/{kind}/name/{name}")["id"])
