"""Jobs that a worker had in hand when it died: they are taken up again.

A worker says every few seconds that it lives (procrastinate_workers.last_heartbeat). A job that is being done by one
that fell silent, or by one that was struck off meanwhile, is waiting again; a job that killed its worker `TRIES` times
is set aside as failed, so that it does not end every worker that comes after. Tasks are made to be done twice.
"""

import asyncio
import logging
from typing import Any

SILENT = 30  # seconds without a heartbeat; the library sends one every ten
EVERY = 15.0  # seconds between looks
TRIES = 8  # as core.jobs.RETRY

_SILENT_JOBS = """
select job.id from procrastinate_jobs job where job.status = 'doing' and not exists (
    select 1 from procrastinate_workers worker where worker.id = job.worker_id
    and worker.last_heartbeat >= now() - make_interval(secs => %(silent)s)
) order by job.id
"""
# A twin that waits under the same queueing lock does the work: the one that was in hand is not needed any more.
# The condition is asked again under the row's lock, so that two workers that look at once take it up once.
_TAKE_UP = """
update procrastinate_jobs job set attempts = attempts + 1, worker_id = null, scheduled_at = null, status = case
    when attempts + 1 >= %(tries)s then 'failed'
    when queueing_lock is not null and exists (
        select 1 from procrastinate_jobs twin where twin.queueing_lock = job.queueing_lock and twin.status = 'todo'
    ) then 'aborted' else 'todo' end::procrastinate_job_status
where id = %(id)s and status = 'doing' and not exists (
    select 1 from procrastinate_workers worker where worker.id = job.worker_id
    and worker.last_heartbeat >= now() - make_interval(secs => %(silent)s)
) returning id, task_name, status
"""

log = logging.getLogger(__name__)


async def take_up(app: Any, *, silent: float = SILENT) -> list[int]:
    """Let the jobs of silent workers wait again; their numbers. `app` is procrastinate's, opened."""
    connector, taken = app.connector, []
    for job in await connector.execute_query_all_async(_SILENT_JOBS, silent=silent):
        for row in await connector.execute_query_all_async(_TAKE_UP, id=job["id"], silent=silent, tries=TRIES):
            log.warning("job %s (%s) was in hand when its worker ended: %s", row["id"], row["task_name"], row["status"])
            taken.append(int(row["id"]))
    return taken


async def keep_taking_up(app: Any) -> None:
    """Look now and then; a database that is away for a moment is asked again at the next look."""
    while True:
        try:
            await take_up(app)
        except Exception:
            log.warning("could not look for jobs of workers that ended", exc_info=True)
        await asyncio.sleep(EVERY)
