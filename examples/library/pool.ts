/**
 * A pool of two workers does the same work by every synchronous call that Python's pool has.
 *
 * What to look for: one span for each chunk, with its items; how long the chunk waited in the
 * queue; how evenly the two workers were busy.
 */
import { cpuCount, isMain, Pool, run } from 'simul';

export function square(n: number): number {
  return n * n;
}

export function power(base: number, exponent: number): number {
  return base ** exponent;
}

if (isMain) {
  await run(async function main() {
    console.log(`at least one processor: ${cpuCount() >= 1}`);
    const pool = new Pool({ size: 2, name: 'squares' });
    const numbers = Array.from({ length: 10 }, (_, n) => n);
    console.log('apply:', await pool.apply(square, [7]));
    console.log('map:', (await pool.map(square, numbers)).join(' '));
    console.log(
      'starmap:',
      (
        await pool.starmap(power, [
          [2, 3],
          [3, 2],
          [10, 0],
        ])
      ).join(' '),
    );
    const inOrder: number[] = [];
    for await (const result of pool.imap(square, numbers)) inOrder.push(result);
    console.log('imap:', inOrder.join(' '));
    const anyOrder: number[] = [];
    for await (const result of pool.imapUnordered(square, numbers)) anyOrder.push(result);
    console.log('imapUnordered:', anyOrder.sort((a, b) => a - b).join(' '));
    pool.close();
    await pool.join();
  });
}
