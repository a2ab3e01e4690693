"""``action "prefect_resume_deployment"``."""

from __future__ import annotations

from prefect_provider.objects.server.deployment.acting import DeploymentSwitch

__all__ = ["ResumeDeployment"]


class ResumeDeployment(DeploymentSwitch):
    """Resumes the schedules of a deployment.

    A `prefect_deployment` that says otherwise in `paused` shows a difference in the next plan, and pauses it.
    """

    type_name = "prefect_resume_deployment"
    step, becomes = "resume_deployment", "not paused"
