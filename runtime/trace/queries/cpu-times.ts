/** Where the CPU time of all threads went, as a profiler saw it. */
import type { Trace } from '../model/trace.ts';
import type { CpuTimes } from './answer.ts';

const MAX_ROWS = 8;
/** Smaller parts are summed up. */
const MIN_SHARE = 0.01;

/** Null: no profiler was asked for, or it saw nothing at work. */
export function cpuTimes({ profile, sites }: Trace): CpuTimes | null {
  const { totalNs: wholeNs, totalSamples: samples } = profile;
  if (wholeNs <= 0) return null;
  const parts = new Map<string, { site: number; resource: string; ns: number }>();
  for (const { site, what, ns } of profile) {
    const resource = site < 0 ? what || 'not known' : what === '' ? 'its own code' : `calling ${what}`;
    // Each process numbers its sites.
    const at = sites[site];
    const key = at === undefined ? resource : `${at.file}:${at.line}:${at.column} ${at.fn} ${resource}`;
    const part = parts.get(key);
    if (part === undefined) parts.set(key, { site, resource, ns });
    else part.ns += ns;
  }
  const sorted = [...parts.values()].sort((a, b) => b.ns - a.ns);
  const listed = sorted.filter(({ ns }, i) => i < MAX_ROWS && ns >= wholeNs * MIN_SHARE);
  const others = sorted.length - listed.length;
  const restNs = sorted.slice(listed.length).reduce((sum, { ns }) => sum + ns, 0);
  if (others === 1) listed.push(sorted.at(-1)!);
  else if (others > 1) listed.push({ site: -1, resource: `${others} other parts`, ns: restNs });
  return { rows: listed.map((row) => ({ ...row, share: row.ns / wholeNs })), wholeNs, samples };
}
