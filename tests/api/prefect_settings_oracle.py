"""Run by the Python of `.venv-prefect`: what Prefect itself makes of files and environments.

Argument: a home directory, which is also where the cases are laid out. Standard input, as JSON: ``cases``, each
``{"env": {...}, "files": {"prefect.toml": "..."}}``. Standard output: for each case Prefect's
settings or an ``error``.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from pathlib import Path


def main() -> None:
    """Answer the cases, one after the other."""
    warnings.simplefilter("ignore")
    home = sys.argv[1]
    base = {"HOME": home, "PATH": "/usr/bin:/bin"}
    question = json.load(sys.stdin)
    os.environ.clear()
    os.environ.update(base)
    os.chdir(home)

    from prefect.settings import Settings, sources

    answers = []
    for number, case in enumerate(question["cases"]):
        directory = Path(home, f"case{number}")
        directory.mkdir()
        for name, text in case["files"].items():
            (directory / name).write_bytes(text.encode())
        os.environ.clear()
        os.environ.update(base | case["env"])
        os.chdir(directory)
        sources._file_cache.clear()
        answer: dict[str, object] = {}
        try:
            settings = Settings()
        except Exception as exc:  # noqa: BLE001 - whatever Prefect raises is its answer
            answer["error"] = type(exc).__name__
        else:
            key, auth = settings.api.key, settings.api.auth_string
            answer |= {
                "endpoint": settings.api.url,
                "api_key": key and key.get_secret_value(),
                "basic_auth_key": auth and auth.get_secret_value(),
                "tls_insecure_skip_verify": settings.api.tls_insecure_skip_verify,
                "request_timeout": settings.api.request_timeout,
                "max_retries": settings.client.max_retries,
                "retry_extra_codes": sorted(settings.client.retry_extra_codes),
                "custom_headers": settings.client.custom_headers,
            }
        answers.append(answer)
    os.environ.clear()
    os.environ.update(base)
    json.dump({"cases": answers}, sys.stdout)


if __name__ == "__main__":
    main()
