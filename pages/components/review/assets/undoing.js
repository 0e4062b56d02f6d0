// The way back. Each decision knows what it took the place of, so that undo truly goes one back: before the lock, after
// it, and after a refresh. An undoing is sent as "<id of the decision>-undone", by which Python knows it again.
import { SAY } from './words.js';

const UNDO = 10;
const UNDONE = '-undone';

// What the server told of, and what waits in the outbox and is not known there.
function historyOf({ history, cards }, entries) {
  const sessionOf = (one) => one.handle - one.position, here = cards.length && sessionOf(cards[0]);
  let found = [...history];
  for (const entry of entries.filter((e) => sessionOf(e) === here)) {
    if (entry.how === 'back') found = found.filter((d) => d.dimension !== null || d.handle !== entry.handle);
    else if (entry.form_id.endsWith(UNDONE)) found = found.filter((d) => d.form_id !== entry.form_id.slice(0, -UNDONE.length));
    else if (!found.some((d) => d.form_id === entry.form_id)) found.push(decisionOf(entry));
  }
  return found;
}

const decisionOf = ({ position, handle, dimension, before, form_id }) =>
  ({ position, handle, dimension: dimension ?? null, before: before ?? null, form_id });

export function undoing(s, view, outbox, first, { card, go, revise, send, entryFor, say }) {
  const past = historyOf(first, outbox.entries);
  Object.assign(s, { history: past.slice(-UNDO), older: past.length > UNDO, undoing: 0 });

  function decide(c, entry) {
    const whole = send(c, { ...entry, position: s.at });
    s.history.push(decisionOf(whole));
    if (s.history.length > UNDO) { s.history.shift(); s.older = true; }
    return whole;
  }
  function forget(isGone) { s.history = s.history.filter((d) => !isGone(d)); }
  function takeBack(c) {
    const skipped = s.history.findLast((d) => d.dimension === null && d.handle === c.handle);
    send(c, { kind: 'skip', handle: c.handle, position: s.at, how: 'back', ...(skipped && { form_id: skipped.form_id + UNDONE }) });
    s.aside.delete(c.handle);
    forget((d) => d === skipped);
  }
  function undo() {
    const last = s.history.at(-1), waiting = s.undoing;
    if (!last) return say(s.older ? 'Undo goes ten decisions back, not further.' : 'Nothing to undo.');
    if (last.position !== s.at) { go(last.position); s.undoing = waiting; }
    const c = card();
    if (!c) { s.undoing += 1; return; }                // not here yet: go() has asked for it, receive() goes on
    if (last.dimension === null) takeBack(c); else undoAnswer(c, last);
    view.draw();
  }
  function undoAnswer(c, last) {
    const { dimension, before, form_id } = last, locked = c.locked;
    s.history.pop();
    // The judge was seen: a first answer can be changed from here, not taken away.
    if (locked && !before) return revise(dimension);
    send(c, { ...entryFor(c, dimension, before ?? 'undone'), position: s.at, form_id: form_id + UNDONE });
    if (!locked) return;
    if (s.revising) Object.assign(s.revising, { dimension: null, labels: s.revising.labels.filter(([label]) => label !== form_id) });
    const { title } = s.data.dimensions.find(({ name }) => name === dimension);
    s.hint = `${title}: ${SAY[before].toLowerCase()} again.`;
  }
  function undoWaiting() {
    const times = card() ? s.undoing : 0;
    s.undoing -= times;
    for (let i = 0; i < times; i += 1) undo();
  }
  return { decide, takeBack, undo, undoWaiting, forget };
}
