"""What automations do with events."""
