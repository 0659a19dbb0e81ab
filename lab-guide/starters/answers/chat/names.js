// Names of people and of channels: which there can be, and which are one.
'use strict';

// parseNick returns the name of a person, { shown, key }: as it was written, and as it is compared. null: it
// cannot be one. (CHAT-22)
function parseNick(text) {
  return parseName(text, 2, 20);
}

// parseChannel does the same for a channel. (CHAT-20)
function parseChannel(text) {
  if (!text.startsWith('#')) return null;
  const name = parseName(text.slice(1), 1, 30);
  return name && { shown: '#' + name.shown, key: '#' + name.key };
}

// parseName comes close to what the protocol asks for, PRECIS (RFC 8265), for which Node.js has no library of
// its own: letters are compared without regard to case and width, however an accent is put together. It leaves
// out the rules of PRECIS about directions and contexts, and about letters that only look old-fashioned (ﬁ is
// fi here, and refused there).
function parseName(text, least, most) {
  const shown = text.normalize('NFC');
  const length = [...shown].length; // in characters; .length would count an emoji twice
  if (length < least || length > most) return null;
  if (!/^[\p{L}\p{Nd}_-][\p{L}\p{M}\p{Nd}_-]*$/u.test(shown)) return null; // a mark needs a letter before it
  return { shown, key: keyOf(shown) };
}

// keyOf is what a name is looked up by.
function keyOf(text) {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}

// isGuest reports whether only the server gives that name. (CHAT-23)
function isGuest(key) {
  return /^guest-[0-9]+$/.test(key);
}

module.exports = { parseNick, parseChannel, keyOf, isGuest };
