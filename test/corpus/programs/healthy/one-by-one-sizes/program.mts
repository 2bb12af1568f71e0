// Sizes of files, read in a class.
import { readFile, writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

class Sizes {
  readonly folder: string;
  readonly sizes: Record<string, number> = {};
  constructor(folder: string) {
    this.folder = folder;
  }
  async sizeOf(name: string): Promise<number> {
    await pause(20); // a slow disk
    return (await readFile(join(this.folder, name))).length;
  }
  async measure(names: readonly string[]): Promise<void> {
    await Promise.all(names.map(async (name) => (this.sizes[name] = await this.sizeOf(name))));
  }
}

const folder = await mkdtemp(join(tmpdir(), 'sizes-'));
const names = ['a', 'b', 'c', 'd', 'e'];
await Promise.all(names.map((name) => writeFile(join(folder, name), name.repeat(9))));
const sizes = new Sizes(folder);
await sizes.measure(names);
console.log(Object.values(sizes.sizes).join());
await rm(folder, { recursive: true });
