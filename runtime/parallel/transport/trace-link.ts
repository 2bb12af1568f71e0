/**
 * How both ends of a worker record that they belong together: a link from the task that asked to
 * the activation that answers, and back. Call these functions only when traced.
 */
import { recorder } from '../../tasks/core/trace.ts';
import { KIND, LINK_KIND, LINK_WAY } from '../../trace/format/kinds.ts';

/** `job` is a pool's call, as the record's format names it. */
export type LinkKind = 'spawn' | 'job' | 'result';

/** What both ends of a link have in common. */
export interface Link {
  /** An id of the process that made it. */
  readonly token: number;
  /** Of the process that made the token. */
  readonly pid: number;
  /** Id of the pool, thread or process in the recording process; 0 when it has none there. */
  readonly resource: number;
  /** How often the call was started before; 0 for a thread's or process's body. */
  readonly attempt: number;
}

/** Records one end of a link. @param task who sends or receives. */
export function recordLink(way: 'send' | 'receive', kind: LinkKind, task: number, link: Link): void {
  const flags = LINK_WAY[way] | (LINK_KIND[kind] << 4);
  recorder.write(KIND.link, flags, task, link.token, link.pid, link.resource, link.attempt);
}

/** The error of an activation that ended its worker, or was ended with it: an id of its text. */
export const recordWorkerExitText = (exit: string): number =>
  recorder.defineText(`the end of its worker (${exit})`);
