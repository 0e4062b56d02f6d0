// Text from data becomes text nodes, nothing else. Bold, italics, code, headings and lists of simple Markdown are built
// as elements around such nodes; characters that turn the direction of a line are shown as marks, not obeyed.
// One after another they become one mark, or a text full of them would freeze the page.
export const CONTROLS = /((?:[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])+)/;
// The bounds keep the search short in any text.
const MARKS = /(\*\*|__)(?=\S)(.{1,600}?\S|\S)\1|(?<![\w*])\*(?=\S)([^*\n]{1,600})(?<=\S)\*(?![\w*])|`([^`\n]{1,600})`/g;
const HEADING = /^ {0,3}#{1,6}\s+(\S.*)$/;
const ITEM = /^(\s{0,12})([-*•]|\d{1,3}[.)])\s+(\S.*)$/;
// So much of a text is drawn at first, and so long a text may be to be drawn with its Markdown.
export const READABLE_LIMIT = 20000;

export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

const controlName = (character) => 'U+' + character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');

// "U+202E ×300000" for a run of one character; a run of several names each once, with how often it is there.
export function controlNames(run) {
  const counts = new Map();
  for (const character of run) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts].map(([character, count]) => controlName(character) + (count > 1 ? ` ×${count}` : '')).join(' ');
}

// With `at`, the place of this text in the whole, each piece keeps its own: so a selection finds the words it means.
export function appendText(parent, text, at = null) {
  let from = at;
  text.split(CONTROLS).forEach((piece, i) => {          // every second piece is a run of controls
    if (!piece) return;
    const made = i % 2 ? element('span', 'control', controlNames(piece)) : document.createTextNode(piece);
    if (at !== null) {
      Object.assign(made, { rawFrom: from, rawUntil: from + piece.length });
      from += piece.length;
    }
    parent.append(made);
  });
  return parent;
}

function appendMarked(parent, line, at) {
  let from = 0;
  for (const found of line.matchAll(MARKS)) {
    appendText(parent, line.slice(from, found.index), at + from);
    const [whole, , bold, italic, code] = found, inner = found.index + (bold ? 2 : 1);
    parent.append(appendText(element(bold ? 'strong' : italic ? 'em' : 'code'), bold || italic || code, at + inner));
    from = found.index + whole.length;
  }
  return appendText(parent, line.slice(from), at + from);
}

export function showAsWritten(box, text) {
  box.replaceChildren(appendText(element('p'), text, 0));
}

// Each line with its place in the text; a line may end with \r\n, \r or \n.
function* linesOf(text) {
  let from = 0;
  for (const end of text.matchAll(/\r\n?|\n|$/g)) {
    yield [text.slice(from, end.index), from];
    from = end.index + end[0].length;
  }
}

// Returns whether the text held any Markdown.
export function showReadable(box, text) {
  if (text.length > READABLE_LIMIT) { showAsWritten(box, text); return false; }
  const blocks = [];
  let paragraph = null;
  for (const [line, at] of linesOf(text)) {
    const heading = HEADING.exec(line), item = ITEM.exec(line);
    const ending = (words) => [words, at + line.length - words.length];
    if (!line.trim()) { paragraph = null; continue; }
    if (heading) { blocks.push(appendMarked(element('p', 'heading'), ...ending(heading[1]))); paragraph = null; continue; }
    if (item) {
      const block = element('p', 'item', element('span', 'marker', /\d/.test(item[2]) ? item[2] : '•'));
      block.style.setProperty('--level', Math.min(3, Math.floor(item[1].replace(/\t/g, '    ').length / 2)));
      blocks.push(appendMarked(block, ...ending(item[3])));
      paragraph = null;
      continue;
    }
    if (paragraph) paragraph.append('\n'); else blocks.push(paragraph = element('p'));
    appendMarked(paragraph, line, at);
  }
  box.replaceChildren(...blocks);
  return box.querySelector('strong, em, code, .heading, .item') !== null;
}
