"""``action "prefect_pause_deployment"``."""

from __future__ import annotations

from prefect_provider.objects.server.deployment.acting import DeploymentSwitch

__all__ = ["PauseDeployment"]


class PauseDeployment(DeploymentSwitch):
    """Pauses the schedules of a deployment; runs that they have planned ahead are taken back.

    A `prefect_deployment` that says otherwise in `paused` shows a difference in the next plan, and resumes it.
    """

    type_name = "prefect_pause_deployment"
    step, becomes = "pause_deployment", "paused"
