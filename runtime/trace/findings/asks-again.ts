/**
 * Threads of Python's that wait to enter what they are inside of already: the write side of a lock
 * whose read side they have, a second connection of a pool. The agent looked at the frames that
 * stood when Ctrl-C came: which `with` they were in, and of which object. Nobody else was inside of
 * it who could have let them go on. Part of the rule deadlock.
 */
import { FACT, numberSet, REASON } from '../format/kinds.ts';
import { openNs, openWaits } from '../model/open-waits.ts';
import type { Fact, Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count } from '../words/duration.ts';
import { sitePart, taskList, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { describeTarget, inFunction } from '../words/wait.ts';
import type { Finding } from './finding.ts';

const MIN_WAIT_NS = 1e9;
const MAX_FINDINGS = 10;
const MAX_NAMED = 4;
/** What somebody has who gives it back: not the network, nor a time. */
const GIVEN = numberSet(REASON, 'lock', 'semaphore', 'event', 'condition', 'queue-get', 'future');
const LOCKS = /(?:read|write|acquire|lock|enter|shared|exclusive|upgrade)\w*(?:\(\))?$/i;

/** @param rule the name of the rule that says so */
export function askedAgain(trace: Trace, rule: string): Finding[] {
  const facts = trace.facts.filter(({ what }) => what === FACT['asks-again']);
  if (facts.length === 0) return [];
  const waits = openWaits(trace).filter(
    (wait) => GIVEN.has(wait.reason) && openNs(trace, wait) >= MIN_WAIT_NS,
  );
  const found = new Map<string, { readonly fact: Fact; readonly waits: Set<Wait> }>();
  for (const fact of facts) {
    const key = `${lineOf(trace, fact.site)} ${lineOf(trace, fact.called)} ${fact.text}`;
    const own = waits.filter((wait) => isAt(trace, wait, fact));
    const same = found.get(key);
    if (same === undefined) found.set(key, { fact, waits: new Set(own) });
    else for (const wait of own) same.waits.add(wait);
  }
  return [...found.values()]
    .filter((each) => each.waits.size > 0 && isOfOneLock(each.fact))
    .slice(0, MAX_FINDINGS)
    .map((each) => findingOf(trace, each.fact, [...each.waits], rule));
}

/** Two methods of an object lead to the same lock where both are named so. */
function isOfOneLock({ text }: Fact): boolean {
  const [inner = '', , outer = '', , , , same] = text.split('|');
  return same === 'same' || (LOCKS.test(inner) && LOCKS.test(outer));
}

const lineOf = ({ sites }: Trace, site: number): string => `${sites[site]?.file}:${sites[site]?.line}`;

/** Of a thread that a pool made it is not known what it runs: its line tells. */
const isAt = (trace: Trace, { row, site }: Wait, fact: Fact): boolean =>
  fact.task >= 0
    ? trace.rowOf(fact.task) === row
    : trace.tasks.process[row] === fact.process && lineOf(trace, site) === lineOf(trace, fact.site);

function findingOf(trace: Trace, fact: Fact, waits: readonly Wait[], rule: string): Finding {
  const { called, text, t, event } = fact;
  const [inner = '', line = '', outer = '', innerFn = '', outerFn = '', kind = '', same = ''] =
    text.split('|');
  const [wait] = waits as readonly [Wait];
  const rows = [...new Set(waits.map(({ row }) => row))];
  const isOne = rows.length === 1;
  const isPool = same === 'same';
  const words: SentencePart[] =
    rows.length > MAX_NAMED ? [count(rows.length, 'thread')] : [...taskList(trace, rows)];
  if (isOne) words.splice(0, words.length, taskPart(trace, wait.row));
  words.push(isOne ? ' waits at ' : ' wait at ', sitePart(trace, wait.site));
  words.push(inFunction(trace, wait.row, wait.site));
  // What a pool waits for in itself is its own affair.
  if (!isPool) words.push(...describeTarget(trace, wait), ',');
  const isElsewhere = String(trace.sites[wait.site]?.line) !== line;
  words.push(
    ` to enter \`${inner}\``,
    ...(isElsewhere ? [` (line ${line} in ${innerFn})`] : []),
    `, ${isOne ? 'and is' : 'each'} inside \`${outer}\` of the same ${kind} since `,
    sitePart(trace, called),
    ` in ${outerFn}`,
    isPool
      ? `: ${isOne ? 'it' : 'each'} has one and waits for another, and no one else has one to give back, a deadlock.`
      : ': it waits for itself, a deadlock.',
    isPool
      ? ` Ask for it before, or hand on the one that ${outerFn} has.`
      : ` Give it back before ${innerFn} is called.`,
  );
  return {
    rule,
    severity: 'error',
    words,
    sites: [wait.site, called].filter((site) => site >= 0),
    tasks: rows,
    t,
    sinceNs: wait.startNs,
    explainsEnd: true,
    events: [event],
  };
}
