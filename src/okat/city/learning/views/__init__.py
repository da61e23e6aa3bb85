"""Screens of learning."""
