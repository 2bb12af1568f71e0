// A latch that is opened by all three parts; one leaves early.
import { setTimeout as delay } from 'node:timers/promises';

class Latch {
  #left: number;
  #open!: () => void;
  readonly opened = new Promise<void>((resolve) => (this.#open = resolve));
  constructor(count: number) {
    this.#left = count;
  }
  arrive(): void {
    if (--this.#left === 0) this.#open();
  }
}
const latch = new Latch(3);
async function part(id: number): Promise<void> {
  await delay(5 * id);
  if (id === 4) return;
  latch.arrive();
}
async function main(): Promise<void> {
  for (const id of [1, 2, 3]) void part(id);
  await latch.opened;
  console.log('all here');
}
main();
