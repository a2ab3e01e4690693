"""A review in the shape of all reports: `report` composes it, `page` draws it."""

from __future__ import annotations

from prefect_iac.output.review.page import review_page
from prefect_iac.output.review.report import is_worth_saying, review_report

__all__ = ["is_worth_saying", "review_page", "review_report"]
