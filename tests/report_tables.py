"""A report's file -> its tables and its tags, as a reader's browser takes them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = ("meta", "br", "img", "link", "input")


@dataclass
class Table:
    """One table: its caption, its columns, and per row name the fields, each as its pieces of text."""

    caption: str = ""
    columns: list[str] = field(default_factory=list)
    rows: dict[str, list[list[str]]] = field(default_factory=dict)

    def at(self, row: str, column: str) -> list[str]:
        return self.rows[row][self.columns.index(column) - 1]


class ReportFile(HTMLParser):
    """What stands in a report; `text` is all that is shown, `tags` all elements, `attributes` all of theirs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[Table] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self._open: list[str] = []
        self._piece = ""
        self._pieces: list[str] = []
        self._row = ""
        self.feed(text)
        self.close()

    def table(self, *words: str) -> Table:
        """Return the one table whose caption holds all these words."""
        (found,) = (table for table in self.tables if all(word in table.caption for word in words))
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)
        if tag == "table":
            self.tables.append(Table())
        if tag in ("caption", "th", "b", "span"):
            self._piece = ""
        if tag == "td":
            self._pieces = []

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        inside = self.tables[-1] if "table" in self._open else None
        if inside is None:
            return
        if tag == "caption":
            inside.caption = self._piece
        elif tag == "th" and "thead" in self._open:
            inside.columns.append(self._piece)
        elif tag == "th":
            self._row = self._piece
            assert self._row not in inside.rows
            inside.rows[self._row] = []
        elif tag in ("b", "span"):
            self._pieces.append(self._piece)
        elif tag == "td":
            inside.rows[self._row].append(self._pieces)

    def handle_data(self, data: str) -> None:
        self._piece += data
        if "style" not in self._open:
            self.text += data
