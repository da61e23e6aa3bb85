"""Errors of the engine. A caller shows `str(error)`; each message says what, where and how to mend it."""


class EngineError(Exception):
    """Base of every error that the engine raises on purpose."""


class ProblemError(EngineError):
    """A problem that contradicts itself, such as reserves above the capacity."""


class OutcomeError(EngineError):
    """An outcome that does not fit the shape of its problem."""
