/**
 * The process came to its end while a task waited, and a timer that this task had set was still to
 * come: it was unref-ed, so it did not keep the process alive.
 *
 * A timer that somebody else set is no explanation: libraries unref the timers of their
 * housekeeping. So the task that made the timer, or one that called it, must be the one that waits.
 * It is refuted where the timer's callback could not have woken the task; that the process would
 * have gone on until then stays true.
 */
import { FACT, LANE_END, LANGUAGE, OUTCOME, PROCESS_END, RESOURCE_KIND } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import { resourceOfTarget } from '../model/state.ts';
import { terminatedWith } from '../model/times-so-far.ts';
import type { Fact, Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import { describeTarget, describeWaitSite } from '../words/wait.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const unrefTimer: Rule = {
  name: 'unref-timer',
  description: 'The program ended before a timer that was unref-ed, for which a task waited.',
  start: (trace): RuleRun => ({ findings: () => findingsOf(trace) }),
};

const MAX_CALLERS = 50;

function findingsOf(trace: Trace): Finding[] {
  const timers = trace.facts.filter(({ what }) => what === FACT['unref-timer']);
  const findings: Finding[] = [];
  const waits = openWaits(trace).filter(
    ({ row }) =>
      trace.processes[trace.tasks.process[row]!]!.endKind === PROCESS_END.exit &&
      // Python has no such timers.
      trace.processes[trace.tasks.process[row]!]!.language !== LANGUAGE.python &&
      terminatedWith(trace, row) === null &&
      // A thread that calls for its own end leaves all timers behind.
      trace.lanes[trace.tasks.lane[row]!]!.endKind !== LANE_END.called,
  );
  for (const wait of waits) {
    const timer = timers.find((fact) => fact.site >= 0 && isSetFor(trace, fact, wait.row));
    if (timer !== undefined) findings.push(findingOf(trace, wait, timer));
    else if (isForTimer(trace, wait)) findings.push(awaitedTimer(trace, wait));
  }
  return findings;
}

/** It waits for a timer's own promise: a timer that counted would have kept the process alive. */
const isForTimer = (trace: Trace, { target }: Wait): boolean =>
  trace.resources[resourceOfTarget(target)]?.kind === RESOURCE_KIND.timer;

/** The row, or what it called, made the timer. A function that failed waits for nothing. */
function isSetFor(trace: Trace, { task }: Fact, row: number): boolean {
  let caller = task;
  if (task >= 0 && trace.tasks.outcome[task] === OUTCOME.error) return false;
  for (let i = 0; caller >= 0 && i < MAX_CALLERS; i++) {
    if (trace.rowOf(caller) === row) return true;
    caller = trace.tasks.parent[caller]!;
  }
  return false;
}

function awaitedTimer(trace: Trace, wait: Wait): Finding {
  return {
    rule: unrefTimer.name,
    severity: 'error',
    words: [
      taskPart(trace, wait.row),
      ' still waited',
      ...describeWaitSite(trace, wait),
      ...describeTarget(trace, wait),
      ' when the process ended: that timer was unref-ed and did not keep it alive.',
      ' Leave out ref: false, and the process goes on until it comes.',
    ],
    sites: wait.site >= 0 ? [wait.site] : [],
    tasks: [wait.row],
    t: trace.endNs,
    explainsEnd: true,
  };
}

function findingOf(trace: Trace, wait: Wait, { site, text, t }: Fact): Finding {
  return {
    rule: unrefTimer.name,
    severity: 'error',
    words: [
      `${text} (`,
      sitePart(trace, site),
      ') was unref-ed and did not keep the process alive: it ended while ',
      taskPart(trace, wait.row),
      ' still waited',
      ...describeWaitSite(trace, wait),
      ...describeTarget(trace, wait),
      '. Without unref() the process would have gone on until that timer came.',
    ],
    sites: [...new Set([site, wait.site])].filter((known) => known >= 0),
    tasks: [wait.row],
    t,
    explainsEnd: true,
  };
}
