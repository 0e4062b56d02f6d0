// Streamlit's own dialog about a lost connection covers the page, takes the focus and makes all else inert: what is
// typed then is lost. Here the line under the head says it, and one goes on; so the dialog is closed as it comes, and
// the focus goes back to where it was.
const DIALOG = '[data-testid="stDialog"]';
const TITLE = 'Connection error';

const isAboutConnection = (dialog) => dialog?.querySelector('h2')?.textContent === TITLE;

export function connection(root, onLost) {
  const host = root.host ?? root;
  let left = null;                                     // where the focus was when the dialog took it

  function onFocusOut({ target, relatedTarget }) {
    if (!isAboutConnection(relatedTarget?.closest?.(DIALOG))) return;
    left = { box: target, from: target.selectionStart, until: target.selectionEnd };
  }
  function look() {
    for (const dialog of document.querySelectorAll(DIALOG)) if (isAboutConnection(dialog)) close(dialog);
    if (left && !host.closest('[inert]')) giveBack();
  }
  function close(dialog) {
    dialog.style.display = 'none';
    dialog.querySelector('[aria-label="Close"]')?.click();
    onLost();
  }
  function giveBack() {
    const { box, from, until } = left;
    left = null;
    box.hidden = false;                                // an empty note hides as it is left
    box.focus({ preventScroll: true });
    if (typeof from === 'number') box.setSelectionRange(from, until);
  }
  const watch = new MutationObserver(look);
  watch.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['inert'] });
  root.addEventListener('focusout', onFocusOut);
  return () => watch.disconnect();
}
