"""``prefect_deployment``."""
