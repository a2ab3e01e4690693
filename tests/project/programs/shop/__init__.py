"""A package with a flow."""
