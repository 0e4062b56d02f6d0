"""What other screens show of an item's errata: what was corrected, what is proposed, and the way to say more."""

from collections.abc import Sequence

import streamlit as st

from core.benchmark.corrected import corrected, standing_errata
from core.models import Erratum, Item
from core.rubric import DOMAIN_TITLES, ERRATUM_TITLES
from core.words import counted
from pages.components.plain import plain
from pages.components.reading import reading_text


def item_errata(item: Item, errata: Sequence[Erratum]) -> None:
    """Draw how an item reads corrected, under what it came with, and the link to its errata."""
    now = corrected(item, errata)
    for field, erratum in standing_errata(errata).items():
        title = ERRATUM_TITLES[erratum.kind]  # type: ignore[index]
        with st.container(border=True, gap="xsmall"):
            agreed = "Agreed." if field == "picture" else "Corrected:"
            st.markdown(f":green[:material/check:] :small[:gray[{title}. {agreed}]]")
            if field in ("norm", "query"):
                text = getattr(now, field) or "This norm does not hold at all."
                reading_text(text, language=item.language if field == "query" else "", key=f"corrected-{field}")
            elif field != "picture":
                held = getattr(now, field) or ""
                st.markdown(f"**{plain(DOMAIN_TITLES.get(held, held))}**")
    open_count = sum(erratum.status == "open" for erratum in errata)
    words = f"{counted(open_count, 'correction')} proposed" if open_count else "Something is wrong with this item"
    st.page_link("pages/errata.py", label=words, icon=":material/edit_note:", query_params={"item": item.id})
