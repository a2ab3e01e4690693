"""One request: its attempts, waits and errors."""
