// Keeps who is here in this browser, then loads the app anew: its server reads the cookie as the page connects.
export default function ({ data }) {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${data.cookie}=${data.pseudonym}; Path=/; Max-Age=31536000; SameSite=Strict${secure}`;
  // In place of this entry of the history, so that Back does not lead to a used link.
  location.replace('/');
}
