"""What people read: how paths, values, numbers, JSON, problems and secrets are written.

The lowest room: everything may import it, and it imports nothing of the project.
"""
