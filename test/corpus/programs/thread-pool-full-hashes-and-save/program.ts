// Hash all passwords anew, and save the state first.
import { pbkdf2 } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const hash = promisify(pbkdf2);

async function rehash(name: string): Promise<number> {
  const digest = await hash(name, 'salt', 400_000, 32, 'sha256');
  return digest.length;
}

async function main(): Promise<void> {
  const file = join(tmpdir(), `state-${process.pid}.json`);
  const hashes = Promise.all(Array.from({ length: 12 }, (_, i) => rehash(`user${i}`)));
  await writeFile(file, '{"isSaved":true}');
  console.log('saved');
  console.log((await hashes).length);
  await rm(file);
}
void main();
