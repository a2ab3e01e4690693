"""State against reality."""
