// Parts of the Validate screen that are built once, or anew for each revealed response.
import { appendText, element } from './texts.js';
import { CHOICES, PAD, SAY, SCORE, SIGN, SURE_CODES, languageName, printed } from './words.js';

export function buildPad(pad, dimensions, levels) {
  const rows = dimensions.map(({ name, title, asks }) => {
    const words = element('div', 'name', element('b', '', title), element('small', '', asks));
    words.id = `name-${name}`;
    const keys = element('div', 'keys-row', ...CHOICES.map((choice, i) => {
      const radio = element('button', choice, element('span', '', SAY[choice]), keyAt([PAD[name][i]]));
      Object.assign(radio, { type: 'button', role: 'radio', ariaChecked: 'false' });
      Object.assign(radio.dataset, { dimension: name, choice });
      return radio;
    }));
    const row = element('div', 'row', words, keys);
    row.setAttribute('role', 'radiogroup');
    row.setAttribute('aria-labelledby', words.id);
    row.dataset.dimension = name;
    return row;
  });
  pad.replaceChildren(...rows, buildSure(levels));
}

export function keyAt(codes) {
  const kbd = element('kbd', '', printed(codes));
  kbd.dataset.codes = codes.join(' ');
  return kbd;
}

// Where the browser tells what is printed on this keyboard, names its keys so, on buttons and in the list of keys alike.
export function nameKeys(root) {
  navigator.keyboard?.getLayoutMap?.().then((layout) => {
    for (const kbd of root.querySelectorAll('[data-codes]')) kbd.textContent = printed(kbd.dataset.codes.split(' '), layout);
  }, () => {});
}

// Quiet and optional: how sure the expert is of the answers given.
function buildSure(levels) {
  const name = element('span', 'sure-name', 'How sure? ', element('small', '', 'optional'));
  name.id = 'name-sure';
  const keys = element('div', 'keys-row', ...levels.map((words, i) => {
    const radio = element('button', 'level', element('span', '', words), keyAt([SURE_CODES[i]]));
    Object.assign(radio, { type: 'button', role: 'radio', ariaChecked: 'false' });
    radio.dataset.level = i + 1;
    return radio;
  }));
  const row = element('div', 'sure', name, keys);
  row.setAttribute('role', 'radiogroup');
  row.setAttribute('aria-labelledby', name.id);
  return row;
}

function scoreChip(choice, text) {
  return element('span', `score ${choice}`, `${SIGN[choice]} ${text}`);
}

const judgementOf = (judgement) => (judgement.score === null ? 'cant_say' : judgement.score ? 'yes' : 'no');
const judgementText = (judgement) => (judgement.score === null ? 'not scored' : SAY[judgementOf(judgement)].toLowerCase());

// What the judges said on one dimension, a line each, for the row that may be revised.
export function judgesSay(judges, dimension) {
  return judges.filter((j) => j.judgements[dimension]).map((j) => `${judgementText(j.judgements[dimension])} · ${j.judge}`);
}

function judgementCell(judgement, mine) {
  const cell = element('td', 'judgement');
  if (!judgement) { cell.append(element('span', 'score cant_say', '– none')); return cell; }
  const chips = element('span', 'chips', scoreChip(judgementOf(judgement), judgementText(judgement)));
  if (judgement.score !== null && SCORE[mine] !== undefined && SCORE[mine] !== judgement.score) chips.append(element('span', 'differs', '≠ differs'));
  cell.append(chips);
  const reason = appendText(element('span', 'reason'), judgement.reason ?? '');
  reason.dir = 'auto';
  cell.append(reason);
  return cell;
}

// One column a judge; judges are named and never mixed.
export function revealTable(c, dimensions) {
  const judges = c.revealed.judges;
  const names = judges.map((j) => {
    const head = appendText(element('th'), `Judge: ${j.judge}`);
    head.scope = 'col';
    head.append(appendText(element('small'), ` ${j.prompt_version}${j.judge_round > 1 ? `, round ${j.judge_round}` : ''}`));
    return head;
  });
  const you = element('th', 'you', 'You');
  you.scope = 'col';
  const rows = dimensions.map(({ name, title }) => {
    const mine = c.answers[name], head = element('th', '', title), own = element('td', 'you');
    head.scope = 'row';
    own.append(scoreChip(mine.choice, SAY[mine.choice].toLowerCase()));
    if (mine.phase === 'revised') own.append(element('small', '', 'revised'));
    return element('tr', '', head, own, ...judges.map((j) => judgementCell(j.judgements[name], mine.choice)));
  });
  const table = element('table', judges.length > 1 ? 'several' : '',
    element('thead', '', element('tr', '', element('td'), you, ...names)), element('tbody', '', ...rows));
  if (!judges.length) table.append(element('caption', '', 'No judge has scored this response yet.'));
  return table;
}

export function revealOrigin(c) {
  const { setting, round } = c.revealed;
  const how = setting === 'text-only' ? 'without the picture' : `in ${languageName(c.question.language)}`;
  return appendText(element('p', 'origin'), `The question was asked ${how}${round > 1 ? ` · round ${round}` : ''}`);
}

// Streamlit has no variable for the text on its primary colour; white on the dark theme's light one cannot be read.
export function paint(host, article) {
  const probe = element('span');
  probe.style.color = getComputedStyle(host).getPropertyValue('--st-primary-color');
  article.append(probe);
  const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g).map((part) => (Number(part) / 255) ** 2.2);
  probe.remove();
  article.style.setProperty('--on-primary', 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.3 ? '#10262E' : '#FFFFFF');
}
