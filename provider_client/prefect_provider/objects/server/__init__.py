"""The objects that a self-hosted server has."""
