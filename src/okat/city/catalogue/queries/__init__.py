"""Finding opportunities."""
