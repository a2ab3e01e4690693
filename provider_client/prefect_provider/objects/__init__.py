"""Prefect's objects: one file or package each, with resource, lookup, listing and identity together."""
