/**
 * Opens what was recorded: the folder of a recording (also one that is still being written: then what
 * is there by now) or a saved `*.simul` file, and folds all of it. What is damaged is told in sentences and left
 * out; what is whole is there. It never throws for what stands in the files.
 */
import { statSync } from 'node:fs';
import { Fold } from '../trace/fold/fold.ts';
import type { Observer } from '../trace/fold/observer.ts';
import { Trace } from '../trace/model/trace.ts';
import { isAlive } from './is-process-alive.ts';
import { describeIoError } from './describe-io-error.ts';
import { readRecording } from './read-recording.ts';
import { readSavedTrace } from './saved-trace.ts';

export interface OpenedTrace {
  readonly trace: Trace;
  /** One sentence for each thing that is damaged, missing or newer than this reader. */
  readonly troubles: readonly string[];
  /** Indexes in `trace.processes` of those that still run: their tasks are open, not lost. */
  readonly alive: ReadonlySet<number>;
}

/**
 * The trace, or one sentence saying why there is none.
 * @param observers told of everything while the fold goes; `trace` is the model that they may look into
 */
export function openTrace(
  path: string,
  observers: readonly Observer[] = [],
  trace: Trace = new Trace(),
): OpenedTrace | string {
  const fold = new Fold(observers, trace);
  const troubles: string[] = [];
  const give = (part: number, records: Uint8Array): void => {
    fold.feed(part, records);
  };
  try {
    const it = statSync(path);
    if (!it.isDirectory()) {
      if (!it.isFile()) return `${path} cannot be opened: it is neither a file nor a folder`;
      const trouble = readSavedTrace(path, give, (words) => troubles.push(words));
      fold.end();
      if (trouble !== null) return trouble;
      if (fold.trace.events === 0 && troubles.length > 0) return nothingWhole(troubles);
      return { trace: fold.trace, troubles, alive: new Set() };
    }
  } catch (error) {
    return `${path} cannot be opened: ${describeIoError(error)}`;
  }
  const heads = readRecording(path, give, (words) => troubles.push(words));
  if (heads.length === 0) return `${path} holds no recording: there is no *.part file in it`;
  if (fold.trace.events === 0 && troubles.length > 0) return nothingWhole(troubles);
  const alive = heads
    .map((head, part) => ({ head, process: fold.processOf(part) }))
    .filter(({ head, process }) => head && fold.trace.processes[process]?.endKind === 0 && isAlive(head.pid))
    .map(({ process }) => process);
  if (alive.length === 0) fold.end();
  return { trace: fold.trace, troubles, alive: new Set(alive) };
}

/** Damaged so early that nothing can be shown of it. */
const nothingWhole = (troubles: readonly string[]): string => troubles.join('; ');
