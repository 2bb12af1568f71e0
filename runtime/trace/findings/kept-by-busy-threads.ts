/**
 * A Python process whose own code was over, and which went on for threads that are no daemons and
 * do something again and again: a loop with a pause, a `threading.Timer` that begins the next one.
 * The agent told when the main thread was over and which threads it waited for; somebody had to end
 * the process. What would refute it: the program was meant to go on.
 */
import { ACTIVATION_KIND, FACT } from '../format/kinds.ts';
import { State } from '../model/state.ts';
import type { Process, Trace } from '../model/trace.ts';
import { duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';
import { interruptOf } from './interrupt.ts';

/** What goes on for less may be about to end. */
const MIN_NS = 1e9;
const MAX_OTHERS = 20;

/**
 * @param interruptedNs when Ctrl-C reached the process; null: it did not
 * @param rule the name of the rule that says so
 */
export function keptByBusyThreads(
  trace: Trace,
  process: Process,
  interruptedNs: number | null,
  rule: string,
): Finding | null {
  const interrupt =
    interruptedNs === null ? interruptOf(trace, process) : { t: interruptedNs, signal: 'Ctrl-C' };
  const ended = trace.facts.filter(
    ({ what, process: of, task }) => what === FACT['main-ended'] && of === process.index && task >= 0,
  );
  const [first] = ended;
  if (interrupt === null || first === undefined || trace.losses.hasAny(process.index)) return null;
  if (interrupt.t - first.t < MIN_NS) return null;
  // A timer of Python's is a thread, and the next one is a thread of the same function.
  const names = new Set(ended.map(({ task }) => trace.nameOf(task)));
  // What waits since then may come to its end with that wait.
  const hasGoneOn = (row: number): boolean => trace.tasks.rowSinceNs[row]! > first.t;
  const rows = livingThreads(trace, process).filter((row) => names.has(trace.nameOf(row)) && hasGoneOn(row));
  const [row] = rows;
  if (row === undefined) return null;
  const { site, leaf, state, waitSite } = trace.tasks;
  const begun = begunAt(trace, row);
  const at = leaf[row]!;
  const waits = state[at] === State.wait ? waitSite[at]! : -1;
  const words: SentencePart[] = [
    'The process did not end: ',
    taskPart(trace, row),
    ', a thread that is no daemon',
    ...(begun >= 0 ? [', begun at ', sitePart(trace, begun), ','] : []),
    ' went on',
    ...(waits >= 0 ? [' at ', sitePart(trace, waits)] : []),
    rows.length > 1 ? `, as did ${rows.length - 1} more,` : '',
    ` though the program’s own code had been over for ${duration(interrupt.t - first.t)} when `,
    `${interrupt.signal} came. Let it end, or make it a daemon.`,
  ];
  return {
    rule,
    severity: 'warning',
    words,
    sites: [begun, waits, site[row]!].filter((known) => known >= 0),
    tasks: rows.slice(0, MAX_OTHERS),
    t: first.t,
    sinceNs: first.t,
    explainsEnd: true,
  };
}

function livingThreads({ tasks }: Trace, { index }: Process): number[] {
  const rows: number[] = [];
  for (let row = 0; row < tasks.count; row++)
    if (
      tasks.kind[row] === ACTIVATION_KIND.thread &&
      tasks.process[row] === index &&
      tasks.rowState[row] !== State.ended
    )
      rows.push(row);
  return rows;
}

/** Where the thread was made; −1: not recorded. */
function begunAt(trace: Trace, row: number): number {
  const thread = trace.tasks.resource[row]!;
  return trace.resources[thread]?.site ?? -1;
}
