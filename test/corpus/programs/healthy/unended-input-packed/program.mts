// A report is packed by a child.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

interface Report {
  readonly title: string;
  readonly rows: readonly string[];
}

async function pack({ title, rows }: Report): Promise<number> {
  const gzip = spawn('gzip', ['-c']);
  let bytes = 0;
  gzip.stdout.on('data', (part: Buffer) => (bytes += part.length));
  gzip.stdin.write(`${title}\n`);
  for (const row of rows) gzip.stdin.write(`${row}\n`);
  gzip.stdin.end();
  const [status] = await once(gzip, 'exit');
  if (status !== 0) throw new Error('gzip failed');
  return bytes;
}

console.log((await pack({ title: 'May', rows: ['rain', 'sun'] })) > 0);
