// Scores as words with a sign; names of judges are data and are set as text.
const SIGNS = { yes: '✓ ', no: '✕ ', mixed: '', none: '' };

function cell(kind, text, className) {
  const made = document.createElement(kind);
  const inner = document.createElement('span');
  inner.textContent = text;
  inner.className = className || '';
  made.append(inner);
  return made;
}

function row(cells) {
  const made = document.createElement('tr');
  made.append(...cells);
  return made;
}

export default function ({ data, parentElement }) {
  const head = row([cell('th', 'Scores'), ...data.columns.map((name) => cell('th', name))]);
  const body = data.rows.map((line) =>
    row([cell('td', line.title), ...line.cells.map((held) => cell('td', SIGNS[held.look] + held.text, held.look))]));
  parentElement.querySelector('table').replaceChildren(head, ...body);
}
