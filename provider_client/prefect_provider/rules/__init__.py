"""What Prefect accepts: triggers, actions, schedules, templates, parameters, names."""
