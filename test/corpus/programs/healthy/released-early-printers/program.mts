// Prints the documents of a day on printers that are leased.
import { setTimeout as delay } from 'node:timers/promises';

class Lease {
  readonly printer: string;
  readonly #onRelease: () => void;
  constructor(printer: string, onRelease: () => void) {
    this.printer = printer;
    this.#onRelease = onRelease;
  }
  release(): void {
    this.#onRelease();
  }
}

class Printers {
  readonly #free: string[];
  readonly #queue: ((lease: Lease) => void)[] = [];
  constructor(...names: string[]) {
    this.#free = names;
  }
  acquire(): Promise<Lease> {
    return new Promise((resolve) => {
      this.#queue.push(resolve);
      this.#serve();
    });
  }
  #serve(): void {
    while (this.#free.length > 0 && this.#queue.length > 0) {
      const printer = this.#free.shift()!;
      this.#queue.shift()!(new Lease(printer, () => this.#takeBack(printer)));
    }
  }
  #takeBack(printer: string): void {
    this.#free.push(printer);
    this.#serve();
  }
}

const sheet = async (printer: string, text: string): Promise<string> => {
  await delay(25);
  return `${printer}: ${text}`;
};

const printers = new Printers('laser', 'inkjet');

const print = async (title: string, pages: number): Promise<string[]> => {
  const lease = await printers.acquire();
  try {
    const all = Array.from({ length: pages }, (_, page) => sheet(lease.printer, `${title} ${page + 1}`));
    return await Promise.all(all);
  } finally {
    lease.release();
  }
};

const printed = await Promise.all([print('bill', 2), print('letter', 3), print('map', 1)]);
console.log(printed.flat().length);
