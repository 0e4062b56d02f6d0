// The Validate screen. Python owns the truth; this file answers at once and lays what is not stored yet over it.
// Streamlit calls the default export again at every change of data or theme, and its cleanup runs only on unmount: so
// all that must live longer hangs on parentElement, and listeners are set once.
import { beside } from './beside.js';
import { connection } from './connection.js';
import { askSkip, buildFaults } from './dialogs.js';
import { drawing, levelOf } from './drawing.js';
import { WorkClock, put } from './head.js';
import { arrows, keys } from './keys.js';
import { notes } from './notes.js';
import { Outbox } from './outbox.js';
import { buildPad, keyAt, nameKeys, paint } from './pieces.js';
import { revising } from './revising.js';
import { element } from './texts.js';
import { undoing } from './undoing.js';
import { DIMENSIONS, HELP } from './words.js';

const SKELETON = await (await fetch(new URL('review.html', import.meta.url))).text();

const complete = (c) => DIMENSIONS.every((d) => c.answers[d]);

function start(root, first) {
  const frame = document.createElement('template');
  frame.innerHTML = SKELETON;
  root.append(document.importNode(frame.content, true));
  const host = root.host ?? root, $ = (selector) => root.querySelector(selector);
  const outbox = new Outbox(first.person), work = new WorkClock(first.person);
  const s = { data: first, cards: {}, at: first.at, mine: new Set(), aside: new Set(),
    sure: new Map(), blurred: new Map(), clock: 0, shown: null, openedAt: null, firstKeyAt: null, other: false, otherSeen: new Set(),
    written: false, whole: false, choosing: null, revising: null, leaving: false, tired: false, hint: '' };
  const card = () => s.cards[s.at];
  const now = () => Math.round(Date.now() + s.clock);
  const view = {}, say = (hint) => { s.hint = hint; view.draw(); };
  const { revise, openWhy, dropWhy, endRevision } = revising($, s, view, { card, outbox, say });
  const { decide, takeBack, undo, undoWaiting, forget } = undoing(s, view, outbox, first, { card, go, revise, send, entryFor, say });
  const { keepNote, noteTyped, openNote, stopNotes, wroteNotes, readNotes } = notes($, s, view, { card, outbox, send, say });

  // -- answers -----------------------------------------------------------------------------------------------------
  function entryFor(c, dimension, choice) {
    const question = s.other && c.other_question ? c.other_question : c.question;
    return { kind: 'answer', handle: c.handle, dimension, choice, language_shown: question.language,
      translation_shown: s.otherSeen.has(c.handle), opened_at: s.openedAt, first_key_at: s.firstKeyAt,
      confidence: c.locked ? null : levelOf(s, c), replaces: c.answers[dimension]?.form_id ?? '' };
  }
  function answer(dimension, choice) {
    const c = card(), before = c?.answers[dimension]?.choice;
    if (!c || before === choice && !(c.locked && !s.revising)) return;
    if (c.locked && !s.revising) return say('Your four answers are locked. Press M to revise one.');
    if (c.put_aside) takeBack(c);
    s.firstKeyAt ??= now();
    s.hint = '';
    const { form_id } = decide(c, { ...entryFor(c, dimension, choice), before });
    if (s.revising) { s.revising.dimension = null; s.revising.labels.push([form_id, dimension]); }
    else if (c.locked) s.mine.add(c.handle);
    if (work.tick()) s.tired = true;
    view.draw();
  }
  function sure(level) {
    const c = card();
    if (!c) return;
    if (c.locked) return say('How sure you were is asked before the judge is shown.');
    s.sure.set(c.handle, level);
    if (Object.keys(c.answers).length) outbox.put({ kind: 'confidence', handle: c.handle, level });
    view.draw();
  }

  // -- ways --------------------------------------------------------------------------------------------------------
  function go(place) {
    if (place < 0 || place >= s.data.total) return;
    keepTyped();
    Object.assign(s, { at: place, other: false, written: false, whole: false, undoing: 0, leaving: false, hint: '' });
    outbox.goTo(place);
    view.draw();
  }
  function next() {
    if (s.revising) return endRevision();
    s.hint = '';
    if (card()?.locked || card()?.put_aside) onward(); else if (card()) sayOpen(card());
  }
  function sayOpen(c) {
    const open = s.data.dimensions.filter(({ name }) => !c.answers[name]).map(({ title }) => title), last = open.pop();
    say(open.length ? `${open.join(', ')} and ${last} are still open.` : `${last} is still open.`);
  }
  function following() {
    let place = s.at + 1;
    while (s.cards[place]?.put_aside) place += 1;
    return place;
  }
  function onward() {
    const place = following();
    if (place < s.data.total) return go(place);
    keepNote();
    s.leaving = true;                                  // where to is known once all is stored
    leaveIfStored();
  }
  function leaveIfStored() {
    if (!s.leaving || outbox.entries.length) return;
    s.leaving = false;
    if (outbox.refusal) return;                        // to be read first
    const { hint } = s, isOpen = s.data.done + s.data.put_aside < s.data.total && s.data.first_open !== s.at;
    if (!isOpen) return outbox.end();
    go(s.data.first_open);
    say(hint);
  }
  function openSkip() {
    if (card() && !card().locked) askSkip($('dialog.aside'), skip);
    else if (card()) say('Your four answers are given; this response cannot be skipped any more.');
  }
  function skip(how, reason) {
    const c = card();
    decide(c, { kind: 'skip', handle: c.handle, how, reason });
    s.aside.add(c.handle);
    const { total, done, put_aside: aside } = s.data, said = how === 'later' ? 'Skipped for later.' : 'Skipped: others get it.';
    // The session does not end with a slip: there would be no way back.
    const isLast = following() >= total && done + aside + s.mine.size + s.aside.size >= total;
    if (isLast) return say(`${said} Undo brings it back, Enter ends the session.`);
    onward();
    say(`${said} Undo brings it back.`);
  }

  // -- beside the answers ------------------------------------------------------------------------------------------
  function keepTyped() {
    keepNote();
    if (s.revising) endRevision();
  }
  // -- what is not stored yet --------------------------------------------------------------------------------------
  function send(c, entry) {
    const whole = outbox.put(entry);
    overlay(c, whole);
    return whole;
  }
  function overlay(c, entry) {
    if (entry.kind === 'note') c.note = entry.text;
    else if (entry.kind === 'confidence') s.sure.set(c.handle, entry.level);
    else if (entry.kind === 'skip') c.put_aside = entry.how !== 'back';
    else if (entry.kind === 'erratum') c.errata = [...c.errata, entry.fault];
    else if (entry.kind === 'phrase') {
      const { form_id, begins, ends } = entry, others = c.phrases.filter((p) => p.form_id !== form_id);
      c.phrases = entry.removed ? others : [...others, { form_id, begins, ends }].sort((a, b) => a.begins - b.begins);
    } else if (entry.kind === 'answer' && entry.choice === 'undone') delete c.answers[entry.dimension];
    else if (entry.kind === 'answer') {
      const phase = c.locked ? 'revised' : 'blind', { choice, form_id, confidence } = entry;
      c.answers[entry.dimension] = { choice, phase, reason: null, form_id, confidence };
      if (complete(c)) c.locked = true;
    }
  }
  function receive(data, setStateValue) {              // new truth from Python: drop what is stored, keep what is not
    outbox.setStateValue = setStateValue;
    outbox.at = s.at;
    s.data = data;
    s.clock = data.now - Date.now();
    const before = s.cards;
    s.cards = Object.fromEntries(data.cards.map((c) => [c.position, c]));
    wroteNotes();
    for (const c of data.cards) { if (c.locked) s.mine.delete(c.handle); if (c.put_aside) s.aside.delete(c.handle); }
    outbox.receive(data);
    forget((d) => data.refused[d.form_id] !== undefined);
    if (!outbox.entries.length) { s.mine.clear(); s.aside.clear(); }
    for (const entry of outbox.entries) {
      const c = data.cards.find((x) => x.handle === entry.handle);
      if (c) overlay(c, entry);
    }
    for (const c of data.cards) readNotes(c, before[c.position]);
    paint(host, $('article'));
    view.draw();
    undoWaiting();
    leaveIfStored();
  }

  // -- once --------------------------------------------------------------------------------------------------------
  const openKeys = () => $('.keys').showModal();
  const opened = (c) => Object.assign(s, { shown: c.handle, openedAt: now(), firstKeyAt: null, choosing: null });
  const acts = { answer, undo, sure, revise, openWhy, dropWhy, endRevision, next, openNote, openSkip, openKeys, opened, ...beside(root, s, view, { card, send, say }) };
  Object.assign(view, drawing(root, s, outbox, acts));
  const { draw, fit } = view;
  buildPad($('.pad'), first.dimensions, first.sure);
  buildFaults($('dialog.faults'), first.faults);
  put($('.pause span'), 'You have worked for an hour. A short break does good.');
  $('.keys dl').replaceChildren(...HELP.map(([key, text]) => element('div', '', element('dt', '', Array.isArray(key) ? keyAt(key) : element('kbd', '', key)), element('dd', '', text))));
  nameKeys(root);
  $('.pad').addEventListener('click', (event) => {
    const { dimension, choice, level } = event.target.closest('button')?.dataset ?? {};
    if (dimension) answer(dimension, choice); else if (level) sure(Number(level));
  });
  $('.pad').addEventListener('keydown', arrows);
  const CLICKS = { '.undo': undo, '.next': next, '.revise': () => revise(), '.say-why': openWhy, '.note': openNote, '.skip': openSkip, '.flag': acts.openFault, '.mark': (event) => acts.mark({ byPointer: event.detail > 0 }),
    '.other': acts.turnOther, '.written': acts.turnWritten, '.blur': acts.turnBlur, '.picture': acts.zoom,
    '.whole': () => { s.whole = true; view.drawResponse(card()); }, '.retry': () => outbox.send(), '.end': () => { keepTyped(); outbox.end(); }, '.help': openKeys,
    '.keys button': () => $('.keys').close(), '.zoom': () => $('.zoom').close(),
    '.rested': () => { work.restart(); s.tired = false; draw(); } };
  for (const [selector, act] of Object.entries(CLICKS)) $(selector).onclick = act;
  $('.mark').onpointerdown = (event) => event.preventDefault();       // keeps what is selected
  // A mouse click leaves no focus on a button, so that Enter goes on to the next response.
  root.addEventListener('click', (event) => { if (event.detail > 0) event.target.closest('button, summary')?.blur(); });
  $('.note-text').oninput = noteTyped;
  $('.note-text').onblur = () => { keepNote(); $('.note-text').hidden = !$('.note-text').value; draw(); };
  $('.picture img').onerror = () => { $('.frame').hidden = true; $('.no-picture').hidden = false; put($('.no-picture'), 'The picture could not be loaded.'); };
  const onKey = keys(root, s, acts), onLeave = (event) => { keepTyped(); if (outbox.entries.length) event.preventDefault(); };
  const forgetConnection = connection(root, () => { outbox.lost = true; view.drawHead(); });
  const outside = document.activeElement;              // the menu's link would take Enter
  if (outside?.tagName === 'A') outside.blur();
  window.addEventListener('keydown', onKey, true);
  window.addEventListener('beforeunload', onLeave);
  window.addEventListener('resize', fit);
  for (const box of root.querySelectorAll('.answer, .reveal, .left')) box.addEventListener('scroll', fit, { passive: true });
  const timer = setInterval(() => { outbox.retryIfLate(!card()); view.drawHead(); fit(); }, 500);
  function stop() {
    clearInterval(timer);
    stopNotes();
    forgetConnection();
    window.removeEventListener('keydown', onKey, true);
    window.removeEventListener('beforeunload', onLeave);
    window.removeEventListener('resize', fit);
    $('article').remove();
  }
  return { receive, stop };
}

export default function ({ data, parentElement, setStateValue }) {
  const running = parentElement.__review ??= start(parentElement, data);
  running.receive(structuredClone(data), setStateValue);
  return () => { running.stop(); delete parentElement.__review; };
}
