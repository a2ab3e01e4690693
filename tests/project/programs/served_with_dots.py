"""Names with dots, of which only the ending of a Python file is none of the name."""

from prefect import flow, serve


@flow
def dotted(x: int = 0) -> int:
    """Returns what it is given."""
    return x


if __name__ == "__main__":
    serve(dotted.to_deployment(name="release-1.2"), dotted.to_deployment("dotted.py", tags=["file"]))
