/**
 * A Python process came to its end while a daemon thread, or a task whose loop had been stopped,
 * was in the middle of something: it waited for a timer or for I/O, which would have come. What it
 * had to do after that was not done. Information: what beats time may be cut off at any moment.
 */
import { ACTIVATION_KIND, FACT, LANGUAGE, PROCESS_END, REASON, numberSet } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { sitePart, taskList } from '../words/parts.ts';
import { describeTarget } from '../words/wait.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';

const WOULD_COME = numberSet(REASON, 'timer', 'io');
const MAX_FINDINGS = 10;

/** " after their event loop had been stopped (a.py:26, SIGTERM)": of tasks of asyncio. */
function describeStop(trace: Trace, row: number): SentencePart[] {
  const { kind, process } = trace.tasks;
  if (kind[row] !== ACTIVATION_KIND['asyncio-task']) return [];
  const stop = trace.facts.findLast(
    (fact) => fact.what === FACT['loop-stopped'] && fact.process === process[row],
  );
  if (stop === undefined || stop.site < 0) return [];
  return [
    ' after the event loop had been stopped (',
    sitePart(trace, stop.site),
    stop.text === '' ? ')' : `, ${stop.text})`,
  ];
}

/** @param rule the name of the rule that says so */
export function cutOffWaits(trace: Trace, rule: string): Finding[] {
  const bySite = new Map<number, Wait[]>();
  for (const wait of openWaits(trace)) {
    const { language, endKind } = trace.processes[trace.tasks.process[wait.row]!]!;
    if (language !== LANGUAGE.python || endKind !== PROCESS_END.exit || !WOULD_COME.has(wait.reason))
      continue;
    const waits = bySite.get(wait.site);
    if (waits === undefined) bySite.set(wait.site, [wait]);
    else waits.push(wait);
  }
  return [...bySite].slice(0, MAX_FINDINGS).map(([site, waits]): Finding => {
    const rows = waits.map(({ row }) => row);
    const [first] = waits as [Wait];
    return {
      rule,
      severity: 'info',
      words: [
        ...taskList(trace, rows),
        `${rows.length === 1 ? ' was' : ' were'} cut off`,
        ...(site < 0 ? [] : [' at ', sitePart(trace, site)]),
        ...describeStop(trace, first.row),
        `: the process ended while ${rows.length === 1 ? 'it' : 'they'} waited`,
        ...describeTarget(trace, first),
        ', and what was to come after that was not done.',
      ],
      sites: site < 0 ? [] : [site],
      tasks: rows,
      t: trace.endNs,
      explainsEnd: true,
    };
  });
}
