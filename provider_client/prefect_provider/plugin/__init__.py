"""Terraform's plugin protocol 6 in Python: what a provider author declares, and everything that serves it.

A provider is written with :mod:`.resource` (what to subclass), :mod:`.declaration` and :mod:`.kinds` (attributes),
:mod:`.diagnostics` (errors), :mod:`.types` and :mod:`.values`; :mod:`.service` answers for it, :mod:`.process` runs it.
Nothing is imported here: a process has to print its handshake before it can afford more than :mod:`.process`.
"""
