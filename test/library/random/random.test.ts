/** A sample of what `npm run random` plays for as long as it is told. */
import { strict as assert } from 'node:assert';
import { afterEach, describe, it } from 'mocha';
import type { Pool } from '../../../runtime/index.ts';
import { warningsOf } from '../../tasks/warnings.ts';
import { playProgram } from './play.ts';
import { makePools, poolsOf } from './pools.ts';

/** So long, at most, and one program more. */
const BUDGET_MS = 6000;

describe('Random programs of tasks, queues, locks, groups and pools whose workers are killed', () => {
  let pools: Pool[] = [];
  const endPools = async (): Promise<void> => {
    for (const pool of pools.splice(0)) await pool[Symbol.asyncDispose]();
  };
  afterEach(endPools);

  it('lose no item and no permit, leave no task, and fail only the jobs that ended their worker', async () => {
    const startMs = performance.now();
    const wrong: string[] = [];
    const sums = new Map<string, number>();
    // What a program leaves to nobody is a warning.
    await warningsOf(async () => {
      for (let seed = 1; performance.now() - startMs < BUDGET_MS; seed++) {
        if (pools.length === 0 || poolsOf(seed) !== poolsOf(seed - 1)) {
          await endPools();
          pools = makePools(poolsOf(seed));
        }
        for (const words of await playProgram(seed, pools, sums)) wrong.push(`seed ${seed}: ${words}`);
      }
    });
    assert.deepEqual(wrong, []);
    // Something happened, also on a slow machine.
    assert.ok(sums.get('items put')! > 0 && sums.get('jobs: result')! > 0, JSON.stringify([...sums]));
  }).timeout(120_000);
});
