/**
 * What the parent's side of a Thread or Process records: its start, its joins, its end. Whether to
 * record is chosen once, when this module loads; untraced, every method is a no-op.
 */
import { bridge, recorder, traced } from '../../tasks/core/trace.ts';
import { KIND } from '../../trace/format/kinds.ts';
import { recordLink } from '../transport/trace-link.ts';

export interface BodyTrace {
  /** @returns the token of the link to the body; 0 untraced. */
  start(): number;
  /** @returns the task that joins, for `joined`; 0 untraced. */
  join(): number;
  joined(joiner: number): void;
  /** @param hasAnswered whether the body itself reported its end. */
  end(hasAnswered: boolean): void;
}

const NO_TRACE: BodyTrace = { start: () => 0, join: () => 0, joined() {}, end() {} };

/** @param resource the thread's or process's id in the trace. */
export const createBodyTrace: (resource: number) => BodyTrace = traced
  ? (resource) => new RecordedBodyTrace(resource)
  : () => NO_TRACE;

class RecordedBodyTrace implements BodyTrace {
  readonly #resource: number;
  /** The task that started the body. */
  #starter = 0;
  #token = 0;

  constructor(resource: number) {
    this.#resource = resource;
  }

  start(): number {
    this.#token = recorder.nextId();
    this.#starter = bridge.currentId();
    this.#recordLink('send');
    return this.#token;
  }

  join(): number {
    return bridge.currentId();
  }

  joined(joiner: number): void {
    recorder.write(KIND.get, 0, joiner, this.#resource, 0, 0, 0);
  }

  end(hasAnswered: boolean): void {
    if (hasAnswered) this.#recordLink('receive');
    recorder.write(KIND.put, 0, 0, this.#resource, 1, 0, 0);
    recorder.write(KIND.resourceEnd, 0, 0, this.#resource, 0, 0, 0);
  }

  /** One link goes to the body, and one comes back with its result. */
  #recordLink(way: 'send' | 'receive'): void {
    recordLink(way, way === 'send' ? 'spawn' : 'result', this.#starter, {
      token: this.#token,
      pid: process.pid,
      resource: this.#resource,
      attempt: 0,
    });
  }
}
