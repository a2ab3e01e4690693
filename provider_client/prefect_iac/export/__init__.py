"""The objects of a workspace as configuration, with which Terraform takes them over as they are."""
