"""What becomes of a configuration and a state: validation, plan, apply, refresh, import."""
