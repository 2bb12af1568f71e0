// Checksums of files, with at most two files open at a time.
const { createHash } = require('node:crypto');
const { open } = require('node:fs/promises');
const { setTimeout: delay } = require('node:timers/promises');

class Slots {
  constructor(free) {
    this.free = free;
    this.waiting = [];
  }
  acquire() {
    if (this.free > 0) {
      this.free--;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }
  release() {
    const next = this.waiting.shift();
    if (next === undefined) this.free++;
    else next();
  }
}

const checksumOf = async (file) => {
  const handle = await open(file);
  const hash = createHash('sha256');
  for (let part = 0; part < 3; part++) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, part * 64);
    hash.update(buffer.subarray(0, bytesRead));
    await delay(10);
  }
  await handle.close();
  return hash.digest('hex').slice(0, 8);
};

const createSums = (slots) => ({
  sum: async (file) => {
    await slots.acquire();
    try {
      return await checksumOf(file);
    } finally {
      slots.release();
    }
  },
});

const sums = createSums(new Slots(2));
Promise.all([1, 2, 3, 4, 5].map(() => sums.sum(__filename))).then((all) => console.log(new Set(all).size));
