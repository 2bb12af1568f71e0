/**
 * A request that puts something in the place of what is there was answered after one to the same
 * address that had been sent later: nobody knows which of them stays. What the server made of them
 * the agent has not seen.
 *
 * Refuted by a server that drops the older one by its version or time.
 */
import { FACT } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';

const MAX_FINDINGS = 10;
const MAX_TASKS = 20;
/** What is sent together has no order. */
const MIN_APART_US = 5000;

interface Overtaken {
  readonly older: Fact;
  readonly newer: Fact;
}

export function overtakenSaves(trace: Trace): Omit<Finding, 'rule'>[] {
  const bySite = new Map<string, Overtaken[]>();
  let newer: Fact | null = null;
  for (const fact of trace.facts) {
    if (fact.what === FACT['overtaking-save']) newer = fact;
    if (fact.what !== FACT['overtaken-save'] || newer === null || newer.process !== fact.process) continue;
    const site = placeOf(trace, fact);
    if (site < 0 || fact.amount < MIN_APART_US) continue;
    const key = `${fact.process} ${site}`;
    const known = bySite.get(key);
    if (known === undefined) bySite.set(key, [{ older: fact, newer }]);
    else known.push({ older: fact, newer });
  }
  return [...bySite.values()].slice(0, MAX_FINDINGS).map((all) => findingOf(trace, all));
}

/** Of a request whose line is not known: its task's function. */
const placeOf = ({ tasks }: Trace, { site, task }: Fact): number =>
  site >= 0 || task < 0 ? site : tasks.site[task]!;

/** @param all of one line, at least one */
function findingOf(trace: Trace, all: readonly Overtaken[]): Omit<Finding, 'rule'> {
  const [{ older, newer }] = all as [Overtaken, ...Overtaken[]];
  const [site, second] = [placeOf(trace, older), placeOf(trace, newer)];
  const who = (task: number): SentencePart => (task < 0 ? 'the program' : taskPart(trace, trace.rowOf(task)));
  const words: SentencePart[] = [
    `The ${older.text} of `,
    who(older.task),
    ' at ',
    sitePart(trace, site),
    ' was answered after that of ',
    older.task === newer.task ? 'the same task' : who(newer.task),
    ...(second === site || second < 0 ? [] : [' at ', sitePart(trace, second)]),
    `, which had gone to the same address ${duration(older.amount * 1000)} later`,
    all.length > 1 ? ` (and so ${count(all.length - 1, 'other time')})` : '',
    ': the older one may overwrite the newer. ',
    'Let one begin when the last has ended, with the newest content, or abort the older request.',
  ];
  const rows = all.flatMap((each) => [each.older.task, each.newer.task]).filter((task) => task >= 0);
  return {
    severity: 'warning',
    words: words.filter((part) => part !== ''),
    sites: [...new Set([site, second])].filter((known) => known >= 0),
    tasks: [...new Set(rows.map((task) => trace.rowOf(task)))].slice(0, MAX_TASKS),
    t: all.at(-1)!.older.t,
    sinceNs: older.t,
    isWrong: true,
    events: all.flatMap((each) => [each.newer.event, each.older.event]),
  };
}
