// Whoever finds it first; the search of the others goes on to its end.
import { setTimeout as sleep } from 'node:timers/promises';

async function search(shelf: number, wanted: number): Promise<string> {
  for (let book = 0; book < 20; book++) {
    await sleep(30);
    if (shelf * 10 + book === wanted) return `shelf ${shelf}, book ${book}`;
  }
  throw new Error(`not on shelf ${shelf}`);
}

class Library {
  async find(wanted: number): Promise<string> {
    return Promise.any([1, 2, 3].map((shelf) => search(shelf, wanted)));
  }
}

async function main(): Promise<void> {
  console.log(await new Library().find(12));
}
void main();
