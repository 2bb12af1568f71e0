/**
 * The main thread stood in `Atomics.wait` for a worker that had sent it a message meanwhile: the
 * message could be taken only after the wait, so neither could go on. What is known is that the
 * message was sent then, and that the wait ended by its timeout, or not at all. A wait that was
 * ended by `Atomics.notify` was no deadlock, whatever was sent.
 */
import { FACT, HOLD, LANE_KIND } from '../format/kinds.ts';
import type { Hold } from '../model/holds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { duration } from '../words/duration.ts';
import { sitePart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';

const MIN_NS = 100e6;
const CALLEE = 'Atomics.wait';
const UNTAKEN = FACT['untaken-message'];

/** @param rule the name of the rule that says so */
export const threadDeadlocks = (trace: Trace, rule: string): Finding[] =>
  deadlocksOf(trace).map((found) => findingOf(trace, found, rule));

interface Deadlock {
  readonly wait: Hold;
  readonly message: Fact;
}

function deadlocksOf(trace: Trace): Deadlock[] {
  const messages = trace.facts.filter(({ what }) => what === UNTAKEN);
  if (messages.length === 0) return [];
  const found: Deadlock[] = [];
  for (const wait of waitsOf(trace)) {
    const { process } = trace.lanes[wait.lane]!;
    const untaken = messages.filter(
      ({ t, site }) => trace.sites[site]?.process === process && t >= wait.sinceNs && t <= wait.untilNs,
    );
    if (untaken.length > 0) found.push({ wait, message: untaken[0]! });
  }
  return found;
}

/** Whether what held a lane over a stretch is told as a deadlock. */
export function isDeadlocked(trace: Trace, lane: number, sinceNs: number, untilNs: number): boolean {
  return deadlocksOf(trace).some(
    ({ wait }) => wait.lane === lane && wait.sinceNs < untilNs && wait.untilNs > sinceNs,
  );
}

/** The waits of main threads that timed out, and those that were seen and have no end. */
function waitsOf(trace: Trace): Hold[] {
  const waits: Hold[] = [];
  const open = new Map<number, Hold>();
  for (const hold of trace.holds) {
    if (hold.callee !== CALLEE || trace.lanes[hold.lane]!.kind !== LANE_KIND.main) continue;
    if (hold.kind === HOLD.call) {
      open.delete(hold.lane);
      if (hold.hasTimedOut && hold.ns >= MIN_NS) waits.push(hold);
    } else if (hold.kind === HOLD.sampled) {
      const former = open.get(hold.lane);
      const sinceNs = former?.sinceNs ?? hold.sinceNs;
      open.set(hold.lane, { ...hold, sinceNs, ns: hold.untilNs - sinceNs });
    }
  }
  return [...waits, ...[...open.values()].filter(({ ns }) => ns >= MIN_NS)];
}

function findingOf(trace: Trace, { wait, message }: Deadlock, rule: string): Finding {
  const { site, sinceNs, untilNs, ns, task, from } = wait;
  const fn = trace.sites[site]!.fn;
  const words: SentencePart[] = [
    fn === '' || fn === '<anonymous>' ? 'The main thread' : `\`${fn}\``,
    ` stood in ${CALLEE} at `,
    sitePart(trace, site),
    ` for ${duration(ns)}${wait.hasTimedOut ? ', until its timeout' : ' and did not come back'}`,
    ': the worker that it waited for sent it a message at ',
    sitePart(trace, message.site),
    ', which it could not take meanwhile.',
    ' Atomics.waitAsync lets the loop turn; or let another thread answer the worker.',
  ];
  return {
    rule,
    severity: 'error',
    words,
    sites: from >= 0 ? [site, from, message.site] : [site, message.site],
    tasks: task >= 0 ? [trace.rowOf(task)] : [],
    t: untilNs,
    sinceNs,
    explainsEnd: true,
    gainNs: ns,
  };
}
