"""Everything about a plan, found from one reading of the server and of its history: `examination` runs the parts."""
