// Reads settings that somebody wrote by hand, and takes the usual ones where that is not possible.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

interface Settings {
  readonly port: number;
}

const parseSettings = async (file: string): Promise<Settings> => JSON.parse(await readFile(file, 'utf8'));

async function retry<T>(work: () => Promise<T>, times: number, pause: number): Promise<T> {
  let left = times;
  while (true) {
    try {
      return await work();
    } catch (error) {
      if (--left === 0) throw error;
    }
    await delay(pause);
  }
}

const folder = await mkdtemp(join(tmpdir(), 'settings-'));
const file = join(folder, 'settings.json');
await writeFile(file, '{ "port": 8080, }');
const settings = await retry(() => parseSettings(file), 4, 300).catch(() => ({ port: 80 }));
console.log(settings.port);
await rm(folder, { recursive: true });
