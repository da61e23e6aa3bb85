"""The first pages, the figures, the audit trail."""
