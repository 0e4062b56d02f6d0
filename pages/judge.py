"""Collect responses and let judges score them: runs, the forms that start them, endpoints and prices."""

import streamlit as st

from pages.components.address import part_in_address
from pages.components.frame import page_frame
from pages.components.judging.anchors_part import anchors_part
from pages.components.judging.bridge_part import bridge_part
from pages.components.judging.collect_form import collect_form
from pages.components.judging.endpoints_part import endpoints_part
from pages.components.judging.judge_form import judge_form
from pages.components.judging.prices_part import prices_part
from pages.components.judging.run_view import open_run
from pages.components.judging.runs_list import runs_part
from pages.components.judging.sight_part import sight_part
from pages.components.judging.unreadable_part import unreadable_part

PARTS = {
    "runs": "Runs",
    "judge": "Judge",
    "collect": "Collect",
    "replies": "Replies to read",
    "compare": "Compare judges",
    "anchors": "Anchor sets",
    "sight": "Without the picture",
    "endpoints": "Endpoints and prices",
}

person = page_frame(
    "Responses and judges", "Models answer the benchmark's questions; judges score the answers", for_leads=True
)
part = part_in_address(PARTS, key="judging-part")
if part == "judge":
    judge_form(person)
elif part == "collect":
    collect_form(person)
elif part == "replies":
    unreadable_part(person)
elif part == "compare":
    bridge_part(person)
elif part == "anchors":
    anchors_part(person)
elif part == "sight":
    sight_part(person)
elif part == "endpoints":
    endpoints_part(person)
    prices_part(person)
elif run_id := st.query_params.get("run"):
    open_run(run_id, person)
else:
    runs_part()
