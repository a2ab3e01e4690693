"""Events that happened: on a server, in files, in tables larger than memory.

A :class:`~prefect_iac.history.history.History` gives them in order, whatever it is read from. Events of a server are
fetched into a file first (:func:`~prefect_iac.history.server.fetch`), so that all that follows is reading a file.
"""
