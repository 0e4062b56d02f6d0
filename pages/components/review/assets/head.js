// The head of the Validate screen: how far the person and all are, whether all is saved, and when a break does good.
import { RETRY_SECONDS } from './outbox.js';
import { appendText, element } from './texts.js';
import { minutes } from './words.js';

const WORK_S = 60 * 60;
// The same length as core counts: a longer gap is a break, not work.
const BREAK_S = 10 * 60;
const WORKED = 'cross-review-work:';

export function put(box, text) {
  if (box.textContent !== text) box.replaceChildren(appendText(element('span'), text));
}

// Remembers over a refresh how long this person has worked without a break.
export class WorkClock {
  constructor(person) {
    this.key = WORKED + person;
    try { this.held = JSON.parse(sessionStorage.getItem(this.key)) ?? null; } catch { this.held = null; }
  }

  // Called at each decision; returns whether an hour of work is over.
  tick(now = Date.now()) {
    if (!this.held || !(now - this.held.last < BREAK_S * 1000)) this.held = { since: now, last: now };
    this.held.last = now;
    this.keep();
    return now - this.held.since >= WORK_S * 1000;
  }

  restart(now = Date.now()) { this.held = { since: now, last: now }; this.keep(); }

  keep() { try { sessionStorage.setItem(this.key, JSON.stringify(this.held)); } catch { /* switched off: this page remembers */ } }
}

function fill(bar, done, total) {
  bar.setAttribute('aria-valuemax', total);
  bar.setAttribute('aria-valuenow', done);
  bar.firstElementChild.style.width = `${total ? 100 * Math.min(1, done / total) : 0}%`;
}

function progressText(data, done, aside, today) {
  const left = data.left_s !== null && done + aside < data.total ? minutes(data.left_s) : '';
  const { team } = data, share = team.total ? Math.floor(100 * team.done / team.total) : 0;
  return [`${done} of ${data.total}`, left, data.daily_goal ? `${today} of ${data.daily_goal} today` : '',
    team.total ? `${team.who} ${share} % of ${team.of}` : ''].filter(Boolean).join(' · ');
}

// `extra` is how many were locked, and how many skipped, since the last word from Python.
export function drawProgress($, data, extra) {
  const done = Math.min(data.total, data.done + extra.locked), aside = data.put_aside + extra.aside;
  put($('.title'), data.title);
  put($('.progress'), progressText(data, done, aside, data.done_today + extra.locked));
  $('.progress').title = aside ? `${aside} skipped` : '';
  fill($('.mine'), done, data.total);
  fill($('.team'), data.team.done, data.team.total);
  $('.team').hidden = !data.team.total;
  $('.team').setAttribute('aria-label', `The ${data.team.who} together`);
}

// Returns whether the line of trouble changed, which moves all below it.
export function drawChip($, outbox, kept) {
  const chip = $('.chip'), count = outbox.unsaved();
  const state = outbox.state() === 'idle' && kept ? 'saved' : outbox.state();
  const text = { idle: 'Nothing to save yet', saving: 'Saving …', failed: 'Not saved, trying again', refused: 'Not saved',
    saved: outbox.savedAt ? `Saved ${new Date(outbox.savedAt).toLocaleTimeString('en-GB')}` : `${kept} answer${kept === 1 ? '' : 's'} saved` }[state];
  if (chip.dataset.state !== state) chip.dataset.state = state;
  if (chip.textContent !== text) chip.textContent = text;
  $('.retry').hidden = state !== 'failed';
  const what = count === 1 ? 'Your last entry is' : `Your last ${count} entries are`, it = count === 1 ? 'It is' : 'They are';
  const trouble = state === 'refused' ? `An entry was not taken: ${outbox.refusal}` : state !== 'failed' ? ''
    : `${what} not saved yet: ${outbox.problem ?? 'the server does not reply'}. ${it} kept in this browser and sent again every ${RETRY_SECONDS} seconds. You can go on.`;
  if ($('.trouble').textContent === trouble) return false;
  put($('.trouble'), trouble);
  $('.trouble').hidden = !trouble;
  return true;
}
