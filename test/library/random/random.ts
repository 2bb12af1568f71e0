/**
 * `npm run random -- [SECONDS] [FIRST_SEED]`: random programs of the library for so long, each from
 * its seed. Exits with 1 when anything was wrong, and names the seeds.
 */
import { type Pool } from '../../../runtime/index.ts';
import { makePools, poolsOf } from './pools.ts';
import { playProgram } from './play.ts';

const REPORT_EVERY_MS = 10_000;

process.removeAllListeners('warning');
const [seconds = 60, first = 1] = process.argv.slice(2).map(Number);
const startMs = performance.now();
let reportedMs = startMs;
let bad = 0;
const sums = new Map<string, number>();
let seed = first;
let pools: Pool[] = [];
for (; performance.now() - startMs < seconds * 1000; seed++) {
  if (pools.length === 0 || poolsOf(seed) !== poolsOf(seed - 1)) {
    for (const pool of pools) await pool[Symbol.asyncDispose]();
    pools = makePools(poolsOf(seed));
  }
  const wrong = await playProgram(seed, pools, sums);
  if (wrong.length > 0) bad++;
  for (const words of wrong) console.log(`seed ${seed}: ${words}`);
  if (performance.now() - reportedMs > REPORT_EVERY_MS) {
    reportedMs = performance.now();
    console.log(`${seed - first + 1} programs after ${((reportedMs - startMs) / 1000).toFixed(0)} s`);
  }
}
for (const pool of pools) await pool[Symbol.asyncDispose]();
console.log(`${seed - first} programs (seeds ${first} to ${seed - 1}): ${bad} with something wrong`);
for (const [name, count] of sums) console.log(`  ${name}: ${count}`);
// What programs leave to nobody is a warning each, and no fault.
process.exitCode = bad > 0 ? 1 : 0;
