"""Secrets of Prefect Cloud that are neither in the state nor in the plan."""
