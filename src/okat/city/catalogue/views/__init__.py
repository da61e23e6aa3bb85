"""Pages of the catalogue: for everybody, for a partner's officers, and what fits one person."""
