// Keeps every answer until Python has named it as stored. One message is under way at a time and carries the whole
// outbox; what is typed meanwhile goes with the next. Sending again is harmless: Python stores each entry once.
// Each entry lies by itself in the browser's storage, so that neither a refresh nor a closed tab loses it and two tabs of
// one person never write over each other: a page that opens sends all it finds there, whichever tab left it.
const RETRY_MS = 3000;
const STORED = 'cross-review-outbox:';

export const RETRY_SECONDS = RETRY_MS / 1000;

export class Outbox {
  constructor(person) {
    this.prefix = `${STORED}${person}:`;
    this.begun = this.newest = Date.now();
    this.entries = this.kept();
    this.number = Date.now();            // names messages; never the same after a refresh
    this.sentAt = 0;
    this.savedAt = null;
    this.problem = null;
    this.refusal = null;
    this.place = null;                   // where the person went since the last message
    this.finish = false;
    this.draft = false;                  // something is typed that is no entry yet
    this.lost = false;                   // Streamlit has told that the connection is gone
    this.setStateValue = null;
  }

  kept() {
    const found = [];
    try {
      for (const [key, text] of Object.entries(localStorage)) if (key.startsWith(this.prefix)) found.push(JSON.parse(text));
    } catch { /* switched off, or not ours */ }
    return found.filter((e) => typeof e?.form_id === 'string' && Number.isFinite(e.since)).sort((a, b) => a.since - b.since);
  }

  // A mark and its removal bear one name, so the time is in it, too.
  keyOf(entry) { return `${this.prefix}${entry.since}:${entry.form_id}`; }

  keep(entry) {
    try { localStorage.setItem(this.keyOf(entry), JSON.stringify(entry)); } catch { /* full or switched off: memory holds it */ }
  }

  drop(entries) {
    try { for (const entry of entries) localStorage.removeItem(this.keyOf(entry)); } catch { /* nothing was kept */ }
  }

  put(entry) {
    this.newest = Math.max(Date.now(), this.newest + 1);      // no two alike: they tell the order
    const whole = { form_id: crypto.randomUUID?.() ?? this.randomId(), since: this.newest, after: this.number, ...entry };
    this.entries.push(whole);
    this.refusal = null;
    this.keep(whole);
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
    this.drop(this.entries.filter(told));
    this.entries = this.entries.filter((e) => !told(e));
    const answered = data.seen === this.number;
    if (answered) Object.assign(this, { problem: data.problem, lost: false });
    if (answered && this.problem) this.sentAt = Date.now();       // wait a while before the next try
    else if (answered || before !== this.entries.length) { this.sentAt = 0; this.send(); }
    else if (!this.sentAt) this.send();                           // kept from before a refresh
  }

  unsaved() { return this.entries.length + (this.draft ? 1 : 0); }

  // Sends again what has had no reply for too long; `hungry` when the screen waits for a card.
  retryIfLate(hungry) {
    if (this.sentAt && Date.now() - this.sentAt > RETRY_MS && (this.waits() || hungry)) this.send();
  }

  state() {
    // What another page left waits here only since this one has begun.
    const waited = this.entries.length ? Date.now() - Math.max(this.begun, this.entries[0].since) : 0;
    if (this.refusal) return 'refused';
    if (this.unsaved() && (this.lost || this.entries.length && this.problem || waited > RETRY_MS)) return 'failed';
    if (this.unsaved()) return 'saving';
    return this.savedAt ? 'saved' : 'idle';
  }
}
