// Visits are kept in a file, which each reads and writes whole.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const file = join(tmpdir(), `visits-${process.pid}.json`);
async function visit(page) {
  const visits = JSON.parse(await readFile(file, 'utf8'));
  visits.push(page);
  await writeFile(file, JSON.stringify(visits));
}
await writeFile(file, '[]');
await visit('home');
await visit('shop');
console.log(await readFile(file, 'utf8'));
await rm(file);
