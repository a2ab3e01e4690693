"""What automations do on events: those that happened, and those of a test."""
