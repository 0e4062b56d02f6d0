// Keeps every answer until Python has named it as stored. One message is under way at a time and carries the whole
// outbox; what is typed meanwhile goes with the next. Sending again is harmless: Python stores each entry once.
const RETRY_MS = 3000;
const STORED = 'cross-review-outbox:';

export const RETRY_SECONDS = RETRY_MS / 1000;

export class Outbox {
  constructor(person) {
    this.key = STORED + person;
    this.entries = this.kept();          // a refresh during an outage loses nothing
    this.number = Date.now();            // names messages; never the same after a refresh
    this.sentAt = 0;
    this.savedAt = null;
    this.problem = null;
    this.refusal = null;
    this.place = null;                   // where the person went since the last message
    this.finish = false;
    this.setStateValue = null;
  }

  kept() {
    try {
      const entries = JSON.parse(sessionStorage.getItem(this.key) || '[]');
      return Array.isArray(entries) ? entries.filter((e) => e && typeof e.form_id === 'string') : [];
    } catch { return []; }
  }

  keep() {
    try { sessionStorage.setItem(this.key, JSON.stringify(this.entries)); } catch { /* full or switched off: memory holds them */ }
  }

  put(entry) {
    const whole = { form_id: crypto.randomUUID?.() ?? this.randomId(), since: Date.now(), after: this.number, ...entry };
    this.entries.push(whole);
    this.refusal = null;
    this.keep();
    this.sendIfFree();
    return whole;
  }

  randomId() {                           // plain http on another address has no randomUUID
    const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  goTo(place) { this.place = place; this.at = place; this.sendIfFree(); }

  end() { this.finish = true; this.sendIfFree(); }

  waits() { return this.entries.length > 0 || this.place !== null || this.finish; }

  sendIfFree() { if (!this.sentAt) this.send(); }

  send() {
    if (!this.waits() || !this.setStateValue) return;
    this.sentAt = Date.now();
    this.place = null;
    this.number += 1;
    this.setStateValue('outbox', { entries: this.entries, at: this.at, n: this.number, finish: this.finish });
  }

  receive(data) {
    const stored = new Set(data.stored), before = this.entries.length;
    // A mark and its removal bear one name: only what the message in question held is answered by its receipt.
    const told = (e) => e.after < data.seen && (stored.has(e.form_id) || data.refused[e.form_id] !== undefined);
    const refusals = new Set(this.entries.filter(told).map((e) => data.refused[e.form_id]).filter(Boolean));
    if (refusals.size) this.refusal = [...refusals].join(' ');
    if (this.entries.some((e) => told(e) && stored.has(e.form_id))) this.savedAt = data.saved_at;
    this.entries = this.entries.filter((e) => !told(e));
    if (before !== this.entries.length) this.keep();
    const answered = data.seen === this.number;
    if (answered) this.problem = data.problem;
    if (answered && this.problem) this.sentAt = Date.now();       // wait a while before the next try
    else if (answered || before !== this.entries.length) { this.sentAt = 0; this.send(); }
    else if (!this.sentAt) this.send();                           // kept from before a refresh
  }

  // Sends again what has had no reply for too long; `hungry` when the screen waits for a card.
  retryIfLate(hungry) {
    if (this.sentAt && Date.now() - this.sentAt > RETRY_MS && (this.waits() || hungry)) this.send();
  }

  state() {
    const waited = this.entries.length ? Date.now() - this.entries[0].since : 0;
    if (this.refusal) return 'refused';
    if (this.entries.length && (this.problem || waited > RETRY_MS)) return 'failed';
    if (this.entries.length) return 'saving';
    return this.savedAt ? 'saved' : 'idle';
  }
}
