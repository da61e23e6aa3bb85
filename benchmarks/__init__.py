"""Okat against its peers, in one run, as ratios of CPU seconds (`make bench`)."""
