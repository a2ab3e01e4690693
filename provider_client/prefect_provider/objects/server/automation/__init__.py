"""``prefect_automation``."""
