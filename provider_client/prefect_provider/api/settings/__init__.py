"""Where address and key come from."""
