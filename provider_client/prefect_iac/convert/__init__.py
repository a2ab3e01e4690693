"""Deployments of a ``prefect.yaml``, or of Python code, as code of Terraform's language or of the constructs."""
