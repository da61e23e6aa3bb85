"""What the log says of answers that are no fault of ours: a line, so that a real fault is found."""

import logging

SERVICE_UNAVAILABLE = 503


class NoTraceback(logging.Filter):
    """For a handler, so that it holds whoever logs: of a refusal (4xx), and of a service that is away for a while
    (503), what was said; a fault keeps its way."""

    def filter(self, record: logging.LogRecord) -> bool:
        status = getattr(record, "status_code", 500)
        if record.exc_info and (status < 500 or status == SERVICE_UNAVAILABLE):
            error = record.exc_info[1]
            record.msg, record.args = "%s (%s: %s)", (record.getMessage(), type(error).__name__, error)
            record.exc_info = None
        return True
