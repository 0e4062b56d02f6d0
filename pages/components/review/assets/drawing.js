// What stands on the Validate screen for a card and a state; reads both, changes neither.
import { clearDialogs } from './dialogs.js';
import { drawChip, drawProgress, put } from './head.js';
import { drawMarks, placeOfPoint } from './marks.js';
import { judgesSay, revealOrigin, revealTable } from './pieces.js';
import { READABLE_LIMIT, appendText, element, showAsWritten, showReadable } from './texts.js';
import { DIMENSIONS, languageName } from './words.js';

export const pictureOf = (data, c, size) => `${data.pictures}/${c.image_sha256}/${size}`;
export const isBlurred = (s, c) => s.blurred.get(c.handle) ?? s.data.blur_pictures;
export const levelOf = (s, c) => s.sure.get(c.handle) ?? Object.values(c.answers).find((a) => a.confidence)?.confidence ?? null;
export const shownText = (s, c) => (s.whole ? c.text : c.text.slice(0, READABLE_LIMIT));
const corrected = (came) => (came === null ? '' : ' · corrected');
const SHORT = 60;
// Less is the space under the last line.
const HIDDEN = 12;

export function drawing(root, s, outbox, acts) {
  const host = root.host ?? root, $ = (selector) => root.querySelector(selector);
  const show = (selector, shown) => { $(selector).hidden = !shown; };
  const card = () => s.cards[s.at];

  function draw() {
    const c = card(), fresh = c && s.shown !== c.handle;
    $('article').dataset.response = c ? c.handle : '';
    $('article').dataset.locked = c ? c.locked : '';
    for (const part of ['.answer', '.left', 'footer']) show(part, c);
    show('.wait', !c);
    drawHead();
    if (!c) { for (const part of ['.pad', '.reveal', '.why']) show(part, false); clearReveal(); return; }
    if (fresh) drawFresh(c);
    drawQuestion(c);
    drawPad(c);
    drawReveal(c);
    drawFooter(c);
    fit();
  }
  function drawHead() {
    drawProgress($, s.data, { locked: s.mine.size, aside: s.aside.size });
    const moved = drawChip($, outbox, Object.keys(card()?.answers ?? {}).length);
    if ($('.pause').hidden === s.tired) { show('.pause', s.tired); fit(); } else if (moved) fit();
  }
  function drawFresh(c) {
    acts.opened(c);
    $('.answer').scrollTop = $('.left').scrollTop = 0;
    $('.note-text').value = c.note;
    show('.note-text', c.note);
    for (const details of root.querySelectorAll('details')) details.open = false;
    clearDialogs(root);
    show('.frame', c.image_sha256);
    show('.no-picture', !c.image_sha256);
    put($('.no-picture'), c.image_sha256 ? '' : `There is no picture${c.image_note ? `: ${c.image_note}` : '.'}`);
    const image = $('.picture img'), following = s.cards[s.at + 1];
    if (c.image_sha256) { image.src = pictureOf(s.data, c, 'thumb'); image.alt = c.image_alt; } else image.removeAttribute('src');
    if (following?.image_sha256) new Image().src = pictureOf(s.data, following, 'thumb');
    drawBlur(c);
    drawResponse(c);
  }
  function drawBlur(c) {
    const blurred = isBlurred(s, c);
    $('.frame').classList.toggle('blurred', blurred);
    $('.picture').ariaLabel = blurred ? 'Show the picture, which is blurred' : 'Enlarge the picture';
    $('.blur').setAttribute('aria-pressed', blurred);
    put($('.blur span'), blurred ? 'Show' : 'Blur');
  }
  function drawResponse(c) {
    const box = $('.text'), text = shownText(s, c);
    box.lang = c.question.language;
    const marked = showReadable(box, text);
    if (s.written) showAsWritten(box, text);
    drawMarks(box, markedRanges(c));
    box.querySelector('.choosing')?.scrollIntoView({ block: 'nearest' });
    show('.whole', text.length < c.text.length);
    put($('.whole'), `Show all ${c.text.length.toLocaleString('en')} characters`);
    show('.written', marked);
    $('.written').setAttribute('aria-pressed', s.written);
    $('.mark').setAttribute('aria-pressed', s.choosing !== null);
    s.marksDrawn = JSON.stringify(c.phrases);
    drawChips(c);
  }
  function markedRanges(c) {
    const chosen = s.choosing ? [{ ...chosenPlaces(s), look: 'choosing' }] : [];
    return [...chosen, ...c.phrases.map((p) => ({ from: placeOfPoint(c.text, p.begins), until: placeOfPoint(c.text, p.ends), look: '' }))];
  }
  function drawChips(c) {
    $('.marks').replaceChildren(...c.phrases.map((phrase) => {
      const words = c.text.slice(placeOfPoint(c.text, phrase.begins), placeOfPoint(c.text, phrase.ends)).replace(/[*_`]{2}|`/g, '');
      const said = appendText(element('bdi'), words.length > SHORT ? `${words.slice(0, SHORT)} …` : words);
      const button = element('button', '', said, element('span', 'cross', '✕'));
      Object.assign(button, { type: 'button', title: 'Remove this mark', onclick: () => acts.unmark(phrase) });
      button.setAttribute('aria-label', `Remove the mark: ${words}`);
      return element('li', '', button);
    }));
    show('.marks', c.phrases.length);
  }
  function drawQuestion(c) {
    const question = s.other && c.other_question ? c.other_question : c.question;
    put($('.query'), question.text);
    $('.query').lang = question.language;
    $('.query').classList.toggle('long', question.text.length > (/^(ja|zh)/.test(question.language) ? 75 : 150));
    const origin = question.machine ? ' · translation by machine' : question.is_translation ? ' · translation' : '';
    put($('.language'), languageName(question.language) + origin + corrected(question.came));
    drawCame('.query-came', question.came);
    $('.query-came p').lang = question.language;
    show('.other', c.other_question);
    if (c.other_question) put($('.other span'), languageName((s.other ? c.question : c.other_question).language));
    put($('.flag span'), c.errata.length ? '✓ Correction sent' : 'Correct item');
    put($('.place'), [c.country?.replaceAll('_', ' '), c.region].filter(Boolean).map((name) => ` · ${name}`).join('') + corrected(c.norm_came));
    put($('.norm-text'), c.norm || (c.norm_came === null ? '' : 'This norm does not hold at all.'));
    drawCame('.norm-came', c.norm_came);
    put($('.background'), c.background ?? '');
    show('.norm details', c.background);
    if (s.marksDrawn !== JSON.stringify(c.phrases)) drawResponse(c);
  }
  function drawCame(selector, came) {                  // how it read before an accepted correction, one click away
    show(selector, came !== null);
    put($(`${selector} p`), came ?? '');
  }
  function drawPad(c) {
    const waiting = s.revising ? s.revising.dimension : DIMENSIONS.find((d) => !c.answers[d]);
    show('.pad', !c.locked || s.revising);
    show('.sure', !c.locked);
    show('.why', s.revising?.why);
    if (root.activeElement !== $('.note-text')) show('.note-text', !s.revising && $('.note-text').value);
    const level = levelOf(s, c);
    for (const radio of root.querySelectorAll('[role=radio]')) {
      const { dimension, choice } = radio.dataset;
      const on = dimension ? c.answers[dimension]?.choice === choice : Number(radio.dataset.level) === level;
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
  function hintOf(c) {
    if (s.hint) return s.hint;
    if (s.choosing) return 'Arrows choose words, Shift takes more; Enter marks them, Esc leaves';
    if (s.revising) return s.revising.labels.length ? 'Change more, or press Enter' : 'Answer again; both answers are kept';
    if (c.put_aside) return 'You skipped this. An answer takes it back';
    return c.locked ? '' : "The judge's view appears after the fourth answer";
  }
  function drawFooter(c) {
    const { total, done, put_aside: aside } = s.data;
    const last = s.at + 1 >= total && done + aside + s.mine.size + s.aside.size >= total;
    show('.revise', c.locked && !s.revising);
    show('.note', !s.revising);
    show('.say-why', s.revising?.labels.length && !s.revising.why);
    show('.skip', !c.locked);
    show('.next', c.locked || c.put_aside);
    put($('.next span'), s.revising ? 'Done' : last ? 'Finish' : 'Next');
    put($('.hint'), hintOf(c));
  }
  function clearReveal() {                             // nothing of the response before stays in the page
    $('.reveal').replaceChildren();
    delete $('.reveal').dataset.seen;
  }
  function drawReveal(c) {
    const box = $('.reveal');
    show('.reveal', c.locked && !s.revising);
    if (!c.locked) clearReveal();
    if (box.hidden) return;
    const seen = JSON.stringify([c.handle, c.answers, c.revealed]);
    if (box.dataset.seen === seen) return;
    box.dataset.seen = seen;
    if (!c.revealed) { box.replaceChildren(element('p', 'fetching', 'Locked. Fetching the judge …')); return; }
    box.replaceChildren(revealTable(c, s.data.dimensions), revealOrigin(c));
    box.scrollTop = 0;
  }
  function fit() {                                     // all of it on the screen where there is room, whatever stands above
    const top = host.getBoundingClientRect().top + (document.querySelector('[data-testid="stMain"]')?.scrollTop ?? 0);
    const room = `${Math.floor(window.innerHeight - top - 20)}px`;
    if ($('article').style.getPropertyValue('--room') !== room) $('article').style.setProperty('--room', room);
    for (const box of root.querySelectorAll('.answer, .reveal, .left')) {
      box.classList.toggle('more', box.scrollHeight - box.scrollTop - box.clientHeight > HIDDEN);
    }
  }
  return { draw, drawHead, drawResponse, drawBlur, fit };
}

export function chosenPlaces({ choosing: { words, first, last } }) {
  return { from: words[Math.min(first, last)][0], until: words[Math.max(first, last)][1] };
}
