// Writes a report to a file.
import { createWriteStream, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const path = join(tmpdir(), `report-${process.pid}.txt`);
async function writeReport(lines: number): Promise<void> {
  const file = createWriteStream(path);
  file.on('finish', () => console.log('written'));
  for (let i = 0; i < lines; i++) file.write(`line ${i}\n`);
  await new Promise((resolve) => file.end(resolve));
}

process.on('exit', () => rmSync(path, { force: true }));
await writeReport(20_000);
process.exit();
