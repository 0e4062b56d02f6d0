"""Serve the app with its own routes for pictures and downloads: `python -m pages.components.server`."""

import logging
import re
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import streamlit as st
from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from core.benchmark.images import display_copy, original_path, thumbnail_path
from core.config import PROJECT, settings
from core.db import migrate, reading
from core.errors import TrainingSetError, UserError
from core.judging.anchors import start_due_anchor_runs
from core.models import Image, TrainingSet
from core.people import MAY_LEAD, person_cookie, person_here
from core.sample_workspace import load_sample_if_empty
from core.training_sets.archive import archive_path
from pages.components.failures.outlines import OUTLINES, OUTLINES_ADDRESS

_LOOK_FOR_DUE_S = 300.0
_SHA256 = re.compile(r"[0-9a-f]{64}")
# A picture never changes under its hash. Nothing served here may run as a page of this site.
_PICTURE_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def start_page(request: Request) -> Response:
    """Lead /overview to /, the only address that Streamlit gives the start page."""
    return RedirectResponse("/" + (f"?{request.url.query}" if request.url.query else ""))


def picture(request: Request) -> Response:
    """Answer with a stored picture, made anew as JPEG: /pictures/<sha256>/thumb or /full."""
    sha256, size = request.path_params["sha256"], request.path_params["size"]
    if not _SHA256.fullmatch(sha256) or size not in ("thumb", "full"):
        return PlainTextResponse("There is no such picture.", status_code=404)
    path = thumbnail_path(sha256) if size == "thumb" else _large(sha256)
    if path is None or not path.exists():
        return PlainTextResponse("There is no such picture.", status_code=404)
    return FileResponse(path, media_type="image/jpeg", headers=_PICTURE_HEADERS)


def training_set_archive(request: Request) -> Response:
    """Answer with a training set's folder as a zip."""
    number = request.path_params["number"]
    with reading() as session:
        found = session.get(TrainingSet, number) if number < 2**31 else None
    # It holds chosen and rejected answers that an expert may still have to label.
    if found is None or person_here(request.cookies.get(person_cookie())).role not in MAY_LEAD:
        return PlainTextResponse("There is no such training set.", status_code=404)
    try:
        path = archive_path(found)
    except TrainingSetError as problem:
        return PlainTextResponse(str(problem), status_code=404)
    return FileResponse(path, media_type="application/zip", filename=f"{found.name}.zip")


def outlines(_request: Request) -> Response:
    """Answer with the outlines of the world's countries, so that no map asks an outside server for them."""
    headers = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return FileResponse(OUTLINES, media_type="application/json", headers=headers)


def _large(sha256: str) -> Path | None:
    with reading() as session:
        row = session.get(Image, sha256)
    if row is None or not original_path(sha256, row.media_type).exists():
        return None
    return display_copy(sha256, row.media_type)


@asynccontextmanager
async def _lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    # Outside a page this only tells Streamlit that pages come from `st.navigation`: without it the first visitor after
    # a start, coming by a deep link, would get a page beside a menu of file names.
    # Streamlit warns that there is no page running here; that is the point, so the warning is kept back.
    context_log = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    context_log.disabled = True
    st.navigation([st.Page(lambda: None, title="CROSS Review")])
    context_log.disabled = False
    ended = threading.Event()
    clock = threading.Thread(target=_start_what_is_due, args=(ended,), daemon=True)
    clock.start()
    yield {}
    ended.set()


def _start_what_is_due(ended: threading.Event) -> None:
    """Start the monthly re-judging of anchor sets while the app runs; a missed day is made up for."""
    while not ended.wait(_LOOK_FOR_DUE_S):
        # A database that is busy is looked at again the next time.
        with suppress(OperationalError):
            start_due_anchor_runs()


def _refuse_used_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise UserError(
                f"Port {port} is in use, perhaps by this app already: open http://127.0.0.1:{port} "
                f"or choose another port: PORT={port + 1} make run"
            ) from error


app = st.App(
    PROJECT / "app.py",
    lifespan=_lifespan,
    routes=[
        Route("/overview", start_page),
        Route("/pictures/{sha256}/{size}", picture),
        Route(OUTLINES_ADDRESS, outlines),
        Route("/downloads/training_sets/{number:int}", training_set_archive),
    ],
)


def main() -> int:
    """Bring the workspace up to date, fill an empty one with the sample, and serve until stopped."""
    try:
        port = settings().port
        _refuse_used_port(port)
        migrate()
        if load_sample_if_empty():
            sys.stdout.write("The workspace was empty: the sample workspace is loaded.\n")
    except UserError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except OperationalError as problem:
        sys.stderr.write(f"The database cannot be used: {problem.orig}\n")
        return 1
    sys.stdout.write(f"CROSS Review: http://127.0.0.1:{port}\n")
    sys.stdout.flush()
    app.run(config={"server.port": port})
    return 0


if __name__ == "__main__":
    sys.exit(main())
