"""Forms of the catalogue."""

from okat.city.catalogue.forms.look import LookForm

__all__ = ["LookForm"]
