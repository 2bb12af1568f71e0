// The chain stands around what changes alone; the lookups go on side by side.
import { setTimeout as delay } from 'node:timers/promises';

class Lookup {
  #tail: Promise<void> = Promise.resolve();
  readonly #known = new Map<string, string>();
  async find(name: string): Promise<string> {
    await delay(15);
    const before = this.#tail;
    let done!: () => void;
    this.#tail = new Promise((resolve) => (done = resolve));
    await before;
    this.#known.set(name, `${name}.example`);
    done();
    return `${name}.example`;
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
