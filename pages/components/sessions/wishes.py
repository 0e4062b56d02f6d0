"""How a person wishes to work, asked where they begin; kept as soon as it is said."""

import streamlit as st

from core.backgrounds import MOST_A_DAY, background_of, save_wishes
from core.db import reading, transaction
from core.labels.today import answered_since
from core.models import Background, Person
from pages.components.moment import midnight

_BLUR, _GOAL = "blur-here", "goal-here"


def blur_wish(person: Person, held: Background) -> None:
    """Ask whether pictures are blurred."""

    def keep() -> None:
        with transaction() as session:
            goal = background_of(session, person=person).daily_goal
            save_wishes(session, person=person, blur_pictures=st.session_state[_BLUR], daily_goal=goal)

    st.checkbox("Blur the pictures until I click on them", held.blur_pictures, key=_BLUR, on_change=keep)


def goal_wish(person: Person, held: Background) -> None:
    """Ask for a goal for the day, which may stay empty, and say how far it is."""

    def keep() -> None:
        with transaction() as session:
            blur = background_of(session, person=person).blur_pictures
            save_wishes(session, person=person, blur_pictures=blur, daily_goal=st.session_state[_GOAL])

    done_text = ""
    if held.daily_goal:
        with reading() as session:
            done = answered_since(session, person=person, since=midnight(st.context.timezone))
        done_text = f" · {done} of {held.daily_goal} done"
    # Given as the widget's own default, a goal could never be emptied again.
    st.session_state.setdefault(_GOAL, held.daily_goal)
    with st.container(width=210):
        st.number_input(
            f"Goal for today{done_text}",
            1,
            MOST_A_DAY,
            None,
            placeholder="none, if you like",
            key=_GOAL,
            on_change=keep,
        )
