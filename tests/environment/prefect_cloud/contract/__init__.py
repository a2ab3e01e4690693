"""What is taken to be true of Prefect Cloud, fact by fact, each with its source and how sure it is.

A file per part lists its facts as ``FACTS``; scripts/generate_cloud_contract.py writes docs/cloud-contract.md of them,
and ``make cloud-check`` asks an account whether those hold that can be asked::

    FACTS = (
        Fact("teams-put", "`PUT A/teams/{id}` replaces ...", "the official provider's client (teams.go)", "client"),
    )
"""

from tests.environment.prefect_cloud.contract.facts import Check, Checked, Fact, Part, parts

__all__ = ["Check", "Checked", "Fact", "Part", "parts"]
