// Hands over what stands in a large field while one rests from typing: Streamlit waits until the field is left, and
// whoever loads the page anew has not left it.
const REST_MS = 1200;

function start(form) {
  let resting = 0;
  const handOver = (field) => field.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', ctrlKey: true, bubbles: true, cancelable: true }));
  function typed(event) {
    const field = event.target;
    if (field.tagName !== 'TEXTAREA' || !field.closest(`.st-key-${form}`)) return;
    clearTimeout(resting);
    if (!event.isComposing) resting = setTimeout(handOver, REST_MS, field);
  }
  document.addEventListener('input', typed);
  document.addEventListener('compositionend', typed);
  return () => {
    clearTimeout(resting);
    document.removeEventListener('input', typed);
    document.removeEventListener('compositionend', typed);
  };
}

export default function ({ data, parentElement }) {
  parentElement.__stop ??= start(data.form);
  return () => { parentElement.__stop(); delete parentElement.__stop; };
}
