// Looks into archives for a word; an archive is open while its pages are read.
import { Mutex } from 'async-mutex';
import { setTimeout as sleep } from 'node:timers/promises';

class Archive {
  readonly #mutex = new Mutex();
  readonly #pages: readonly string[];

  constructor(pages: readonly string[]) {
    this.#pages = pages;
  }

  async *pages(): AsyncGenerator<string> {
    const release = await this.#mutex.acquire();
    try {
      for (const page of this.#pages) {
        await sleep(5);
        yield page;
      }
    } finally {
      release();
    }
  }
}

async function holds(archive: Archive, word: string): Promise<boolean> {
  for await (const page of archive.pages()) if (page.includes(word)) return true;
  return false;
}

const archive = new Archive(['a lamp', 'a chair', 'a table']);
for (const word of ['door', 'chair', 'lamp']) console.log(word, await holds(archive, word));
