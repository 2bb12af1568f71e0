// One process waits for a file that another one writes.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = await mkdtemp(join(tmpdir(), 'marker-'));

class Marker {
  readonly path = join(folder, 'ready.txt');

  async content(): Promise<string> {
    let text: string | null = null;
    do {
      text = await readFile(this.path, 'utf8').catch(() => null);
      if (text === null) text = await this.again();
    } while (text === null);
    return text;
  }

  async again(): Promise<string | null> {
    for (let left = 100_000; left > 0; left--) {
      try {
        return await readFile(this.path, 'utf8');
      } catch {
        continue;
      }
    }
    return null;
  }
}

setTimeout(() => void writeFile(join(folder, 'ready.txt'), 'go'), 400);
console.log(await new Marker().content());
await rm(folder, { recursive: true });
