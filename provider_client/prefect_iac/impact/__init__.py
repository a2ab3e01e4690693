"""What a plan does on the server beside what it says: one module per kind of effect. Nothing here writes."""
