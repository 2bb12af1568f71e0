/**
 * Requests whose client went before they had an answer. Where the program still worked for one when
 * that happened, nobody is left to answer; where it had done all that it was going to do, the
 * answer was forgotten, and the client may have gone for just that.
 *
 * The work for a request are the activation that began right behind it and all that this began. The
 * agent told when the request came, when its client went, and that it has no answer.
 */
import { ACTIVATION_KIND, FACT, numberSet, REASON } from '../format/kinds.ts';
import { openWaitOf } from '../model/open-waits.ts';
import { State } from '../model/state.ts';
import { type Fact, REQUEST_RESOURCE_NAME, type Trace } from '../model/trace.ts';

/** What comes by itself. */
const WILL_COME = numberSet(REASON, 'timer', 'io');
const MAX_CLIMB = 50;

/** The requests that need no answer any more: facts of `never-answered`. */
export function requestsOfLeftClients(trace: Trace): ReadonlySet<Fact> {
  const left = new Set<Fact>();
  const last = new Map<number, Fact>();
  for (const fact of trace.facts) {
    const { process, what, t } = fact;
    const request = last.get(process);
    const isOfRequest = request?.what === FACT['never-answered'] && request.t === t;
    if (what === FACT['client-left'] && isOfRequest && wasAtWork(trace, fact)) left.add(request);
    last.set(process, fact);
  }
  return left;
}

/** Of a request that came and whose client went as the fact says. */
function wasAtWork(trace: Trace, { process, text, amount, t }: Fact): boolean {
  const [beganNs, leftNs] = [t - (Number(text) + 1) * 1000, t - amount * 1000];
  const { tasks } = trace;
  const handler = handlerOf(trace, process, beganNs, leftNs);
  if (handler < 0) return false;
  let wasAtWork = false;
  for (let row = handler; row < tasks.count; row++) {
    if (tasks.process[row] !== process || !isBegunBy(trace, row, handler)) continue;
    if (tasks.state[row] !== State.ended) {
      const wait = openWaitOf(trace, row);
      if (wait !== null && !WILL_COME.has(wait.reason)) return false;
    }
    wasAtWork ||= tasks.state[row] !== State.ended || tasks.endedNs[row]! > leftNs;
  }
  return wasAtWork;
}

/** −1: none is known. */
function handlerOf(trace: Trace, process: number, fromNs: number, toNs: number): number {
  const { tasks } = trace;
  let found = -1;
  for (let row = 0; row < tasks.count; row++) {
    const began = tasks.beganNs[row]!;
    if (tasks.process[row] !== process || began < fromNs || began > toNs) continue;
    if (!isHandler(trace, row)) continue;
    if (found < 0 || began < tasks.beganNs[found]!) found = row;
  }
  return found;
}

function isHandler({ tasks, resources }: Trace, row: number): boolean {
  if (resources[tasks.resource[row]!]?.name === REQUEST_RESOURCE_NAME) return true;
  return tasks.parent[row]! < 0 && tasks.kind[row] === ACTIVATION_KIND['event-callback'];
}

function isBegunBy({ tasks }: Trace, row: number, handler: number): boolean {
  let at = row;
  for (let i = 0; at > handler && i < MAX_CLIMB; i++) at = tasks.parent[at]!;
  return at === handler;
}
