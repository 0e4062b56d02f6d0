// A button that puts a text on the clipboard and says so.
const SAID_MS = 4000;

async function copied(text) {
  try { await navigator.clipboard.writeText(text); return true; } catch { return copiedByHand(text); }
}

// Plain http on another address has no clipboard.
function copiedByHand(text) {
  const box = document.createElement('textarea');
  box.value = text;
  document.body.append(box);
  box.select();
  const done = document.execCommand('copy');
  box.remove();
  return done;
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector('button'), said = parentElement.querySelector('[role=status]');
  button.textContent = data.title;
  button.onclick = async () => {
    said.textContent = await copied(data.text) ? '✓ Copied' : 'Select the text above and copy it.';
    clearTimeout(button.timer);
    button.timer = setTimeout(() => { said.textContent = ''; }, SAID_MS);
  };
}
