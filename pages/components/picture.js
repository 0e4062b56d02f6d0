// A picture in a button; the button opens it in a dialog, which a click or Escape closes.
function image(address, alt) {
  const made = document.createElement('img');
  made.src = address;
  made.alt = alt;
  return made;
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector('button');
  const dialog = parentElement.querySelector('dialog');
  button.disabled = !data.picture;
  button.className = data.picture ? '' : 'none';
  if (!data.picture) { button.textContent = data.instead; return; }
  if (button.querySelector('img')?.getAttribute('src') !== data.picture) {
    button.replaceChildren(image(data.picture, data.alt));
  }
  button.title = 'Show it large';
  button.onclick = () => { dialog.replaceChildren(image(data.full, data.alt)); dialog.showModal(); };
  dialog.onclick = () => dialog.close();
}
