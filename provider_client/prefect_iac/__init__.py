"""The command ``prefect-iac``: what GitOps needs around Terraform."""
