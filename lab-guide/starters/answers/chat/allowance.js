// How often something may be done: so many times at once, and then so many times a second. It is a token bucket.
'use strict';

class Allowance {
  constructor(burst, perSecond) {
    Object.assign(this, { burst, perSecond, tokens: burst, since: performance.now() });
  }

  // take uses one up, and reports whether there was one.
  take() {
    if (this.wait() > 0) return false;
    this.tokens--;
    return true;
  }

  // giveBack undoes a take.
  giveBack() {
    this.tokens = Math.min(this.burst, this.tokens + 1);
  }

  // wait returns in how many seconds there will be one; 0: there is.
  wait() {
    const now = performance.now();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.since) / 1000) * this.perSecond);
    this.since = now;
    return Math.max(0, (1 - this.tokens) / this.perSecond);
  }
}

module.exports = { Allowance };
