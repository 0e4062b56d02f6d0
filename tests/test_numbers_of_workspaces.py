"""The figures of whole workspaces, the sample and full CROSS, are what plain Python makes of the exported rows."""

import json

import pytest
import typer
from sqlmodel import select
from typer.testing import CliRunner

from core.benchmark.importer import import_benchmark
from core.cli.scores import scores_command
from core.db import reading
from core.judges import judges_here
from core.measures.leaderboard import leaderboard
from core.measures.score_filter import ScoreFilter
from core.measures.scores import cells
from core.models import Judgement, Response
from core.people import current_person
from core.sample_workspace import load_sample
from tests.full_cross import add_responses, write_full_cross
from tests.score_builders import judged_rows, recomputed

GRID = ("country", "dimension")


def judge_and_rows():
    """Return the name of the workspace's one judge, and what it says of responses with a picture."""
    with reading() as session:
        [judge] = judges_here(session)
        rows = judged_rows(session, judge.name, version=judge.prompt_version)
    return judge.name, [row for row in rows if row[0]["setting"] != "text-only"]


def assert_as_told(found, rows, by):
    told = recomputed(rows, by, lambda _: True)
    assert len(found) == len(told) > 0
    for keys, *figures in found:
        n, unscored, families, *values, method = told[tuple(keys[key] for key in by)]
        assert figures[:3] == [n, unscored, families]
        assert figures[6] == method
        for shown, plain in zip(figures[3:6], values, strict=True):
            assert shown == (None if plain is None else pytest.approx(plain, abs=1e-9))


def figures_of(session, judge, by):
    wanted = ScoreFilter(judge=judge)
    return [
        (cell.keys, cell.n, cell.n_unscored, cell.families, cell.mean, cell.low, cell.high, cell.method)
        for cell in cells(session, person=current_person(session), wanted=wanted, by=by)
    ]


def test_the_numbers_of_the_sample_workspace_are_those_of_its_rows(workspace):
    load_sample()
    judge, rows = judge_and_rows()
    with reading() as session:
        for by in (GRID, ("model", "dimension"), ("country", "model", "dimension"), ("language", "setting"), ()):
            assert_as_told(figures_of(session, judge, by), rows, by)


def test_the_command_prints_the_numbers_of_the_sample_workspace(workspace):
    load_sample()
    judge, rows = judge_and_rows()
    command = typer.Typer()
    command.command()(scores_command)
    printed = CliRunner().invoke(command, ["--by", "country,dimension", "--judge", judge, "--json"])
    told = recomputed(rows, ("country", "dimension", "model"), lambda _: True)
    cells_of_each = json.loads(printed.stdout.splitlines()[-1])["cells"]
    found = {(row["country"], row["dimension"], row["model"]): row for row in cells_of_each}
    assert found.keys() == told.keys()
    for place, row in found.items():
        assert (row["n"], row["mean"]) == (told[place][0], pytest.approx(told[place][3], abs=1e-9))


@pytest.mark.slow
def test_the_numbers_of_full_cross_are_those_of_its_rows(workspace, tmp_path):
    import_benchmark(write_full_cross(tmp_path / "full", pictures=4))
    add_responses()
    judge, rows = judge_and_rows()
    with reading() as session:
        assert len(session.exec(select(Response.id)).all()) == 80_892
        assert len(session.exec(select(Judgement.id)).all()) == 323_568
        for by in (GRID, ("model", "dimension")):
            assert_as_told(figures_of(session, judge, by), rows, by)
        board = leaderboard(session, person=current_person(session), wanted=ScoreFilter(judge=judge))
        by = ("model", "dimension", "setting")
        told = [
            ({"model": row.model, "dimension": row.dimension, "setting": row.setting}, cell.n, cell.n_unscored)
            + (cell.families, cell.mean, cell.low, cell.high, cell.method)
            for row in board
            for cell in [row.score]
        ]
        assert_as_told(told, rows, by)
