"""An item's id as a link to it in Browse, for tables that read Markdown."""

from urllib.parse import urlencode

from pages.components.plain import plain


def item_link(item_id: str) -> str:
    """Return the link, inert but for being one."""
    return f"[{plain(item_id)}](/browse?{urlencode({'item': item_id})})"
