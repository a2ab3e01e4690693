"""The page of a review of a real plan, looked at in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.environment.guides import shell
from tests.output.test_html import opened, shown
from tests.review.plans import LOOP, planned

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.environment.terraform import Workspace


def test_the_page_shows_the_plan(
    browser: Browser,
    tmp_path: Path,
    terraform: Callable[..., Workspace],
) -> None:
    """Verdict, objects by action, the loop in the graph, and filters; nothing is asked for, and nothing complains."""
    configuration = LOOP.replace("NAME", "paged")
    workspace = terraform(f'{configuration}\nresource "prefect_flow" "gone" {{ name = "paged-gone" }}')
    workspace.apply("-target=prefect_flow.gone")
    workspace.write(configuration)
    planned(workspace)
    done = shell(workspace, "prefect-iac review plan.json --html review.html")
    assert done.returncode == 2, done.stderr

    text = (workspace.directory / "review.html").read_text(encoding="utf-8")
    with opened(browser, tmp_path, text) as page:
        assert "1 flow destroyed" in page.locator("h1").inner_text()
        assert shown(page, "objects") == [
            "prefect_flow.gone",
            "prefect_automation.restart",
            "prefect_deployment.nightly",
            "prefect_flow.etl",
        ]
        assert "prefect_automation.restart" in shown(page, "findings")[0]
        assert page.locator("#graph .node").count() >= 3
        assert page.locator("#graph .edge.loop").count() >= 3
        drawn = page.locator("#graph .node").all_text_contents()
        assert any("paged-restart" in text for text in drawn)
        page.get_by_role("button", name="destroy", exact=True).click()
        assert shown(page, "objects") == ["prefect_flow.gone"]
        page.get_by_text("Plan by object", exact=True).last.click()
        assert "Basis" in page.locator("main").inner_text()
    workspace.destroy()
