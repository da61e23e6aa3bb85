"""Proofs that hold without trusting who made them."""
