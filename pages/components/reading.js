// Text from data as text nodes. Characters that turn the direction of a line are shown as marks, not obeyed.
const CONTROLS = /([\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+)/;
// What is drawn at once; a text of a megabyte would freeze the tab.
const DRAWN = 20000;

function append(parent, text) {
  for (const piece of text.split(CONTROLS)) {
    if (!CONTROLS.test(piece)) { parent.append(document.createTextNode(piece)); continue; }
    const mark = document.createElement('span');
    mark.className = 'control';
    const code = 'U+' + piece.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
    mark.textContent = piece.length > 1 ? `${code} ×${piece.length}` : code;
    parent.append(mark);
  }
}

export default function ({ data, parentElement }) {
  const box = parentElement.querySelector('.reading');
  box.replaceChildren();
  box.lang = data.language;
  box.dir = 'auto';
  box.className = `reading ${data.look}`;
  let left = DRAWN;
  for (const [mark, words] of data.parts) {
    if (left <= 0) break;
    const into = mark ? document.createElement(mark) : box;
    append(into, words.slice(0, left));
    left -= words.length;
    if (mark) box.append(into);
  }
  if (left >= 0) return;
  const all = document.createElement('button');
  all.textContent = `Show all ${data.parts.reduce((sum, [, words]) => sum + words.length, 0).toLocaleString()} characters`;
  all.onclick = () => { box.textContent = data.parts.map(([, words]) => words).join(''); };
  box.append(document.createElement('br'), all);
}
