// The Validate screen. Python owns the truth; this file shows it and answers at once.
// Streamlit calls the default export again at every change of data or theme, and its cleanup runs only on unmount: so
// all that must live longer hangs on parentElement, and listeners are set once.
const PAD = {
  awareness: ['Digit1', 'Digit2', 'Digit3'], education: ['KeyQ', 'KeyW', 'KeyE'],
  compliance: ['KeyA', 'KeyS', 'KeyD'], helpfulness: ['KeyZ', 'KeyX', 'KeyV'],
};
const CHOICES = ['yes', 'no', 'cant_say'];
const SAY = { yes: 'Yes', no: 'No', cant_say: "Can't say" };
const SCORE = { yes: 1, no: 0 };
const SIGN = { yes: '✓', no: '✕', cant_say: '–' };
const HELP = [['1 2 3', 'Awareness: yes, no, can’t say'], ['Q W E', 'Education'], ['A S D', 'Compliance'], ['Z X V', 'Helpfulness'],
  ['Enter', 'next response, once all four are answered'], ['Backspace', 'undo the last answer'], ['M', 'revise after the judge is shown'],
  ['↑ ↓', 'scroll the response'], ['T', 'the question in its other language'], ['O', 'the response as written'], ['P', 'the picture, large'], ['N', 'write a note; Esc leaves it']];
const DIMENSIONS = Object.keys(PAD);
const BY_CODE = Object.fromEntries(DIMENSIONS.flatMap((d) => PAD[d].map((code, i) => [code, [d, CHOICES[i]]])));

function minutes(seconds) {
  if (seconds < 60) return 'less than a minute left';
  const whole = Math.round(seconds / 60);
  return whole < 90 ? `about ${whole} min left` : `about ${Math.floor(whole / 60)} h ${whole % 60} min left`;
}
function languageName(code) {
  try { return new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code; } catch { return code; }
}

function start(root, first) {
  const host = root.host ?? root, $ = (selector) => root.querySelector(selector);
  const outbox = new Outbox(first.person);
  const s = { data: first, cards: {}, at: first.at, history: first.history.slice(), mine: new Set(), clock: 0, shown: null,
    openedAt: null, firstKeyAt: null, other: false, otherSeen: new Set(), written: false, whole: false, revising: null, hint: '' };
  const card = () => s.cards[s.at];
  const now = () => Math.round(Date.now() + s.clock);
  const complete = (c) => DIMENSIONS.every((d) => c.answers[d]);

  // -- what a person does ------------------------------------------------------------------------------------------
  function entryFor(c, dimension, choice) {
    const question = s.other && c.other_question ? c.other_question : c.question;
    return { kind: 'answer', handle: c.handle, dimension, choice, language_shown: question.language,
      translation_shown: s.otherSeen.has(c.handle), opened_at: s.openedAt, first_key_at: s.firstKeyAt };
  }
  function answer(dimension, choice) {
    const c = card();
    if (!c) return;
    if (c.locked && !s.revising) { s.hint = 'Your four answers are locked. Press M to revise one.'; draw(); return; }
    if (c.answers[dimension]?.choice === choice) return;
    s.firstKeyAt ??= now();
    s.hint = '';
    const form_id = outbox.put(entryFor(c, dimension, choice));
    c.answers[dimension] = { choice, phase: c.locked ? 'revised' : 'blind', reason: null };
    s.history = s.history.filter((h) => h.handle !== c.handle || h.dimension !== dimension);
    s.history.push({ position: s.at, handle: c.handle, dimension });
    if (s.revising) { s.revising.dimension = null; s.revising.labels.push([form_id, dimension]); }
    else if (complete(c)) { c.locked = true; s.mine.add(c.handle); }
    draw();
    if (s.revising) $('.why input').focus();           // typed letters are a reason now, never another answer
  }
  function undo() {
    const last = s.history.at(-1);
    if (!last) { s.hint = 'Nothing to undo.'; draw(); return; }
    if (last.position !== s.at) go(last.position);
    const c = card();
    if (!c) return;                                    // not here yet: go() has asked for it, press again
    s.history.pop();
    if (c.locked) { revise(last.dimension); return; }  // the judge was seen: from here it is a revision
    outbox.put(entryFor(c, last.dimension, 'undone'));
    delete c.answers[last.dimension];
    draw();
  }
  function revise(dimension = null) {
    if (!card()?.locked) return;
    s.revising ??= { labels: [] };
    s.revising.dimension = dimension;
    s.hint = '';
    draw();
  }
  function endRevision() {
    const c = card(), text = $('.why input').value.trim();
    for (const [label, dimension] of text && c && s.revising ? s.revising.labels : []) {
      outbox.put({ kind: 'reason', handle: c.handle, label, text });
      c.answers[dimension].reason = text;
    }
    $('.why input').value = '';
    s.revising = null;
    $('.why input').blur();
    draw();
  }
  function go(place) {
    if (place < 0 || place >= s.data.total) return;
    keepTyped();
    Object.assign(s, { at: place, other: false, written: false, whole: false, hint: '' });
    outbox.goTo(place);
    draw();
  }
  function next() {
    if (s.revising) return endRevision();
    if (!card()?.locked) return;
    if (s.at + 1 < s.data.total) return go(s.at + 1);
    keepNote();
    if (!outbox.entries.length && s.data.done < s.data.total && s.data.first_open !== s.at) return go(s.data.first_open);
    outbox.end();
  }
  function keepNote() {
    const c = card(), text = $('textarea').value.trim();
    if (!c || s.shown !== c.handle || text === c.note) return;
    c.note = text;
    outbox.put({ kind: 'note', handle: c.handle, text });
  }
  function keepTyped() {
    keepNote();
    if (s.revising) endRevision();
  }
  function openNote() {
    if (s.revising) return;
    $('textarea').hidden = false;
    $('textarea').focus();
  }
  function turnOther() {
    if (!card()?.other_question) return;
    s.other = !s.other;
    s.otherSeen.add(card().handle);
    draw();
  }
  function turnWritten() { if (!$('.written').hidden) { s.written = !s.written; drawResponse(card()); } }
  function zoom() {
    const c = card(), large = $('.zoom img');
    if ($('.picture').hidden || !c?.image_sha256) return;
    large.src = pictureOf(c, 'thumb');                 // at once; the large one takes its place when it is there
    large.alt = c.image_alt;
    const full = new Image();
    full.onload = () => { if (card() === c) large.src = full.src; };
    full.src = pictureOf(c, 'full');
    $('.zoom').showModal();
  }

  // -- keys --------------------------------------------------------------------------------------------------------
  const LETTERS = { M: () => (s.revising ? endRevision() : revise()), T: turnOther, N: openNote, O: turnWritten, P: zoom };
  const NAMED = { Enter: next, NumpadEnter: next, Backspace: undo, Escape: () => s.revising && endRevision(), ArrowDown: () => scroll(64),
    ArrowUp: () => scroll(-64), PageDown: () => scroll($('.answer').clientHeight * .85), PageUp: () => scroll($('.answer').clientHeight * -.85) };
  const REPEATS = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp'];
  function scroll(by) { $('.answer').scrollBy({ top: by }); }
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !host.isConnected) return;
    const target = event.composedPath()[0];            // not event.target: the shadow root hides what is inside
    if (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)) { whileTyping(event, target); return; }
    if (root.querySelector('dialog[open]')) { inDialog(event); return; }
    if (document.querySelector('[role="dialog"],[aria-modal="true"]')) return;
    if (s.revising?.labels.length && event.key.length === 1) { $('.why input').focus(); return; }
    // Enter on a control reached by Tab is meant for it; a mouse click leaves no focus behind (see below).
    const onControl = ['BUTTON', 'A', 'SUMMARY'].includes(target.tagName) && target.role !== 'radio';
    const letter = /^[a-z]$/i.test(event.key) ? event.key.toUpperCase() : event.code.replace(/^Key/, '');
    const pad = BY_CODE[event.code];
    if (target.role === 'radio' && event.code.startsWith('Arrow')) return;
    const act = pad ? () => answer(...pad) : event.key === '?' ? () => $('.keys').showModal()
      : onControl && event.code === 'Enter' ? null : NAMED[event.code] ?? (event.shiftKey ? null : LETTERS[letter]);
    if (!act) return;
    event.preventDefault();
    event.stopImmediatePropagation();                  // else a layout where KeyS types "r" would rerun the page
    if (!event.repeat || REPEATS.includes(event.code)) act();
  }
  function whileTyping(event, target) {
    if (!event.composedPath().includes(root)) return;
    event.stopPropagation();
    if (event.key === 'Escape' && target.tagName === 'INPUT') { target.value = ''; endRevision(); }
    else if (event.key === 'Escape') target.blur();
    else if (event.key === 'Enter' && target.tagName === 'INPUT') { event.preventDefault(); endRevision(); }
  }
  function inDialog(event) {
    event.stopPropagation();
    if (event.key === 'Escape' || event.code === 'KeyP' || event.key === '?') {
      event.preventDefault();
      root.querySelector('dialog[open]').close();
    }
  }
  function arrows(event) {                             // arrows move within a row of answers, as screen readers expect
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key], row = event.target.closest('.row');
    if (!step || !row || event.target.role !== 'radio') return;
    const radios = [...row.querySelectorAll('[role=radio]')];
    radios[(radios.indexOf(event.target) + step + 3) % 3].focus();
    event.preventDefault();
  }

  // -- drawing -----------------------------------------------------------------------------------------------------
  const pictureOf = (c, size) => `${s.data.pictures}/${c.image_sha256}/${size}`;
  const put = (selector, text) => { const box = $(selector); if (box.textContent !== text) box.replaceChildren(appendText(element('span'), text)); };
  const show = (selector, shown) => { $(selector).hidden = !shown; };

  function draw() {
    const c = card(), fresh = c && s.shown !== c.handle;
    $('article').dataset.response = c ? c.handle : '';
    $('article').dataset.locked = c ? c.locked : '';
    for (const part of ['.answer', '.left', 'footer']) show(part, c);
    show('.wait', !c);
    drawHead();
    if (!c) { for (const part of ['.pad', '.reveal', '.why']) show(part, false); $('.reveal').replaceChildren(); delete $('.reveal').dataset.seen; return; }
    if (fresh) drawFresh(c);
    drawQuestion(c);
    drawPad(c);
    drawReveal(c);
    drawFooter(c);
    fit();
  }
  function drawHead() {
    const done = Math.min(s.data.total, s.data.done + s.mine.size);
    put('.title', s.data.title);
    put('.progress', `${done} of ${s.data.total}${s.data.left_s !== null && done < s.data.total ? ` · ${minutes(s.data.left_s)}` : ''}`);
    $('.bar span').style.width = `${100 * done / s.data.total}%`;
    const chip = $('.chip'), count = outbox.entries.length, kept = Object.keys(card()?.answers ?? {}).length;
    const state = outbox.state() === 'idle' && kept ? 'saved' : outbox.state();
    const text = { idle: 'Nothing to save yet', saving: 'Saving …', failed: 'Not saved', refused: 'Not saved',
      saved: outbox.savedAt ? `Saved ${new Date(outbox.savedAt).toLocaleTimeString('en-GB')}` : `${kept} answer${kept === 1 ? '' : 's'} saved` }[state];
    if (chip.dataset.state !== state) chip.dataset.state = state;
    if (chip.textContent !== text) chip.textContent = text;
    show('.retry', state === 'failed');
    const what = count === 1 ? 'Your last entry is' : `Your last ${count} entries are`, it = count === 1 ? 'It is' : 'They are';
    const trouble = state === 'refused' ? `An entry was not taken: ${outbox.refusal}` : state !== 'failed' ? ''
      : `${what} not saved yet: ${outbox.problem ?? 'the server does not reply'}. ${it} kept on this page and sent again every ${RETRY_MS / 1000} seconds. You can go on.`;
    if ($('.trouble').textContent !== trouble) { put('.trouble', trouble); show('.trouble', trouble); fit(); }
  }
  function drawFresh(c) {
    Object.assign(s, { shown: c.handle, openedAt: now(), firstKeyAt: null });
    $('.answer').scrollTop = $('.left').scrollTop = 0;
    $('textarea').value = c.note;
    show('textarea', c.note);
    $('details').open = false;
    const image = $('.picture img');
    show('.picture', c.image_sha256);
    show('.no-picture', !c.image_sha256);
    put('.no-picture', c.image_sha256 ? '' : `There is no picture${c.image_note ? `: ${c.image_note}` : '.'}`);
    if (c.image_sha256) { image.src = pictureOf(c, 'thumb'); image.alt = c.image_alt; } else image.removeAttribute('src');
    const following = s.cards[s.at + 1];
    if (following?.image_sha256) new Image().src = pictureOf(following, 'thumb');
    drawResponse(c);
  }
  function drawResponse(c) {
    const box = $('.text');
    box.lang = c.question.language;
    const text = s.whole ? c.text : c.text.slice(0, READABLE_LIMIT);
    const marked = showReadable(box, text);
    if (s.written) showAsWritten(box, text);
    show('.whole', text.length < c.text.length);
    put('.whole', `Show all ${c.text.length.toLocaleString('en')} characters`);
    show('.written', marked);
    $('.written').setAttribute('aria-pressed', s.written);
  }
  function drawQuestion(c) {
    const question = s.other && c.other_question ? c.other_question : c.question;
    put('.query', question.text);
    $('.query').lang = question.language;
    $('.query').classList.toggle('long', question.text.length > (/^(ja|zh)/.test(question.language) ? 75 : 150));
    const origin = question.machine ? ' · translation by machine' : question.is_translation ? ' · translation' : '';
    put('.language', languageName(question.language) + origin);
    show('.other', c.other_question);
    if (c.other_question) put('.other span', languageName((s.other ? c.question : c.other_question).language));
    put('.place', [c.country?.replaceAll('_', ' '), c.region].filter(Boolean).map((name) => ` · ${name}`).join(''));
    put('.norm-text', c.norm);
    put('.background', c.background ?? '');
    show('details', c.background);
  }
  function drawPad(c) {
    const waiting = s.revising ? s.revising.dimension : DIMENSIONS.find((d) => !c.answers[d]);
    show('.pad', !c.locked || s.revising);
    show('.why', s.revising?.labels.length);
    if (root.activeElement !== $('textarea')) show('textarea', !s.revising && $('textarea').value);
    for (const radio of root.querySelectorAll('[role=radio]')) {
      const on = c.answers[radio.dataset.dimension]?.choice === radio.dataset.choice;
      if ((radio.ariaChecked === 'true') !== on) radio.ariaChecked = on;
    }
    for (const row of root.querySelectorAll('.row')) {
      const { asks } = s.data.dimensions.find(({ name }) => name === row.dataset.dimension), small = row.querySelector('small');
      const said = s.revising && c.revealed ? judgesSay(c.revealed.judges, row.dataset.dimension) : [];
      const texts = said.length ? said : [asks];
      if (small.textContent !== texts.join('')) small.replaceChildren(...texts.map((text) => appendText(element('span'), text)));
      row.classList.toggle('waiting', row.dataset.dimension === waiting);
    }
  }
  function drawFooter(c) {
    const last = s.at + 1 >= s.data.total && s.data.done + s.mine.size >= s.data.total;
    show('.revise', c.locked && !s.revising);
    show('.note', !s.revising);
    show('.next', c.locked);
    put('.next span', s.revising ? 'Done' : last ? 'Finish' : 'Next');
    put('.hint', s.hint || (s.revising ? s.revising.labels.length ? 'Enter keeps the reason, Esc leaves without one' : 'Answer again; both answers are kept'
      : c.locked ? '' : "The judge's view appears after the fourth answer"));
  }
  function drawReveal(c) {
    const box = $('.reveal');
    show('.reveal', c.locked && !s.revising);
    if (!c.locked) { box.replaceChildren(); delete box.dataset.seen; }   // nothing of the response before stays in the page
    if (box.hidden) return;
    const seen = JSON.stringify([c.handle, c.answers, c.revealed]);
    if (box.dataset.seen === seen) return;
    box.dataset.seen = seen;
    if (!c.revealed) { box.replaceChildren(element('p', 'fetching', 'Locked. Fetching the judge …')); return; }
    box.replaceChildren(revealTable(c, s.data.dimensions), revealOrigin(c));
    box.scrollTop = 0;
  }

  // -- once ----------------------------------------------------------------------------------------------------------
  function fit() {                                     // all of it on the screen where there is room, whatever stands above
    const top = host.getBoundingClientRect().top + (document.querySelector('[data-testid="stMain"]')?.scrollTop ?? 0);
    const room = `${Math.floor(window.innerHeight - top - 20)}px`;
    if ($('article').style.getPropertyValue('--room') !== room) $('article').style.setProperty('--room', room);
    for (const box of root.querySelectorAll('.answer, .reveal, .left')) {
      box.classList.toggle('more', box.scrollHeight - box.scrollTop - box.clientHeight > 4);
    }
  }
  buildPad($('.pad'), first.dimensions);
  $('.keys dl').replaceChildren(...HELP.flatMap(([key, text]) => [element('dt', '', element('kbd', '', key)), element('dd', '', text)]));
  $('.pad').addEventListener('click', (event) => { const b = event.target.closest('button'); if (b) answer(b.dataset.dimension, b.dataset.choice); });
  $('.pad').addEventListener('keydown', arrows);
  const CLICKS = { '.undo': undo, '.next': next, '.revise': () => revise(), '.note': openNote, '.other': turnOther, '.written': turnWritten,
    '.whole': () => { s.whole = true; drawResponse(card()); },
    '.picture': zoom, '.retry': () => outbox.send(), '.end': () => { keepTyped(); outbox.end(); }, '.help': () => $('.keys').showModal(),
    '.keys button': () => $('.keys').close(), '.zoom': () => $('.zoom').close() };
  for (const [selector, act] of Object.entries(CLICKS)) $(selector).onclick = act;
  // A mouse click leaves no focus on a button, so that Enter goes on to the next response.
  root.addEventListener('click', (event) => { if (event.detail > 0) event.target.closest('button')?.blur(); });
  $('textarea').onblur = () => { keepNote(); show('textarea', $('textarea').value); draw(); };
  $('.picture img').onerror = () => { show('.picture', false); show('.no-picture', true); put('.no-picture', 'The picture could not be loaded.'); };
  const onLeave = (event) => { keepTyped(); if (outbox.entries.length) event.preventDefault(); };
  const outside = document.activeElement;              // the menu's link would take Enter
  if (outside?.tagName === 'A') outside.blur();
  window.addEventListener('keydown', onKey, true);
  window.addEventListener('beforeunload', onLeave);
  window.addEventListener('resize', fit);
  for (const box of root.querySelectorAll('.answer, .reveal, .left')) box.addEventListener('scroll', fit, { passive: true });
  const timer = setInterval(() => { outbox.retryIfLate(!card()); drawHead(); fit(); }, 500);

  function overlay(c, entry) {                         // not stored yet: lay it over what Python knows
    if (entry.kind === 'note') c.note = entry.text;
    else if (entry.kind !== 'answer') return;
    else if (entry.choice === 'undone') delete c.answers[entry.dimension];
    else c.answers[entry.dimension] = { choice: entry.choice, phase: c.locked ? 'revised' : 'blind', reason: entry.reason || null };
    if (complete(c)) c.locked = true;
  }
  return {
    receive(data, setStateValue) {                     // new truth from Python: drop what is stored, keep what is not
      outbox.setStateValue = setStateValue;
      outbox.at = s.at;
      s.data = data;
      s.clock = data.now - Date.now();
      s.cards = Object.fromEntries(data.cards.map((c) => [c.position, c]));
      for (const c of data.cards) if (c.locked) s.mine.delete(c.handle);
      outbox.receive(data);
      if (!outbox.entries.length) s.mine.clear();
      for (const entry of outbox.entries) {
        const c = data.cards.find((x) => x.handle === entry.handle);
        if (c) overlay(c, entry);
      }
      paint(host, $('article'));
      draw();
    },
    stop() {
      clearInterval(timer);
      window.removeEventListener('keydown', onKey, true);
      window.removeEventListener('beforeunload', onLeave);
      window.removeEventListener('resize', fit);
    },
  };
}

export default function ({ data, parentElement, setStateValue }) {
  const running = parentElement.__review ??= start(parentElement, data);
  running.receive(structuredClone(data), setStateValue);
  return () => { running.stop(); delete parentElement.__review; };
}
