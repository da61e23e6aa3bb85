"""Work: employers, what is asked of partners, what opportunities have to do with work, and who is hired."""

from okat.city.jobs.models.asking import Ask, Slot
from okat.city.jobs.models.employing import Concession, Headcount
from okat.city.jobs.models.hiring import Hire, StatedSkill
from okat.city.jobs.models.work import Work

__all__ = ["Ask", "Concession", "Headcount", "Hire", "Slot", "StatedSkill", "Work"]
