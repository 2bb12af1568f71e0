/** What was let go of the beginning of a recording, in a sentence. */
import { KEPT_REASON } from '../format/kinds.ts';
import { countedFrom } from '../model/counted-since.ts';
import type { Trace } from '../model/trace.ts';
import { byteCount, count, duration } from './duration.ts';

/**
 * "Kept from 12:34:05 on, 3 h 2 min after the start: the 1,204 records before were let go at the
 * limit of 60 MB."; null: all was kept.
 */
export function describeKept(trace: Trace): string | null {
  const { kept, wallNs } = trace;
  if (kept === null) return null;
  const { sinceNs, records, why, limitBytes } = kept;
  const wallMs = wallNs === null ? null : Number((wallNs + BigInt(Math.round(sinceNs))) / 1_000_000n);
  const after = `${duration(sinceNs)} after the start`;
  const from = wallMs === null ? `from ${after} on` : `from ${timeOfDay(wallMs)} on, ${after}`;
  const isSaved = why === KEPT_REASON.save;
  const limit = limitBytes > 0 ? ` at the limit of ${byteCount(limitBytes)}` : '';
  const fate = isSaved ? 'left out when it was saved' : `let go${limit}`;
  return `Kept ${from}: the ${count(records, 'record')} before ${records === 1 ? 'was' : 'were'} ${fate}.`;
}

/** As the clock of whoever reads it shows it. */
const timeOfDay = (wallMs: number): string =>
  Number.isFinite(new Date(wallMs).getTime()) ? new Date(wallMs).toTimeString().slice(0, 8) : 'then';

/** "since 55.0 s of the trace "; '': from its begin on. */
export function describeCountedFrom(trace: Trace, process: number, beganNs: number): string {
  const fromNs = countedFrom(trace, process, beganNs);
  return fromNs === null ? '' : `since ${duration(fromNs)} of the trace `;
}
