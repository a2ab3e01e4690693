"""Reads a flow's source without importing it: its name, which is cheap, and its parameters' schema."""
