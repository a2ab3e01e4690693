"""The archive for AWS: the same bytes each time, and a function that runs with nothing beside it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING
from zipfile import ZipFile

from examples.aws_lambda.archive import write_archive
from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_archive(tmp_path: Path) -> None:
    """The command writes what the function writes; both entries can be imported from it alone, without boto3."""
    program = ROOT / "examples" / "aws_lambda" / "archive.py"
    archive = tmp_path / "made" / "function.zip"
    done = subprocess.run(
        [sys.executable, program, archive], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout == f"{archive}\n"
    assert archive.read_bytes() == write_archive(tmp_path / "again.zip").read_bytes()
    names = ZipFile(archive).namelist()
    assert "aws_lambda/handler.py" in names
    assert all(name.startswith("aws_lambda/") and "archive" not in name for name in names)
    code = (
        "import sys; from aws_lambda.handler import send_events, start_flow_runs; "
        "from aws_lambda.problems import SettingError; assert 'boto3' not in sys.modules\n"
        "try: start_flow_runs({}, None)\nexcept SettingError as error: print(error)"
    )
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(archive)!r})\n{code}"],
        capture_output=True,
        text=True,
        check=True,
        env={},
    )
    assert ran.stdout.startswith("PREFECT_API_URL is not set: expected an address")
