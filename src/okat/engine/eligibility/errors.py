"""What goes wrong with a rule or a fact: a code and parameters for a bilingual page, an English
message here.
"""

from okat.engine.errors import ProblemError


class RuleError(ProblemError):
    """A rule that is not one. `path` leads to the node, such as `rule.all[2].age`."""

    def __init__(self, code: str, path: str, what: str, mend: str, **params: object) -> None:
        super().__init__(f"{path}: {what}. {mend}.")
        self.code, self.path, self.what, self.mend, self.params = code, path, what, mend, params


class FactError(ProblemError):
    """A fact's declaration or value that does not fit. `fact` is its name."""

    def __init__(self, code: str, fact: str, what: str, mend: str, **params: object) -> None:
        super().__init__(f"fact {fact!r}: {what}. {mend}.")
        self.code, self.fact, self.what, self.mend, self.params = code, fact, what, mend, params
