// Keys and words of the Validate screen.
export const PAD = {
  awareness: ['Digit1', 'Digit2', 'Digit3'], education: ['KeyQ', 'KeyW', 'KeyE'],
  compliance: ['KeyA', 'KeyS', 'KeyD'], helpfulness: ['KeyZ', 'KeyX', 'KeyV'],
};
export const DIMENSIONS = Object.keys(PAD);
export const CHOICES = ['yes', 'no', 'cant_say'];
export const BY_CODE = Object.fromEntries(DIMENSIONS.flatMap((d) => PAD[d].map((code, i) => [code, [d, CHOICES[i]]])));
// Far from the answer keys, so that no slip of a finger reaches them.
export const SURE_CODES = ['Digit7', 'Digit8', 'Digit9'];
export const SAY = { yes: 'Yes', no: 'No', cant_say: "Can't say" };
export const SCORE = { yes: 1, no: 0 };
export const SIGN = { yes: '✓', no: '✕', cant_say: '–' };

// What is printed on keys at these places; without a layout, as on an English keyboard. A digit is named as one even
// where it takes Shift to type it.
export const printed = (codes, layout) => codes
  .map((code) => (code.startsWith('Digit') ? code.at(-1) : (layout?.get(code) ?? code.at(-1)).toUpperCase())).join(' ');

// Keys as they are called, or their places.
export const HELP = [
  [PAD.awareness, 'Awareness: yes, no, can’t say'], [PAD.education, 'Education'], [PAD.compliance, 'Compliance'], [PAD.helpfulness, 'Helpfulness'],
  ['Enter', 'next response, once all four are answered'], ['Backspace', 'undo, up to ten decisions back'],
  [SURE_CODES, 'how sure you are: unsure, fairly sure, sure (only if you like)'],
  ['H', 'mark the words that offend: select them first, or choose them with the arrows'],
  ['N', 'write a note; Esc goes back to the keys'], ['K', 'skip: for later, or not for me'], ['F', 'something is wrong with the item'],
  ['M', 'revise after the judge is shown'], ['R', 'say why, while you revise'], ['T', 'the question in its other language'], ['O', 'the response as written'],
  ['P', 'the picture, large'], ['B', 'blur the picture, or show it'], ['↑ ↓', 'scroll the response']];

export function minutes(seconds) {
  if (seconds < 60) return 'less than a minute left';
  const whole = Math.round(seconds / 60);
  return whole < 90 ? `about ${whole} min left` : `about ${Math.floor(whole / 60)} h ${whole % 60} min left`;
}

export function languageName(code) {
  try { return new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code; } catch { return code; }
}
