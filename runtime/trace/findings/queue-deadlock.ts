/**
 * A process of Python's cannot end before what it put into a multiprocessing.Queue has been read,
 * and the one that would read it waits for its end first. Both waits are recorded; another reader
 * would have ended them.
 */
import { LINK_KIND, LINK_WAY, REASON, RESOURCE_KIND } from '../format/kinds.ts';
import type { LinkEnd } from '../model/links.ts';
import { resourceOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { Finding } from './finding.ts';
import { WaitsToTheEnd } from './waits-to-the-end.ts';

const MIN_WAIT_NS = 1e9;
const MAX_FINDINGS = 10;

export class QueueDeadlocks extends WaitsToTheEnd {
  readonly #trace: Trace;
  /** By the resource of a process: its pid. */
  readonly #pids = new Map<number, number>();

  constructor(trace: Trace) {
    super(trace);
    this.#trace = trace;
  }

  linkEndRead({ way, kind, token, resource }: LinkEnd): void {
    if (way === LINK_WAY.send && kind === LINK_KIND.spawn && resource >= 0) this.#pids.set(resource, token);
  }

  /** @param rule the name of the rule that says so */
  findings(rule: string): Finding[] {
    if (this.#pids.size === 0) return [];
    const waits = this.longerThan(MIN_WAIT_NS);
    return waits
      .flatMap((wait) => {
        const pid = this.#pids.get(resourceOfTarget(wait.target));
        if (wait.reason !== REASON.join || pid === undefined) return [];
        const child = waits.find((other) => isPut(this.#trace, other) && pidOf(this.#trace, other) === pid);
        return child === undefined ? [] : findingOf(this.#trace, rule, wait, child);
      })
      .slice(0, MAX_FINDINGS);
  }
}

const pidOf = ({ processes, tasks }: Trace, { row }: Wait): number => processes[tasks.process[row]!]!.pid;

const isPut = ({ resources }: Trace, { reason, target }: Wait): boolean =>
  reason === REASON['queue-put'] && resources[resourceOfTarget(target)]?.kind === RESOURCE_KIND.queue;

function findingOf(trace: Trace, rule: string, wait: Wait, child: Wait): Finding {
  return {
    rule,
    severity: 'error',
    words: [
      taskPart(trace, wait.row),
      ' waits',
      ...(wait.site >= 0 ? [' at ', sitePart(trace, wait.site)] : []),
      ' for ',
      taskPart(trace, child.row),
      ' to end, which cannot end before what it put',
      ...(child.site >= 0 ? [' at ', sitePart(trace, child.site)] : []),
      ' into ',
      resourcePart(trace, resourceOfTarget(child.target)),
      ' has been read: a deadlock. Take it from the queue first, then join.',
    ],
    sites: [wait.site, child.site].filter((site) => site >= 0),
    tasks: [wait.row, child.row],
    t: wait.startNs,
    sinceNs: wait.startNs,
    explainsEnd: true,
  };
}
