// What one may do beside answering: tell of a fault, mark words, look at another wording or at the picture.
import { askFault } from './dialogs.js';
import { chosenPlaces, isBlurred, pictureOf, shownText } from './drawing.js';
import { LONGEST_MARK, pointsBefore, selectedPlaces, wordsOf } from './marks.js';

const WORDS_A_LINE = 8;

export function beside(root, s, view, { card, send, say }) {
  const $ = (selector) => root.querySelector(selector);

  function openFault() {
    const c = card();
    if (c) askFault($('dialog.faults'), s.data.faults, c, (told) => {
      send(c, { kind: 'erratum', handle: c.handle, ...told });
      say('Thank you. What you told is kept beside the item.');
    });
  }
  // Nothing is marked that nobody chose: neither a second press nor Enter marks the word that choosing begins with.
  function mark({ byPointer = false } = {}) {
    const c = card();
    if (!c) return;
    const found = selectedPlaces(root, $('.text'), c.text) ?? (s.choosing?.moved ? chosenPlaces(s) : null);
    if (found) return keepMark(c, found);
    if (byPointer) { s.choosing = null; s.hint = 'Select words, then press Mark words.'; redraw(c); return; }
    if (s.choosing) return;
    const words = wordsOf(shownText(s, c), c.question.language);
    if (words.length) s.choosing = { words, first: 0, last: 0 };
    redraw(c);
  }
  function keepMark(c, { from, until }) {
    const begins = pointsBefore(c.text, from), ends = begins + pointsBefore(c.text.slice(from, until), until - from);
    document.getSelection()?.removeAllRanges();
    s.choosing = null;
    const known = c.phrases.some((p) => p.begins === begins && p.ends === ends), tooLong = ends - begins > LONGEST_MARK;
    if (!known && !tooLong) send(c, { kind: 'phrase', handle: c.handle, begins, ends });
    s.hint = tooLong ? `Mark at most ${LONGEST_MARK} characters at once.` : known ? 'These words are marked already.' : 'Marked. The ✕ below the response takes it away.';
    redraw(c);
  }
  function unmark({ form_id, begins, ends }) {
    const c = card();
    send(c, { kind: 'phrase', handle: c.handle, form_id, begins, ends, removed: true });
    s.hint = 'The mark is taken away.';
    redraw(c);
  }
  function choose(way, more) {
    const rtl = getComputedStyle($('.answer')).direction === 'rtl', { words, last } = s.choosing;
    const step = { left: rtl ? 1 : -1, right: rtl ? -1 : 1, down: WORDS_A_LINE, up: -WORDS_A_LINE }[way];
    s.choosing.last = Math.max(0, Math.min(words.length - 1, last + step));
    if (!more) s.choosing.first = s.choosing.last;
    s.choosing.moved = true;
    redraw(card());
  }
  function endChoosing() { s.choosing = null; redraw(card()); }
  function redraw(c) { view.drawResponse(c); view.draw(); }
  function turnOther() {
    if (!card()?.other_question) return;
    s.other = !s.other;
    s.otherSeen.add(card().handle);
    view.draw();
  }
  function turnWritten() { if (!$('.written').hidden) { s.written = !s.written; view.drawResponse(card()); } }
  function turnBlur() {
    const c = card();
    if (!c?.image_sha256 || $('.frame').hidden) return;
    s.blurred.set(c.handle, !isBlurred(s, c));
    view.drawBlur(c);
  }
  function zoom() {
    const c = card(), large = $('.zoom img');
    if ($('.frame').hidden || !c?.image_sha256) return;
    if (isBlurred(s, c)) return turnBlur();
    large.src = pictureOf(s.data, c, 'thumb');         // at once; the large one takes its place when it is there
    large.alt = c.image_alt;
    const full = new Image();
    full.onload = () => { if (card() === c) large.src = full.src; };
    full.src = pictureOf(s.data, c, 'full');
    $('.zoom').showModal();
  }
  return { openFault, mark, unmark, choose, endChoosing, turnOther, turnWritten, turnBlur, zoom };
}
