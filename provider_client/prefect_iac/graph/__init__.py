"""Which events lead to which automations, what these do, and which events come of that."""
