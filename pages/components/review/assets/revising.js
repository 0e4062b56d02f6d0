// Changing answers once the judge is shown: several one after another, and a reason for all of them on wish.
export function revising($, s, view, { card, outbox, say }) {
  const field = () => $('.why input');

  function revise(dimension = null) {
    if (!card()?.locked) return;
    s.revising ??= { labels: [] };
    s.revising.dimension = dimension;
    say('');
  }
  function openWhy() {
    if (!s.revising?.labels.length) return;
    s.revising.why = true;
    view.draw();
    field().focus();
  }
  function dropWhy() {
    field().value = '';
    field().blur();
    if (s.revising) s.revising.why = false;
    view.draw();
  }
  function endRevision() {
    const c = card(), text = field().value.trim();
    for (const [label, dimension] of text && c && s.revising ? s.revising.labels : []) {
      outbox.put({ kind: 'reason', handle: c.handle, label, text });
      c.answers[dimension].reason = text;
    }
    s.revising = null;
    dropWhy();
  }
  return { revise, openWhy, dropWhy, endRevision };
}
