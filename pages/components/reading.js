// Draws with texts.js, which stands before this: text from data becomes text nodes, nothing else.
function appendRuns(box, runs, left) {
  for (const [mark, words] of runs) {
    if (left <= 0) return;
    const piece = words.slice(0, left);
    if (mark) box.append(appendText(element(mark), piece)); else appendText(box, piece);
    left -= words.length;
  }
}

// In a text this long a mark of its own for each control would freeze the tab.
function showWhole(box, text) {
  box.textContent = text.split(CONTROLS).map((piece, i) => (i % 2 ? `[${controlNames(piece)}]` : piece)).join('');
}

export default function ({ data, parentElement }) {
  const box = parentElement.querySelector('.reading');
  // A long question must not push all else out of reach.
  const drawn = data.look === 'big' ? 2000 : READABLE_LIMIT;
  const text = data.parts.map(([, words]) => words).join('');
  box.replaceChildren();
  box.lang = data.language;
  box.dir = 'auto';
  box.className = `reading ${data.look}`;
  if (data.with_markdown && !data.parts.some(([mark]) => mark)) showReadable(box, text.slice(0, drawn));
  else appendRuns(box, data.parts, drawn);
  if (text.length <= drawn) return;
  const all = element('button', '', `Show all ${text.length.toLocaleString('en')} characters`);
  all.onclick = () => showWhole(box, text);
  box.append(element('br'), all);
}
