/**
 * A process of Python's that reads a pipe to its end, and has the other end open itself: while it
 * has, no `EOFError` comes. The agent saw both ends in the process, and that it sent nothing.
 * Said of a long wait, where all other processes had ended before, or wait for the end of another.
 */
import { ACTIVATION_KIND, FACT, REASON } from '../format/kinds.ts';
import { resourceOfTarget } from '../model/state.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { duration } from '../words/duration.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { inFunction } from '../words/wait.ts';
import type { Finding } from './finding.ts';
import { type LongWait, WaitsToTheEnd } from './waits-to-the-end.ts';

const MIN_WAIT_NS = 1e9;

export class OwnEnds extends WaitsToTheEnd {
  readonly #trace: Trace;

  constructor(trace: Trace) {
    super(trace);
    this.#trace = trace;
  }

  /** @param rule the name of the rule that says so */
  findings(rule: string): Finding[] {
    const trace = this.#trace;
    const facts = trace.facts.filter(({ what, task }) => what === FACT['own-end-open'] && task >= 0);
    if (facts.length === 0) return [];
    const waits = this.longerThan(MIN_WAIT_NS);
    return waits.flatMap((wait): Finding[] => {
      if (wait.reason !== REASON.io || resourceOfTarget(wait.target) < 0) return [];
      const fact = facts.findLast(({ task, site }) => trace.rowOf(task) === wait.row && site === wait.site);
      return fact === undefined || !isAlone(trace, wait, waits) ? [] : [findingOf(trace, rule, wait, fact)];
    });
  }
}

/** Nobody else is left who would send: it ended, or waits for the end of another. */
function isAlone({ tasks, processes }: Trace, wait: LongWait, waits: readonly LongWait[]): boolean {
  const own = tasks.process[wait.row]!;
  const t = wait.startNs + wait.forNs - MIN_WAIT_NS / 2;
  if (processes.length < 2) return false;
  return processes.every(({ index, endNs }) => {
    if (index === own || (endNs !== null && endNs <= t)) return true;
    const its = waits.filter(({ row }) => tasks.process[row] === index);
    return its.length > 0 && its.every(({ reason }) => reason === REASON.join);
  });
}

function findingOf(trace: Trace, rule: string, wait: LongWait, { text, called }: Fact): Finding {
  const isChild = trace.tasks.kind[wait.row] === ACTIVATION_KIND.process;
  const words: SentencePart[] = [
    taskPart(trace, wait.row),
    ` has waited for ${duration(wait.forNs)} at `,
    sitePart(trace, wait.site),
    inFunction(trace, wait.row, wait.site),
    ' for more from ',
    resourcePart(trace, resourceOfTarget(wait.target)),
    ', and gets no end of it: the same process has the other end',
    ...(text === '' ? [] : [`, ${text},`]),
    ' open itself and sends nothing',
    ...(called < 0 ? [] : [' (made at ', sitePart(trace, called), ')']),
    `; nobody else is left to send. Close ${text === '' ? 'it' : `\`${text}\``} `,
    isChild ? 'as the first thing in that process.' : 'in this process once the other one has been started.',
  ];
  return {
    rule,
    severity: 'error',
    words,
    sites: [wait.site, called].filter((site) => site >= 0),
    tasks: [wait.row],
    t: wait.startNs,
    sinceNs: wait.startNs,
    explainsEnd: true,
  };
}
