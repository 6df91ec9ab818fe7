"""Background work, for administrators: what waits, what runs, what needs a person."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.clock import now
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import JobState
from inquiry_service.services import jobs
from inquiry_service.store import jobs as store
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.presenters.jobs import line_of, worker_words
from inquiry_service.web.session import db_session

blueprint = Blueprint("jobs", __name__, url_prefix="/admin/jobs")

SHOWN = 50
_LISTED = (JobState.DEAD, JobState.RUNNING, JobState.WAITING)


@requires(Permission.SYSTEM_HEALTH)
def overview() -> ResponseReturnValue:
    """List the jobs that are not done, those that need attention first."""
    session, moment = db_session(), now()
    lists = {state: [line_of(job, moment) for job in store.in_state(session, state, SHOWN)] for state in _LISTED}
    worker = worker_words(store.heartbeat(session), moment)
    return render_template("admin/jobs.html", lists=lists, counts=store.counts(session), worker=worker, states=JobState)


@requires(Permission.SYSTEM_HEALTH)
def retry(job_id: str) -> ResponseReturnValue:
    """Start a job once more that had been put aside."""
    jobs.retry(db_session(), current_actor(), job_id)
    flash("The job will be started again with the next turn of the worker.", "success")
    return redirect(url_for("jobs.overview"), 303)


blueprint.add_url_rule("", view_func=overview)
blueprint.add_url_rule("/<job_id>/retry", view_func=retry, methods=["POST"])
