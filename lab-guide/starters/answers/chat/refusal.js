// An error that a client hears about, as `! code text`.
'use strict';

class Refusal extends Error {
  constructor(code, text) {
    super(text);
    this.code = code; // a word of small letters, for programs
  }
}

module.exports = { Refusal };
