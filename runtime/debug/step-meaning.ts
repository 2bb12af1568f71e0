/** What the words of a condition mean at a step, see expression.ts. */
import { OUTCOMES } from '../trace/format/kinds.ts';
import { resourceOfTarget, State } from '../trace/model/state.ts';
import { plain } from '../trace/words/sentence.ts';
import { resourcePart } from '../trace/words/parts.ts';
import type { Meaning, Value } from './expression.ts';
import type { Replay } from './replay.ts';
import { RequestError } from './request-error.ts';
import { resourceNamed } from './resources.ts';
import { STEP, STEP_KINDS } from './step-log.ts';

export const WORDS = [
  ...['task', 'function', 'event', 'time', 'wait', 'resource', 'level', 'capacity', 'waiters'],
  ...['outcome', 'error', 'file', 'line'],
];
export const FUNCTIONS = ['depth', 'capacity', 'holder', 'waiters'];

/** The cursor stands at the step. */
export class StepMeaning implements Meaning {
  readonly #replay: Replay;
  readonly #step: number;

  constructor(replay: Replay, step: number) {
    this.#replay = replay;
    this.#step = step;
  }

  word(name: string): Value {
    const { trace, log } = this.#replay;
    const task = log.task[this.#step]!;
    const site = trace.sites[log.site[this.#step]!];
    const resource = trace.resources[resourceOfTarget(log.target[this.#step]!)];
    switch (name) {
      case 'task':
        return task < 0 ? undefined : trace.labelOf(trace.rowOf(task));
      case 'function':
        return site?.fn;
      case 'event':
        return STEP_KINDS[log.kind[this.#step]!];
      case 'time':
        return log.t[this.#step]!;
      case 'wait':
        return this.#waitNs(task);
      case 'resource':
        return resource?.name;
      case 'level':
        return resource === undefined ? undefined : this.call('depth', resource.name);
      case 'capacity':
        return resource?.capacity ?? undefined;
      case 'waiters':
        return resource === undefined ? undefined : this.#replay.waitersOf(resource.index).length;
      case 'outcome':
        return task < 0 || log.kind[this.#step] !== STEP.end
          ? undefined
          : OUTCOMES[trace.tasks.outcome[task]!];
      case 'error':
        return task < 0 ? undefined : trace.text(trace.tasks.error[task]!);
      case 'file':
        return site?.file;
      default:
        return site?.line;
    }
  }

  call(name: string, argument: string): Value {
    return askResource(this.#replay, name, argument);
  }

  /** How long the wait takes that begins, goes on or ends with this step. */
  #waitNs(task: number): number | undefined {
    const { recording, log, trace } = this.#replay;
    if (task < 0) return undefined;
    const { spans } = recording.source;
    const t = log.t[this.#step]!;
    const isEnd = log.kind[this.#step] !== STEP.suspend;
    const row = trace.rowOf(task);
    const around = spans
      .spans(row, isEnd ? t - 1 : t, t + 1, 100)
      ?.filter(({ state }) => state === State.wait);
    const span = around?.at(-1) ?? (isEnd ? this.#lastWait(row, t) : undefined);
    return span === undefined ? undefined : span.endNs - span.startNs;
  }

  #lastWait(row: number, t: number): { readonly startNs: number; readonly endNs: number } | undefined {
    const { spans } = this.#replay.recording.source;
    for (let index = spans.indexBefore(row, t + 1), back = 0; index >= 0 && back < 4; index--, back++) {
      const span = spans.spanAt(row, index);
      if (span?.state === State.wait) return span;
    }
    return undefined;
  }
}

/** `depth(orders)` and its like, at the cursor. */
export function askResource(replay: Replay, name: string, argument: string): Value {
  const { recording, trace, t } = replay;
  const resource = resourceNamed(trace, argument, t);
  switch (name) {
    case 'depth':
      return recording.levels.levelAt(trace, resource, t) ?? undefined;
    case 'capacity':
      return trace.resources[resource]!.capacity ?? undefined;
    case 'waiters':
      return replay.waitersOf(resource).length;
    case 'holder': {
      const holders = recording.source.holders.holdersAt(resource, t).map((row) => trace.labelOf(row));
      return holders.length === 0 ? 'nobody' : holders.join(', ');
    }
    default:
      throw new RequestError(`${name} cannot be asked of ${plain([resourcePart(trace, resource)])}`);
  }
}
