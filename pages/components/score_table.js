// Scores as chips with a sign, a block a judge; names of judges are data and are set as text.

function element(kind, className, text) {
  const made = document.createElement(kind);
  made.className = className;
  made.textContent = text;
  return made;
}

function chip({ title, look, sign, words }) {
  const made = element('div', look, '');
  made.title = `${title}: ${words}`;
  const shown = element('span', '', sign);
  shown.setAttribute('aria-hidden', 'true');
  const score = element('dd', '', '');
  score.append(shown, element('span', 'heard', words));
  made.append(element('dt', '', title), score);
  return made;
}

function block(rater) {
  const made = element('section', '', '');
  made.setAttribute('aria-label', `${rater.kind} ${rater.name}`.trim());
  const head = element('div', 'head', '');
  if (rater.kind) head.append(element('span', 'kind', rater.kind + ' '));
  head.append(element('bdi', '', rater.name));
  const scores = element('dl', '', '');
  scores.append(...rater.scores.map(chip));
  made.append(head, ...(rater.scores.length ? [scores] : []));
  return made;
}

export default function ({ data, parentElement }) {
  parentElement.querySelector('.scores').replaceChildren(...data.raters.map(block));
}
