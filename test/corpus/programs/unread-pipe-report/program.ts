// A report is printed by a child; the first line is all that is wanted.
import { spawn, type ChildProcess } from 'node:child_process';

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('close', resolve));

async function title(): Promise<string> {
  const child = spawn('seq', ['-f', 'row %g of the report', '50000'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const first = await new Promise<string>((resolve) => child.stdout!.once('data', (text) => resolve(String(text))));
  child.stdout!.pause();
  await ended(child);
  return first.split('\n')[0]!;
}
console.log(await title());
