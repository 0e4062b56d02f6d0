// Words of a response that are marked. Places here count UTF-16 units of the raw text; Python counts code points, so
// what is sent or received is turned at the edge.
import { element } from './texts.js';

export const LONGEST_MARK = 1000;
const RAW = NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT;

export const pointsBefore = (text, place) => [...text.slice(0, place)].length;

export function placeOfPoint(text, points) {
  let place = 0;
  for (const character of text) {
    if (points === 0) break;
    points -= 1;
    place += character.length;
  }
  return place;
}

// The pieces of the drawn text that know their place, in order: text nodes, and names of controls.
function piecesOf(box) {
  const walker = document.createTreeWalker(box, RAW), pieces = [];
  while (walker.nextNode()) if (walker.currentNode.rawFrom !== undefined) pieces.push(walker.currentNode);
  return pieces;
}

function trimmed(text, from, until) {
  while (from < until && !text[from].trim()) from += 1;
  while (from < until && !text[until - 1].trim()) until -= 1;
  return from < until ? { from, until } : null;
}

function selectedRange(root) {
  const shown = document.getSelection();
  const composed = shown?.getComposedRanges?.({ shadowRoots: root.host ? [root] : [] })[0];
  const held = root.getSelection?.() ?? shown;          // older Chromium looks into a shadow root only this way
  return composed && !composed.collapsed ? composed : held?.rangeCount ? held.getRangeAt(0) : null;
}

// The place of the selected words in the raw text; null where nothing of the box is selected.
export function selectedPlaces(root, box, text) {
  const found = selectedRange(root);
  if (!found || found.collapsed || !box.contains(found.startContainer) && !box.contains(found.endContainer)) return null;
  const range = document.createRange();
  range.setStart(found.startContainer, found.startOffset);
  range.setEnd(found.endContainer, found.endOffset);
  let from = null, until = null;
  for (const piece of piecesOf(box)) {
    if (!range.intersectsNode(piece)) continue;
    const isText = piece.nodeType === Node.TEXT_NODE;
    const first = isText && piece === range.startContainer ? piece.rawFrom + range.startOffset : piece.rawFrom;
    const last = isText && piece === range.endContainer ? piece.rawFrom + range.endOffset : piece.rawUntil;
    if (first >= last) continue;
    from ??= first;
    until = last;
  }
  return from === null ? null : trimmed(text, from, until);
}

// Ranges are {from, until, look}; where two meet the first one is drawn.
export function drawMarks(box, ranges) {
  for (const piece of ranges.length ? piecesOf(box) : []) {
    const hits = ranges.filter((range) => range.from < piece.rawUntil && range.until > piece.rawFrom);
    if (!hits.length) continue;
    if (piece.nodeType !== Node.TEXT_NODE) { const mark = element('mark', hits[0].look); piece.replaceWith(mark); mark.append(piece); continue; }
    const edges = [...new Set([piece.rawFrom, piece.rawUntil, ...hits.flatMap(({ from, until }) => [from, until])])]
      .filter((edge) => edge >= piece.rawFrom && edge <= piece.rawUntil).sort((a, b) => a - b);
    piece.replaceWith(...edges.slice(1).map((until, i) => {
      const from = edges[i], hit = hits.find((range) => range.from < until && range.until > from);
      const words = document.createTextNode(piece.data.slice(from - piece.rawFrom, until - piece.rawFrom));
      Object.assign(words, { rawFrom: from, rawUntil: until });
      return hit ? element('mark', hit.look, words) : words;
    }));
  }
}

// The words of a text as places, in any script; Thai and Chinese put no spaces between theirs.
export function wordsOf(text, language) {
  if (!Intl.Segmenter) return [...text.matchAll(/\S+/g)].map((word) => [word.index, word.index + word[0].length]);
  let segmenter;
  try { segmenter = new Intl.Segmenter(language, { granularity: 'word' }); } catch { segmenter = new Intl.Segmenter('en', { granularity: 'word' }); }
  return [...segmenter.segment(text)].filter((part) => part.isWordLike).map((part) => [part.index, part.index + part.segment.length]);
}
