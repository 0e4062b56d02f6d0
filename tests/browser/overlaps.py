"""Words of charts that lie over one another, as one sees them."""

from playwright.sync_api import Page

_SCRIPT = """() => {
  const found = [];
  for (const chart of document.querySelectorAll('.js-plotly-plot')) {
    const words = [...chart.querySelectorAll('.textpoint text, .xtick text, .ytick text')];
    const boxes = words.map((one) => one.getBoundingClientRect());
    boxes.forEach((one, place) => boxes.slice(place + 1).forEach((other, next) => {
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (wide > 1 && high > 1) found.push([words[place].textContent, words[place + next + 1].textContent]);
    }));
  }
  return found;
}"""


def overlaps(page: Page) -> list[list[str]]:
    """Return pairs of words in charts that overlap: in fields, and the names of rows and columns."""
    return page.evaluate(_SCRIPT)
