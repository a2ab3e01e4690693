"""Configuration that is written for objects: what it says, and the languages that it is written in."""
