"""What users write and the API stores: triggers, actions, schedules, and the source of flows."""
