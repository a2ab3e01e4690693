"""The constructs that stand for an object of Prefect, for type checkers.

Written by ``scripts/generate_constructs.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from prefect_constructs._generated import (
        Block,
        BlockType,
        DataPrefectAutomation,
        DataPrefectBlock,
        DataPrefectBlockType,
        DataPrefectDeployment,
        DataPrefectFlow,
        DataPrefectGlobalConcurrencyLimit,
        DataPrefectServiceAccount,
        DataPrefectTeam,
        DataPrefectWorkPool,
        DataPrefectWorkQueue,
        Flow,
        GlobalConcurrencyLimit,
        PrefectAutomation,
        PrefectDeployment,
        ServiceAccount,
        Team,
        WorkPool,
        WorkQueue,
    )

__all__ = [
    "AnyAutomation",
    "AnyBlock",
    "AnyBlockType",
    "AnyDeployment",
    "AnyFlow",
    "AnyGlobalConcurrencyLimit",
    "AnyServiceAccount",
    "AnyTeam",
    "AnyWorkPool",
    "AnyWorkQueue",
]

AnyAutomation: TypeAlias = "DataPrefectAutomation | PrefectAutomation"

AnyBlock: TypeAlias = "Block | DataPrefectBlock"

AnyBlockType: TypeAlias = "BlockType | DataPrefectBlockType"

AnyDeployment: TypeAlias = "DataPrefectDeployment | PrefectDeployment"

AnyFlow: TypeAlias = "DataPrefectFlow | Flow"

AnyGlobalConcurrencyLimit: TypeAlias = "DataPrefectGlobalConcurrencyLimit | GlobalConcurrencyLimit"

AnyServiceAccount: TypeAlias = "DataPrefectServiceAccount | ServiceAccount"

AnyTeam: TypeAlias = "DataPrefectTeam | Team"

AnyWorkPool: TypeAlias = "DataPrefectWorkPool | WorkPool"

AnyWorkQueue: TypeAlias = "DataPrefectWorkQueue | WorkQueue"
