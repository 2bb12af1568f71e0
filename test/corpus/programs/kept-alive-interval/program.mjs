// A cache that forgets what is old, and a program that uses it once.
class Cache {
  #items = new Map();
  constructor(maxAgeMs) {
    this.sweeper = setInterval(() => this.#sweep(maxAgeMs), 300);
  }
  #sweep(maxAgeMs) {
    for (const [key, { since }] of this.#items) if (Date.now() - since > maxAgeMs) this.#items.delete(key);
  }
  async load(key) {
    await null;
    this.#items.set(key, { since: Date.now(), value: key.length });
    return this.#items.get(key).value;
  }
}

const cache = new Cache(1000);
console.log(await cache.load('three'));
