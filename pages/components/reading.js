// Text from data as text nodes. Characters that turn the direction of a line are shown as marks, not obeyed.
const CONTROLS = /([\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])/;

function append(parent, text) {
  for (const piece of text.split(CONTROLS)) {
    if (!CONTROLS.test(piece)) { parent.append(document.createTextNode(piece)); continue; }
    const mark = document.createElement('span');
    mark.className = 'control';
    mark.textContent = 'U+' + piece.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
    parent.append(mark);
  }
}

export default function ({ data, parentElement }) {
  const box = parentElement.querySelector('.reading');
  box.replaceChildren();
  box.lang = data.language;
  box.dir = 'auto';
  box.className = `reading ${data.look}`;
  for (const [mark, words] of data.parts) {
    const into = mark ? document.createElement(mark) : box;
    append(into, words);
    if (mark) box.append(into);
  }
}
