/** The pools of random programs, of every kind, with options drawn for a while. */
import { Pool, random } from '../../../runtime/index.ts';

/** Programs that share their pools: those of seeds with the same tens. */
export const poolsOf = (seed: number): number => Math.floor(seed / 10);

/** @param number draws their options. */
export function makePools(number: number): Pool[] {
  const next = random(number);
  return (['threads', 'processes'] as const).map((kind) => {
    const size = next() < 0.5 ? 1 : 2;
    return new Pool({
      kind,
      size,
      name: kind,
      ...(next() < 0.3 ? { maxTasksPerWorker: 5 } : {}),
      ...(next() < 0.3 ? { minSize: 0, idleTimeout: 20 } : {}),
      ...(next() < 0.3 ? { maxQueue: next() < 0.5 ? 0 : 3 } : {}),
    });
  });
}
