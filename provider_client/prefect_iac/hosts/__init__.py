"""Code hosts: one comment on a pull request, kept up to date, and annotations beside its lines.

`surroundings` reads where the job runs, `comment` writes the comment, `upkeep` creates or edits it through one of the
hosts in `github`, `gitlab` and `bitbucket`; `web` is the way to their APIs.
"""

from __future__ import annotations

__all__: list[str] = []
