// Keys of the Validate screen. Answers go by the place of a key, commands by its letter; keys are off while one types.
import { BY_CODE, SURE_CODES } from './words.js';

const REPEATS = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'ArrowLeft', 'ArrowRight'];

export function keys(root, s, acts) {
  const host = root.host ?? root, $ = (selector) => root.querySelector(selector);
  const scroll = (by) => $('.answer').scrollBy({ top: by }), page = () => $('.answer').clientHeight * .85;
  const LETTERS = { M: () => (s.revising ? acts.endRevision() : acts.revise()), T: acts.turnOther, N: acts.openNote, O: acts.turnWritten,
    R: acts.openWhy, P: acts.zoom, B: acts.turnBlur, F: acts.openFault, K: acts.openSkip, H: acts.mark };
  const NAMED = { Enter: acts.next, NumpadEnter: acts.next, Backspace: acts.undo, Escape: () => s.revising && acts.endRevision(),
    ArrowDown: () => scroll(64), ArrowUp: () => scroll(-64), PageDown: () => scroll(page()), PageUp: () => scroll(-page()) };
  const CHOOSING = { ArrowLeft: (more) => acts.choose('left', more), ArrowRight: (more) => acts.choose('right', more),
    ArrowDown: (more) => acts.choose('down', more), ArrowUp: (more) => acts.choose('up', more),
    Enter: acts.mark, NumpadEnter: acts.mark, Escape: acts.endChoosing };

  function meaning(event, target) {
    const pad = BY_CODE[event.code], level = SURE_CODES.indexOf(event.code) + 1;
    if (s.choosing && CHOOSING[event.code]) return () => CHOOSING[event.code](event.shiftKey);
    if (event.key === '?') return acts.openKeys;       // before the places: on some layouts ? lies on one of them
    if (pad) return () => acts.answer(...pad);
    if (level) return () => acts.sure(level);
    // Enter on a control reached by Tab is meant for it; a mouse click leaves no focus behind.
    const onControl = ['BUTTON', 'A', 'SUMMARY'].includes(target.tagName) && target.role !== 'radio';
    if (onControl && event.code === 'Enter') return null;
    const letter = /^[a-z]$/i.test(event.key) ? event.key.toUpperCase() : event.code.replace(/^Key/, '');
    return NAMED[event.code] ?? (event.shiftKey ? null : LETTERS[letter]);
  }
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !host.isConnected) return;
    const target = event.composedPath()[0];            // not event.target: the shadow root hides what is inside
    if (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)) { whileTyping(event, target); return; }
    if (root.querySelector('dialog[open]')) { inDialog(event); return; }
    if (document.querySelector('[role="dialog"],[aria-modal="true"]')) return;
    if (target.role === 'radio' && event.code.startsWith('Arrow') && !s.choosing) return;
    const act = meaning(event, target);
    if (!act) return;
    event.preventDefault();
    event.stopImmediatePropagation();                  // else a layout where KeyS types "r" would rerun the page
    if (!event.repeat || REPEATS.includes(event.code)) act();
  }
  function whileTyping(event, target) {
    if (!event.composedPath().includes(root)) return;
    event.stopPropagation();
    const open = target.closest('dialog');
    // The focus would leave a closed dialog only with the next frame, and swallow a key until then.
    if (open && event.key === 'Escape') { event.preventDefault(); target.blur(); open.close(''); }
    if (open?.matches('.aside') && event.key === 'Enter') event.preventDefault();      // it would press the first button
    if (open) return;
    if (event.key === 'Escape' && target.tagName === 'INPUT') { event.preventDefault(); acts.dropWhy(); }
    else if (event.key === 'Escape') target.blur();
    else if (event.key === 'Enter' && target.tagName === 'INPUT') { event.preventDefault(); acts.endRevision(); }
  }
  function inDialog(event) {
    event.stopPropagation();
    const open = root.querySelector('dialog[open]');
    const same = { zoom: event.code === 'KeyP', keys: event.key === '?' }[open.className];
    if (event.key === 'Escape' || same) { event.preventDefault(); event.composedPath()[0].blur?.(); open.close(''); }
  }
  return onKey;
}

// Arrows move within a row of answers, as screen readers expect.
export function arrows(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key], row = event.target.closest('[role=radiogroup]');
  if (!step || !row || event.target.role !== 'radio') return;
  const radios = [...row.querySelectorAll('[role=radio]')];
  radios[(radios.indexOf(event.target) + step + radios.length) % radios.length].focus();
  event.preventDefault();
}
