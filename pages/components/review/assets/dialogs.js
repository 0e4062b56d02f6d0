// The two dialogs that ask: what is wrong with the item, and whether to skip the response. What was typed stays in
// them until it is sent or another response is shown, so that a slip on Esc loses nothing.
import { element } from './texts.js';

function opened(dialog, onAnswer) {
  dialog.returnValue = '';
  dialog.onclose = () => dialog.returnValue && onAnswer(dialog.returnValue);
  dialog.showModal();
}

function cleared(dialog) {
  for (const field of dialog.querySelectorAll('textarea, input[type=text], select')) field.value = '';
}

export function clearDialogs(root) {
  for (const dialog of root.querySelectorAll('dialog.ask')) {
    if (dialog.open) dialog.close('');
    cleared(dialog);
  }
  for (const radio of root.querySelectorAll('.kinds input')) radio.checked = false;
}

// What an item says now where this fault lies: what is typed starts from it.
const said = (c, kind) => ({ norm_incomplete: c.norm, translation_bad: c.question.text }[kind] ?? '');

export function buildFaults(dialog, faults) {
  dialog.querySelector('.kinds').replaceChildren(...faults.map(({ kind, title }) => {
    const radio = element('input');
    Object.assign(radio, { type: 'radio', name: 'kind', value: kind });
    return element('label', '', radio, element('span', 'kind-title', title), element('span', 'told', ''));
  }));
}

// Draws what the chosen kind asks for, and whether all of it is there: what the server would refuse is not sent.
function drawFault(dialog, fault) {
  const $ = (selector) => dialog.querySelector(selector), isChoice = Boolean(fault?.choices);
  $('.as-text').hidden = !fault?.asks || isChoice;
  $('.as-choice').hidden = !isChoice;
  $('.as-text span').textContent = $('.as-choice span').textContent = fault?.asks ?? '';
  if (isChoice && $('.chosen').dataset.kind !== fault.kind) {
    const options = [['', 'Choose'], ...fault.choices].map(([value, title]) => Object.assign(element('option', '', title), { value }));
    $('.chosen').replaceChildren(...options);
    $('.chosen').dataset.kind = fault.kind;
  }
  const { proposed, reason, unchanged } = told(dialog, fault);
  const missing = !fault ? 'Choose what is wrong.' : fault.needs_text && !proposed ? 'Say what would be right.'
    : unchanged ? 'This is how it reads now. Change it to what would be right.' : !proposed && !reason ? 'Say in a sentence what is wrong.' : '';
  if ($('.missing').textContent !== missing) $('.missing').textContent = missing;
  $('.send').disabled = missing !== '';
}

function told(dialog, fault) {
  const field = fault?.choices ? '.chosen' : fault?.asks ? '.proposed' : null;
  const proposed = field ? dialog.querySelector(field).value.trim() : '';
  const unchanged = proposed !== '' && proposed === dialog.querySelector('.proposed').dataset.now?.trim() && field === '.proposed';
  return { fault: fault?.kind, proposed, reason: dialog.querySelector('.because').value.trim(), unchanged };
}

export function askFault(dialog, faults, c, onFault) {
  const $ = (selector) => dialog.querySelector(selector), field = $('.proposed');
  const chosen = () => faults.find(({ kind }) => kind === $('.kinds input:checked')?.value);
  for (const label of dialog.querySelectorAll('.kinds label')) {
    const { value } = label.querySelector('input');
    label.querySelector('.told').textContent = c.errata.includes(value) ? ' ✓ told' : '';
    label.hidden = value === 'translation_bad' && !c.question.is_translation;
  }
  $('.kinds').onchange = () => {
    if (['', field.dataset.now].includes(field.value)) field.value = said(c, chosen().kind);
    field.dataset.now = said(c, chosen().kind);
  };
  dialog.oninput = dialog.onchange = () => drawFault(dialog, chosen());
  drawFault(dialog, chosen());
  opened(dialog, () => {
    const { fault, proposed, reason } = told(dialog, chosen());
    if (!fault || $('.send').disabled) return;
    onFault({ fault, proposed, reason });
    cleared(dialog);
    $('.kinds input:checked').checked = false;
  });
  ($('.kinds input:checked') ?? $('.kinds input')).focus();
}

export function askSkip(dialog, onSkip) {
  opened(dialog, (how) => {
    onSkip(how, dialog.querySelector('.because').value.trim());
    cleared(dialog);
  });
  dialog.querySelector('.because').focus();
}
