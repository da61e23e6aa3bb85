"""A job that waits at an upgrade finds its task: what was once given to the worker keeps its name."""

import ast
from pathlib import Path

import pytest
from procrastinate.contrib.django import app
from tests.signing import make_user, run_jobs

import okat.city
from okat.city.core import jobs
from okat.city.core.models import Letter
from okat.city.notices.actions import notify

# Every name that a job ever had. A task that is not needed any more stays, and does what its job stood for or says why
# not; a new one is added here.
EVER = {
    "accounts.send_invitation", "accounts.send_reset", "cases.remind", "core.draw_figures", "core.forget_forms",
    "core.held_letters", "core.send_letters", "core.sweep_letters", "jobs.forget", "learning.tend",
    "notices.send_letter", "people.grown", "people.settle", "rounds.expire", "rounds.tick",
}  # fmt: skip


def test_every_task_that_ever_was_is_known_to_the_worker() -> None:
    ours = {name for name in app.tasks if not name.startswith(("builtin:", "procrastinate."))}
    assert ours == EVER


@pytest.mark.django_db
def test_a_letter_that_waited_at_the_upgrade_goes_through_the_outbox() -> None:
    user = make_user()
    notify(users=[user], kind="account.password")  # a kind without a letter: what the old job would have counted
    jobs.defer("notices.send_letter", user_id=user.pk)
    jobs.defer("notices.send_letter", user_id=user.pk + 10_000)  # an account that is gone
    run_jobs()
    run_jobs()
    letter = Letter.objects.get(user=user)
    assert (letter.kind, letter.state) == ("notices.new", "sent")
    assert user.notices.exclude(mailed_at=None).count() == 1
    jobs.defer("notices.send_letter", user_id=user.pk)  # nothing is unsaid any more
    run_jobs()
    assert Letter.objects.count() == 1


@pytest.mark.django_db
def test_a_link_asked_for_before_the_upgrade_goes_to_the_confirmed_address() -> None:
    user, without = make_user(), make_user("nobody", email="")
    for each in (user, without):
        jobs.defer("accounts.send_reset", user_id=each.pk)
    run_jobs()
    letter = Letter.objects.get()
    assert (letter.kind, letter.user, letter.secret["address"]) == ("accounts.reset", user, "somchai@example.org")


@pytest.mark.django_db
def test_an_old_invitation_ends_with_a_word(caplog: pytest.LogCaptureFixture) -> None:
    jobs.defer("accounts.send_invitation", invitation_id=7)
    run_jobs()
    assert "invite again" in caplog.text
    assert not Letter.objects.exists()


# What takes no row: it deletes what is over by two statements, of which none can fail for one row alone.
IN_ONE = {"forget_talks"}


def test_what_the_clock_does_for_many_is_done_for_each_by_itself() -> None:
    """An action that took all of them at once would be undone for all by the first that fails, every night anew: each
    is tried (core.tries) with the row that it is for."""
    tried = set()
    for file in sorted(Path(okat.city.__file__).parent.glob("*/tasks.py")):
        for task in ast.walk(ast.parse(file.read_text())):
            if not isinstance(task, ast.FunctionDef) or "periodic(" not in "".join(
                map(ast.unparse, task.decorator_list)
            ):
                continue
            for call in (one for one in ast.walk(task) if isinstance(one, ast.Call)):
                name = ast.unparse(call.func)
                if name == "attempt":
                    assert {word.arg for word in call.keywords} - {"by"}, f"{file}: {ast.unparse(call)}"
                    tried.add(ast.unparse(call.args[0]))
                elif name.startswith("actions."):
                    assert name.removeprefix("actions.") in IN_ONE, f"{file}: {name} is not tried"
    assert len(tried) >= 8
