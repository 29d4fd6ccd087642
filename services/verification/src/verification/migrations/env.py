"""Alembic's entrance: the tables of the four rooms."""

from shared.runtime.migrate import run_env
from verification.figures import tables as figures
from verification.judgements import tables as judgements
from verification.runs import tables as runs
from verification.verdicts import tables as verdicts

run_env(figures.metadata, judgements.metadata, verdicts.metadata, runs.metadata)
