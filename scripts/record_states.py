"""Records what a release writes into states, in `tests/terraform/states/VERSION`; run when a version is released.

Applies the configuration `main.tf` of that directory, or that of the release before, on a Prefect server of its own,
with the provider of the working tree and the oldest terraform that is supported. Writes `state.json`, and the types of
all attributes as `schemas.json`. What is recorded of a version that was released never changes again.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from dependencies import project_version
from environment import ROOT

sys.path.insert(0, str(ROOT))

from tests.environment.prefect_server import PrefectServer
from tests.environment.terraform import Workspace
from tests.terraform.release_states import STATES, releases, schemas


def main() -> int:
    """Write the files; return the exit status."""
    directory = STATES / project_version()
    if not (directory / "main.tf").exists():
        before = releases()[-1]
        directory.mkdir()
        shutil.copy(before / "main.tf", directory)
    with tempfile.TemporaryDirectory() as name:
        server = PrefectServer(Path(name))
        try:
            server.start()
            workspace = Workspace(
                Path(name, "workspace"),
                (directory / "main.tf").read_text(encoding="utf-8"),
                api_url=server.api_url,
                env={},
                provider=False,
            )
            workspace.apply()
            workspace.assert_no_changes()
            state = json.loads((workspace.directory / "terraform.tfstate").read_text(encoding="utf-8"))
        finally:
            server.stop()
    for file, content in (("state.json", state), ("schemas.json", schemas())):
        (directory / file).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        print(directory / file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
