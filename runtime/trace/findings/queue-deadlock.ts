/**
 * A process of Python's cannot end before what it put into a multiprocessing.Queue has been read,
 * and the one that would read it waits for its end first. Or it waits for more work, and the one
 * that gave it work waits for its end. Both waits are recorded; another reader, or another giver,
 * would have ended them: of the second it is said only where nobody is left that could.
 */
import type { LevelChange } from '../fold/observer.ts';
import { LINK_KIND, LINK_WAY, numberSet, REASON, RESOURCE_KIND } from '../format/kinds.ts';
import type { LinkEnd } from '../model/links.ts';
import { resourceOfTarget, State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { Finding } from './finding.ts';
import { LentItems } from './lent-items.ts';
import { WaitsToTheEnd } from './waits-to-the-end.ts';

const MIN_WAIT_NS = 1e9;
const INTERNAL = numberSet(REASON, 'queue-get', 'task', 'group', 'join');
const MAX_FINDINGS = 10;

export class QueueDeadlocks extends WaitsToTheEnd {
  readonly #trace: Trace;
  readonly #items: LentItems;
  /** By the resource of a process: its pid. */
  readonly #pids = new Map<number, number>();

  constructor(trace: Trace) {
    super(trace);
    this.#trace = trace;
    this.#items = new LentItems(trace);
  }

  levelChanged(change: LevelChange): void {
    this.#items.levelChanged(change);
  }

  /** Another rule tells who has not put back what it took. */
  readonly #isLost = ({ target }: Wait): boolean => this.#items.lostOf(resourceOfTarget(target)).length > 0;

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
        const ofChild = waits.filter((other) => pidOf(this.#trace, other) === pid);
        const putting = ofChild.find((other) => isPut(this.#trace, other));
        if (putting !== undefined) return findingOf(this.#trace, rule, wait, putting);
        const taking = ofChild.find((other) => isGet(this.#trace, other));
        const isStill =
          taking !== undefined && !this.#isLost(taking) && waitsForEachOther(this.#trace, waits);
        return isStill ? findingOf(this.#trace, rule, wait, taking) : [];
      })
      .slice(0, MAX_FINDINGS);
  }
}

const pidOf = ({ processes, tasks }: Trace, { row }: Wait): number => processes[tasks.process[row]!]!.pid;

const isPut = ({ resources }: Trace, { reason, target }: Wait): boolean =>
  reason === REASON['queue-put'] && resources[resourceOfTarget(target)]?.kind === RESOURCE_KIND.queue;

const isGet = ({ resources }: Trace, { reason, target }: Wait): boolean =>
  reason === REASON['queue-get'] && resources[resourceOfTarget(target)]?.kind === RESOURCE_KIND.queue;

/** Whether all that goes on in any process waits for an item, a task or the end of another. */
function waitsForEachOther(trace: Trace, waits: readonly Wait[]): boolean {
  const { tasks } = trace;
  const waiting = new Set(waits.filter(({ reason }) => INTERNAL.has(reason)).map(({ row }) => row));
  for (let row = 0; row < tasks.count; row++) {
    const isOpen = tasks.frameOf[row]! < 0 && tasks.rowState[row] !== State.ended;
    if (isOpen && !waiting.has(row)) return false;
  }
  return true;
}

/** What the child does with the queue, and what ends it, in words. */
interface Standing {
  readonly before: string;
  readonly after: string;
}

const PUTS: Standing = {
  before: ' to end, which cannot end before what it put',
  after: ' has been read: a deadlock. Take it from the queue first, then join.',
};
const TAKES: Standing = {
  before: ' to end, which waits',
  after:
    ' that nobody is left to put: a deadlock. Put a mark for the end, one for each worker, before the join.',
};

function findingOf(trace: Trace, rule: string, wait: Wait, child: Wait): Finding {
  const isPutting = isPut(trace, child);
  const { before, after } = isPutting ? PUTS : TAKES;
  return {
    rule,
    severity: 'error',
    words: [
      taskPart(trace, wait.row),
      ' waits',
      ...(wait.site >= 0 ? [' at ', sitePart(trace, wait.site)] : []),
      ' for ',
      taskPart(trace, child.row),
      before,
      ...(child.site >= 0 ? [' at ', sitePart(trace, child.site)] : []),
      isPutting ? ' into ' : ' for an item of ',
      resourcePart(trace, resourceOfTarget(child.target)),
      after,
    ],
    sites: [wait.site, child.site].filter((site) => site >= 0),
    tasks: [wait.row, child.row],
    t: wait.startNs,
    sinceNs: wait.startNs,
    explainsEnd: true,
  };
}
