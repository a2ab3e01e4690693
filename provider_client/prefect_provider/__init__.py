"""Prefect as a Terraform provider."""
