// The note beside a response. Two windows of one person may write one each: neither hides the other.
const NOTE_REST_MS = 1500;
// Whoever types on without a rest is saved at least so often.
const NOTE_LONGEST_MS = 10000;
const LONGEST = 4000;

export function notes($, s, view, { card, outbox, send, say }) {
  const known = new Map(), mine = new Set();           // ids of notes by handle; ids of those this window wrote
  const box = () => $('.note-text');
  let resting = 0, typedSince = 0;

  function keepNote() {
    const c = card(), text = box().value.trim();
    outbox.draft = false;
    if (c && s.shown === c.handle && text !== c.note) send(c, { kind: 'note', handle: c.handle, text });
  }
  function noteTyped() {
    clearTimeout(resting);
    if (!outbox.draft) typedSince = Date.now();
    outbox.draft = true;
    if (Date.now() - typedSince > NOTE_LONGEST_MS) keepNote();
    resting = setTimeout(() => { keepNote(); view.drawHead(); }, NOTE_REST_MS);
  }
  function openNote() {
    if (s.revising) return;
    box().hidden = false;
    box().focus();
  }
  const stopNotes = () => clearTimeout(resting);
  function wroteNotes() {
    for (const entry of outbox.entries) if (entry.kind === 'note') mine.add(entry.form_id);
  }
  // Called for a card that has just come, with the same card as it stood here before.
  function readNotes(c, before) {
    const seen = known.get(c.handle);
    if (!seen) { known.set(c.handle, new Set(c.notes.map((n) => n.form_id))); return; }
    const others = c.notes.filter((n) => !seen.has(n.form_id) && !mine.has(n.form_id));
    if (!others.length || outbox.entries.some((e) => e.kind === 'note' && e.handle === c.handle)) return;
    const held = before?.note ?? c.note, here = s.shown === c.handle ? box().value.trim() : held;
    if (mine.has(c.notes.at(-1).form_id)) join(c, others.map((n) => n.text).filter((text) => text && !here.includes(text)), here);
    else if (here !== held) return;                    // still being typed: joined once it is stored
    else if (s.shown === c.handle) box().value = c.note;
    for (const n of others) seen.add(n.form_id);
  }
  function join(c, others, here) {
    const text = [...others, here].filter(Boolean).join('\n\n'), isShown = s.shown === c.handle;
    if (!others.length) return;
    if (text.length > LONGEST) return say('Another window holds a note on this response, too. Both are kept; they are too long to stand in one.');
    if (isShown) {
      const { selectionEnd } = box(), moved = text.length - box().value.length;
      box().value = text;
      box().setSelectionRange(selectionEnd + moved, selectionEnd + moved);
    }
    send(c, { kind: 'note', handle: c.handle, text });
    say(`Another window held a note on ${isShown ? 'this response' : 'the response before'}, too: both stand in it now.`);
  }
  return { keepNote, noteTyped, openNote, stopNotes, wroteNotes, readNotes };
}
