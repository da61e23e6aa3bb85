"""Forms about work."""
