// Cards as links. Everything from data is set as text; a link starts with "?", so it stays on this page.
function element(kind, className, text) {
  const made = document.createElement(kind);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

function picture(card) {
  if (!card.picture) return element('div', 'none', card.no_picture);
  const image = element('img', '');
  image.src = card.picture;
  image.alt = card.alt;
  image.onerror = () => image.replaceWith(element('div', 'none', 'No picture'));
  return image;
}

function chips(card) {
  const row = element('div', 'chips');
  for (const chip of [...card.marks, ...card.notes]) {
    const made = element('span', chip.look, chip.text);
    made.title = chip.title;
    row.append(made);
  }
  return row;
}

function link(card, open) {
  const made = element('a', '');
  made.href = '?' + card.link;
  made.addEventListener('click', (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(card.id);
  });
  const body = element('div', 'body');
  const line = element('div', 'line');
  line.append(element('span', '', card.country), element('span', '', card.language_name));
  const query = element('div', 'query', card.query);
  query.dir = 'auto';
  query.lang = card.language;
  body.append(line, query, chips(card));
  made.append(picture(card), body);
  return made;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const open = (id) => {
    setTriggerValue('opened', id);
    document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  };
  parentElement.querySelector('.gallery').replaceChildren(...data.cards.map((card) => link(card, open)));
}
