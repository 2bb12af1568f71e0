/**
 * Opens what was recorded and folds all of it: the folder of a recording, even while it is written,
 * or a saved `*.simul` file. Damage is described in sentences and left out; the rest is there. It
 * never throws for what stands in the files.
 */
import { statSync } from 'node:fs';
import { Fold } from '../trace/fold/fold.ts';
import type { Observer } from '../trace/fold/observer.ts';
import { exceededBounds } from '../trace/model/budget.ts';
import { Trace } from '../trace/model/trace.ts';
import { describeIoError } from './describe-io-error.ts';
import { isProcessAlive } from './is-process-alive.ts';
import type { RecordSink } from './part-tail.ts';
import { readRecording } from './read-recording.ts';
import { openSavedTrace, readSavedTrace } from './read-saved-trace.ts';
import { holdsRecording } from './recordings.ts';

export interface OpenedTrace {
  readonly trace: Trace;
  /** One sentence for each thing that is damaged, missing or newer than this reader. */
  readonly troubles: readonly string[];
  /**
   * Indexes in `trace.processes` of those that still run, or did when the trace was saved: their
   * tasks are open, not lost.
   */
  readonly alive: ReadonlySet<number>;
}

/** Why nothing can be read there, as far as that shows in advance; null: nothing does. */
export function readTraceObstacle(path: string): string | null {
  try {
    const stats = statSync(path);
    if (stats.isFile()) {
      const contents = openSavedTrace(path);
      return typeof contents === 'string' ? contents : null;
    }
    if (!stats.isDirectory()) return `${path} cannot be opened: it is neither a file nor a folder`;
    return holdsRecording(path) ? null : `${path} holds no recording: there is no *.part file in it`;
  } catch (error) {
    return `${path} cannot be opened: ${describeIoError(error)}`;
  }
}

/**
 * The trace, or one sentence saying why there is none.
 * @param observers called while the fold goes on
 * @param trace the model to fold into; observers may read it
 */
export function openTrace(
  path: string,
  observers: readonly Observer[] = [],
  trace: Trace = new Trace(),
): OpenedTrace | string {
  const fold = new Fold(observers, trace);
  const troubles: string[] = [];
  const sink: RecordSink = {
    onRecords: (part, records) => {
      fold.feed(part, records);
    },
    onTrouble: (words) => void troubles.push(words),
  };
  try {
    const stats = statSync(path);
    if (!stats.isDirectory()) {
      if (!stats.isFile()) return `${path} cannot be opened: it is neither a file nor a folder`;
      const refusal = readSavedTrace(path, sink);
      const ran = trace.processes
        .filter(({ endKind, ranWhenSaved }) => ranWhenSaved && endKind === 0)
        .map(({ index }) => index);
      fold.end();
      if (refusal !== null) return refusal;
      if (fold.trace.events === 0 && troubles.length > 0) return troubles.join('; ');
      troubles.push(...exceededBounds(trace));
      return { trace: fold.trace, troubles, alive: new Set(ran) };
    }
  } catch (error) {
    return `${path} cannot be opened: ${describeIoError(error)}`;
  }
  const heads = readRecording(path, sink);
  if (heads.length === 0) return `${path} holds no recording: there is no *.part file in it`;
  // Damaged so early that nothing of it can be shown.
  if (fold.trace.events === 0 && troubles.length > 0) return troubles.join('; ');
  const alive = heads
    .map((head, part) => ({ head, process: fold.processOf(part) }))
    .filter(
      ({ head, process }) => head && fold.trace.processes[process]?.endKind === 0 && isProcessAlive(head.pid),
    )
    .map(({ process }) => process);
  if (alive.length === 0) fold.end();
  troubles.push(...exceededBounds(trace));
  return { trace: fold.trace, troubles, alive: new Set(alive) };
}
