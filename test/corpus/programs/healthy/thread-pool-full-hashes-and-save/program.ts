// Save the state, then hash all passwords anew.
import { pbkdf2 } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const hash = promisify(pbkdf2);

async function rehash(name: string): Promise<number> {
  const digest = await hash(name, 'salt', 20_000, 32, 'sha256');
  return digest.length;
}

async function main(): Promise<void> {
  const file = join(tmpdir(), `state-${process.pid}.json`);
  await writeFile(file, '{"isSaved":true}');
  console.log('saved');
  console.log((await Promise.all(['ada', 'bob', 'eve'].map(rehash))).length);
  await rm(file);
}
void main();
