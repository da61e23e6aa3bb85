"""Allocation on files: a folder of three tables in, a decision bundle out, and the proof of a bundle."""
