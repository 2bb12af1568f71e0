/** How a process came to its end while tasks still waited. */
import { PROCESS_END } from '../format/kinds.ts';
import type { Process, Trace } from '../model/trace.ts';
import { sitePart, taskPart } from './parts.ts';
import type { Sentence } from './sentence.ts';

/**
 * "process.exit(1) was called at a.mjs:9." Empty: the process ran dry, or how it ended is unknown.
 */
export function describeCalledEnd(trace: Trace, process: Process | undefined): Sentence {
  if (process === undefined) return [];
  const { endKind, endSite, exitCode, pid, signal } = process;
  const place: Sentence = endSite < 0 ? [] : [' at ', sitePart(trace, endSite)];
  switch (endKind) {
    case PROCESS_END.called:
      return [`process.exit(${exitCode ?? 0}) was called`, ...place, '.'];
    case PROCESS_END.signal:
      return [
        `Signal ${signal ?? 0} ended the process`,
        ...(place.length > 0 ? [', sent', ...place] : describeSender(trace, pid, signal ?? 0)),
        '.',
      ];
    case PROCESS_END.uncaught:
      return ['An uncaught error ended the process.'];
    default:
      return [];
  }
}

/** ", sent by stop (a.mjs:9)": another process of the program sent it. */
function describeSender(trace: Trace, pid: number, signal: number): Sentence {
  const sender = trace.links.signalTo(pid, signal)?.sender ?? -1;
  if (sender < 0) return [];
  const site = trace.tasks.site[sender]!;
  const place: Sentence = site < 0 ? [] : [' (', sitePart(trace, site), ')'];
  return [', sent by ', taskPart(trace, trace.rowOf(sender)), ...place];
}
