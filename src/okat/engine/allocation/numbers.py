"""Scores as text: one spelling for one number, so that files are equal byte for byte."""

from decimal import Decimal


def number_text(value: int | Decimal) -> str:
    """`71`, `71.5`, `-3`: no exponent, no trailing zeros, no `-0`."""
    if isinstance(value, int):
        return str(value)
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
