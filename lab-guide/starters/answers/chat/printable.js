// Text that can do nothing to the terminal of who reads it. (CHAT-4)
'use strict';

// The sequences that control characters begin (ECMA-48). ESC and a letter is the older way to write one of
// U+0080 to U+009F.
const SEQUENCES = new RegExp(
  [
    /(?:\x1b\[|\x9b)[^@-~\x1b\x18\x1a\x80-\u{10ffff}]*[@-~]?/u, // CSI: colours, the cursor
    /(?:\x1b[PX\]^_]|[\x90\x98\x9d-\x9f]).*?(?:\x07|\x9c|\x1b\\|$)/u, // OSC and others: the title, the clipboard
    /\x1b[ -\/]*[0-~]?/u, // all other escapes
  ].map((sequence) => sequence.source).join('|'),
  'gsu',
);

// What is left of control characters, ends of lines and paragraphs, and what turns the writing round.
const CONTROLS = /[\p{Cc}\u2028\u2029\p{Bidi_Control}]/gu;

function printable(text) {
  return text.replace(SEQUENCES, '').replaceAll('\t', ' ').replace(CONTROLS, '').replace(/^ +| +$/g, '');
}

module.exports = { printable };
