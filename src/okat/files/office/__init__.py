"""Tables as offices really keep them: read, guess the columns, parse the rows, hand back what to mend.

table = read_table(data, filename)                     # the bytes of .xlsx, .xls, .ods or .csv
mapping = guess_columns(table, "people", remembered=partner_headings)
parsed = parse_rows(table, mapping, "people", today=today)
workbook = errors_workbook(table, parsed.errors)       # bytes of .xlsx
"""

from okat.files.office.around import TO_LOOK
from okat.files.office.closed import turns
from okat.files.office.columns import Guess, Mapping, guess_columns
from okat.files.office.errors import OfficeError, RowError, excerpt
from okat.files.office.grid import text_of
from okat.files.office.limits import Limits
from okat.files.office.lists import listed
from okat.files.office.rows import ParsedRow, ParsedSheet, parse_rows
from okat.files.office.table import Column, Ignored, RawRow, RawTable, SheetName, read_table
from okat.files.office.unread import unread
from okat.files.office.vocabulary import KINDS, Field, Vocabulary, vocabulary
from okat.files.office.write import defuse, errors_workbook, template_workbook

__all__ = [
    "KINDS",
    "TO_LOOK",
    "Column",
    "Field",
    "Guess",
    "Ignored",
    "Limits",
    "Mapping",
    "OfficeError",
    "ParsedRow",
    "ParsedSheet",
    "RawRow",
    "RawTable",
    "RowError",
    "SheetName",
    "Vocabulary",
    "defuse",
    "errors_workbook",
    "excerpt",
    "guess_columns",
    "listed",
    "parse_rows",
    "read_table",
    "template_workbook",
    "text_of",
    "turns",
    "unread",
    "vocabulary",
]
