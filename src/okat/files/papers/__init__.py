"""Papers to print, as tagged PDF (PDF/UA-1, ISO 14289-1) by typst, in the typeface of Thai official papers."""

from okat.files.papers.certificate import Both, Sheet, certificate_pdf
from okat.files.papers.code_slip import CodeSheet, code_slip_pdf

__all__ = ["Both", "CodeSheet", "Sheet", "certificate_pdf", "code_slip_pdf"]
