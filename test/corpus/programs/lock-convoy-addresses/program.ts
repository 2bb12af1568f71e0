// Eight clients look addresses up; a cache keeps one lookup at a time, by a chain of promises.
import { setTimeout as delay } from 'node:timers/promises';

class Lookup {
  #tail: Promise<void> = Promise.resolve();
  async find(name: string): Promise<string> {
    const before = this.#tail;
    let done!: () => void;
    this.#tail = new Promise((resolve) => (done = resolve));
    await before;
    try {
      await delay(15);
      return `${name}.example`;
    } finally {
      done();
    }
  }
}

const lookup = new Lookup();
async function client(n: number): Promise<number> {
  let size = 0;
  for (let i = 0; i < 5; i++) size += (await lookup.find(`host-${n}-${i}`)).length;
  return size;
}
const sizes = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((n) => client(n)));
console.log(sizes.length);
