r"""Makes the automation of a YAML file with a POST.

Where the file has `$flow`, there comes the id of the flow that is given, and so for deployments:

    python create_automation.py ../automations/slow_run_fallback.yaml \
      flow=build-names deployment=build-names/build-fewer-names
"""

import sys
from pathlib import Path
from string import Template

import yaml
from api import call, id_of


def create_automation(file: Path, ids: dict[str, str]) -> str:
    """Make it; return its id."""
    text = Template(file.read_text(encoding="utf-8")).substitute(ids)
    return str(call("POST", "/automations/", yaml.safe_load(text))["id"])


if __name__ == "__main__":
    given = dict(argument.split("=", 1) for argument in sys.argv[2:])
    print(create_automation(Path(sys.argv[1]), {name: id_of(value) for name, value in given.items()}))
