// Two keys are derived, which leaves the pool two threads; a page reads its template meanwhile.
import { scrypt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const derive = promisify(scrypt);

async function keyOf(name) {
  return (await derive(name, 'salt', 32, { N: 2 ** 15, maxmem: 2 ** 27 })).length;
}

async function page() {
  const template = await readFile(new URL(import.meta.url), 'utf8');
  return template.length > 0;
}

const keys = Promise.all(['ada', 'bob'].map(keyOf));
console.log(await page());
console.log((await keys).length);
