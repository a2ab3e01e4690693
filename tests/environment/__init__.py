"""The real programs that tests run against: Prefect servers, workers, and terraform.

Fixtures in `tests/conftest.py` hand them out; this package holds what they are made of. Every process is the
leader of its own process group and is stopped by that group's id, whatever happens to the test.
"""
