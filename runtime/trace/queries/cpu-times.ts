/** Where the CPU time of all threads went, as a profiler saw it. */
import type { Trace } from '../model/trace.ts';
import type { CpuTimes } from './answer.ts';

const MAX_ROWS = 8;
/** Smaller parts are summed up. */
const MIN_SHARE = 0.01;

/** Null: no profiler was asked for. */
export function cpuTimes({ profile }: Trace): CpuTimes | null {
  if (profile.count === 0) return null;
  const parts = new Map<string, { site: number; resource: string; ns: number }>();
  let wholeNs = 0;
  let samples = 0;
  for (const { site, what, ns, samples: times } of profile) {
    const resource = what === '' ? 'its own code' : what;
    const key = `${site} ${resource}`;
    const part = parts.get(key);
    if (part === undefined) parts.set(key, { site, resource, ns });
    else part.ns += ns;
    wholeNs += ns;
    samples += times;
  }
  if (wholeNs <= 0) return null;
  const sorted = [...parts.values()].sort((a, b) => b.ns - a.ns);
  const listed = sorted.filter(({ ns }, i) => i < MAX_ROWS && ns >= wholeNs * MIN_SHARE);
  const others = sorted.length - listed.length;
  const restNs = sorted.slice(listed.length).reduce((sum, { ns }) => sum + ns, 0);
  if (others === 1) listed.push(sorted.at(-1)!);
  else if (others > 1) listed.push({ site: -1, resource: `${others} other parts`, ns: restNs });
  return { rows: listed.map((row) => ({ ...row, share: row.ns / wholeNs })), wholeNs, samples };
}
