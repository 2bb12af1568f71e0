// Size of a folder, four stats at a time.
import fs from 'node:fs/promises';
import path from 'node:path';
import os from 'node:os';
import PQueue from 'p-queue';

const root = await fs.mkdtemp(path.join(os.tmpdir(), 'tree-'));
for (const name of ['a/b/c', 'd/e', 'f/g', 'h/i', 'j'])
  await fs.mkdir(path.join(root, name), { recursive: true });

const queue = new PQueue({ concurrency: 4 });

async function sizeOf(folder) {
  const entries = await fs.readdir(folder, { withFileTypes: true });
  const sizes = await Promise.all(
    entries.map((entry) =>
      queue.add(() => (entry.isDirectory() ? sizeOf(path.join(folder, entry.name)) : 1)),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

console.log(await queue.add(() => sizeOf(root)));
await fs.rm(root, { recursive: true });
