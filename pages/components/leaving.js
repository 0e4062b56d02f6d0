// Goes on to another page of the app as Forward in the browser does, so that the history holds no other entry.
export default function ({ data }) {
  // Drawn anew for another reason: it has gone already, and Back must not be undone.
  if (window.crossReviewLeft === data.press) return;
  window.crossReviewLeft = data.press;
  history.pushState({}, '', data.address);
  window.dispatchEvent(new PopStateEvent('popstate', { state: {} }));
}
