// Imports rows of a shop, one at a time; the log is written every minute.
const { setTimeout: delay } = require('node:timers/promises');

class Mutex {
  constructor() {
    this.isLocked = false;
    this.callers = [];
  }
  lock() {
    if (this.isLocked) return new Promise((resolve) => this.callers.push(resolve));
    this.isLocked = true;
    return Promise.resolve();
  }
  unlock() {
    const next = this.callers.shift();
    if (next) next();
    else this.isLocked = false;
  }
}

const table = new Mutex();
const rows = [];

const importRow = async (text) => {
  await table.lock();
  try {
    await delay(5);
    rows.push(JSON.parse(text));
  } finally {
    table.unlock();
  }
};

async function main() {
  const logging = setInterval(() => console.log(rows.length), 60_000);
  const results = await Promise.allSettled(['{"id":1}', '{"id":2', '{"id":3}', '{"id":4}'].map(importRow));
  console.log(results.length);
  clearInterval(logging);
}
main();
