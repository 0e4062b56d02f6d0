"""Show problems that a user can fix as messages; everything else crashes loudly."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from sqlalchemy.exc import OperationalError

from core.errors import UserError
from pages.components.plain import plain


@contextmanager
def user_errors_shown(*, toast: bool = False) -> Iterator[None]:
    """Show a UserError word for word, or that the database is busy, and stop the page there.

    Args:
        toast: say it as a toast too, where the message's place may have been scrolled off the screen.
    """
    problem = None
    try:
        yield
    except UserError as error:
        problem = str(error)
    except OperationalError:
        problem = "The workspace is busy, or its disk is full. Nothing was changed: try again in a moment."
    if problem is not None:
        if toast:
            st.toast(plain(problem), icon=":material/error:", duration="long")
        st.error(plain(problem), icon=":material/error:")
        st.stop()
