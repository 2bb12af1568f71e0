// Pages are rendered by forEach, which waits for none of them.
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = await mkdtemp(join(tmpdir(), 'pages-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
async function render(page) {
  await writeFile(join(folder, `page-${page}.html`), '<p>'.repeat(20_000));
}
await Promise.all([1, 2, 3].map(render));
process.exit(0);
