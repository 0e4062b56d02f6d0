"""A process that stores what browsers send it, as the app does, until it is killed. It imports no test and no page."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

from core.config import settings
from core.db import reading
from core.labels.saving import store_message
from core.models import Person


def serve(home: str, browsers: Sequence[tuple[int, Connection]]) -> None:
    """Answer each browser's messages with the ids that are stored; one thread for each, given with its person's id."""
    os.environ["CROSS_REVIEW_HOME"] = home
    settings.cache_clear()
    with ThreadPoolExecutor(len(browsers)) as pool:
        for future in [pool.submit(_serve, *browser) for browser in browsers]:
            future.result()


def _serve(person_id: int, browser: Connection) -> None:
    with reading() as session:
        person = session.get_one(Person, person_id)
    while True:
        receipt = store_message(person, browser.recv())
        assert not receipt.refused, receipt
        browser.send(receipt.stored)
