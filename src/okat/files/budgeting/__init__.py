"""Votes on a budget as files: Pabulib `.pb` in and out, and the bundle of a count."""
