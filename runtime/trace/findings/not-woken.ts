/**
 * A signal handler of Python's made a task ready while its event loop slept, and the task is ready
 * ever since: nothing has woken the loop. Part of the rule wrong-thread, whose threads do the same.
 *
 * Refuted by whatever wakes the loop by chance: then the task goes on, and nothing is said.
 */
import { FACT } from '../format/kinds.ts';
import { nowOf } from '../model/known-until.ts';
import { State } from '../model/state.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { describeWaitSite } from '../words/wait.ts';
import type { Finding } from './finding.ts';

const MIN_READY_NS = 1e9;
const MAX_FINDINGS = 10;

/** @param rule the name of the rule that says so */
export const notWoken = (trace: Trace, rule: string): Finding[] =>
  trace.facts
    .filter((fact) => fact.what === FACT['not-woken'] && readyNs(trace, fact) >= MIN_READY_NS)
    .slice(0, MAX_FINDINGS)
    .map((fact) => findingOf(trace, fact, rule));

/** For how long its task has been ready since, and is so yet. */
function readyNs(trace: Trace, { task, t }: Fact): number {
  if (task < 0) return 0;
  const row = trace.rowOf(task);
  const { rowState, rowSinceNs } = trace.tasks;
  const isSame = Math.abs(rowSinceNs[row]! - t) < MIN_READY_NS;
  return rowState[row] === State.ready && isSame ? nowOf(trace, row) - t : 0;
}

function findingOf(trace: Trace, fact: Fact, rule: string): Finding {
  const { task, site, called, text, t, event } = fact;
  const row = trace.rowOf(task);
  const words: SentencePart[] = [`The signal handler \`${text}\``];
  if (called >= 0) words.push(' (put in at ', sitePart(trace, called), ')');
  words.push(' made ', taskPart(trace, row), ' ready');
  if (site >= 0) words.push(' at ', sitePart(trace, site));
  words.push(
    `, and nothing woke the event loop, which slept: ${duration(readyNs(trace, fact))} later the task has not gone on`,
    ...describeWaitSite(trace, { row, site: trace.tasks.waitSite[task]! }),
    '. `loop.add_signal_handler` runs the handler in the loop; else call `loop.call_soon_threadsafe` in it.',
  );
  return {
    rule,
    severity: 'error',
    words,
    sites: [site, called, trace.tasks.waitSite[task]!].filter((known) => known >= 0),
    tasks: [row],
    t,
    explainsEnd: true,
    events: [event],
  };
}
