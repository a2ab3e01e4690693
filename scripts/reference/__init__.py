"""The parts of `generate_reference.py`: what the pages of the reference are made of."""
