// Labels side by side, a row a dimension. Every text from people or models is set as text nodes (review/assets/texts.js).

function heard(words) {
  return element('span', 'heard', words);
}

function said(cell) {
  const sign = element('span', 'sign', cell.sign);
  sign.setAttribute('aria-hidden', 'true');
  const chip = element('span', `chip ${cell.look}`, ...(cell.sign ? [sign, ' '] : []), cell.words);
  const made = element('div', 'said', chip);
  if (cell.differs) made.append(' ', element('span', 'differs', '≠ ruling'));
  if (cell.aside) made.append(element('div', 'aside', cell.aside));
  if (cell.reason) {
    const reason = appendText(element('div', 'reason'), cell.reason);
    reason.dir = 'auto';
    made.append(reason);
  }
  return made;
}

function headCell(column) {
  const made = element('th', column.kind);
  made.scope = 'col';
  made.append(appendText(element('bdi'), column.title));
  if (column.aside) made.append(element('div', 'aside', column.aside));
  return made;
}

function row(given) {
  const title = element('th', '', element('div', 'title', given.title), element('div', 'aside', given.state));
  title.scope = 'row';
  const made = element('tr', '', title);
  for (const cell of given.cells) made.append(cell ? element('td', '', said(cell)) : element('td', '', '–'));
  return made;
}

function noteCell(note) {
  const made = element('td');
  if (note.text) {
    const text = appendText(element('div', 'reason'), note.text);
    text.dir = 'auto';
    made.append(text);
  }
  for (const phrase of note.phrases) {
    const quoted = appendText(element('q'), phrase);
    quoted.dir = 'auto';
    made.append(element('div', 'phrase', quoted));
  }
  return made;
}

function noteRow(notes) {
  const title = element('th', '', element('div', 'title', 'Note'), element('div', 'aside', 'and marked words'));
  title.scope = 'row';
  return element('tr', '', title, ...notes.map(noteCell));
}

export default function ({ data, parentElement }) {
  const corner = element('th', '', heard('Dimension'));
  const head = element('tr', '', corner, ...data.columns.map(headCell));
  const body = element('tbody', '', ...data.rows.map(row));
  if (data.notes.some((note) => note.text || note.phrases.length)) body.append(noteRow(data.notes));
  parentElement.querySelector('table').replaceChildren(element('thead', '', head), body);
}
