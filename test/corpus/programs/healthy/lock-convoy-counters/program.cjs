// A gate for each shop.
const { setTimeout: delay } = require('node:timers/promises');

class Gate {
  constructor() {
    this.isTaken = false;
    this.line = [];
  }
  enter() {
    if (!this.isTaken) {
      this.isTaken = true;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.line.push(resolve));
  }
  leave() {
    const next = this.line.shift();
    if (next === undefined) this.isTaken = false;
    else next();
  }
}
const gates = new Map();
const counters = new Map();
async function count(shop) {
  if (!gates.has(shop)) gates.set(shop, new Gate());
  const gate = gates.get(shop);
  await gate.enter();
  try {
    const before = counters.get(shop) ?? 0;
    await delay(10);
    counters.set(shop, before + 1);
  } finally {
    gate.leave();
  }
}
async function shop(name) {
  for (let i = 0; i < 6; i++) await count(name);
}
Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(shop)).then(() => console.log(counters.get('a')));
