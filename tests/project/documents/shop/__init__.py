"""A package with a flow, for entrypoints that name a module."""
