/**
 * A child of a Python program that can write no more: the pipe of its output is full, and the
 * program, which would read it, stands in a write to the child, in a read of another of its pipes,
 * or waits for its end. The agent looked into the pipe when that wait began, or when Ctrl-C came.
 */
import { FACT } from '../format/kinds.ts';
import { openNs, openWaits } from '../model/open-waits.ts';
import type { Fact, Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { describeTarget, describeWaitSite } from '../words/wait.ts';
import type { Finding } from './finding.ts';

const MIN_WAIT_NS = 1e9;
/** The fact is written before the wait begins. */
const MAX_APART_NS = 5e6;

/** @param rule the name of the rule that says so */
export function fullPipes(trace: Trace, rule: string): Finding[] {
  const facts = trace.facts.filter(({ what }) => what === FACT['pipe-full']);
  if (facts.length === 0) return [];
  const waits = openWaits(trace).filter((wait) => openNs(trace, wait) >= MIN_WAIT_NS);
  const found = new Map<string, Finding>();
  for (const fact of facts) {
    const wait = waits.find((each) => isOf(trace, each, fact));
    const key = `${fact.process} ${fact.text}`;
    if (wait !== undefined && !found.has(key)) found.set(key, findingOf(trace, fact, wait, rule));
  }
  return [...found.values()];
}

function isOf(trace: Trace, { row, startNs }: Wait, { task, site, t }: Fact): boolean {
  if (task < 0 || trace.rowOf(task) !== row) return false;
  return site < 0 ? startNs <= t : Math.abs(startNs - t) < MAX_APART_NS;
}

function findingOf(trace: Trace, fact: Fact, wait: Wait, rule: string): Finding {
  const [pipe = '', name = '', pid = ''] = fact.text.split('|');
  const words: SentencePart[] = [`The child process ${name === '' ? pid : `\`${name}\``}`];
  if (fact.called >= 0) words.push(', made at ', sitePart(trace, fact.called), ',');
  words.push(
    ` can write no more: its ${pipe} is full, ${count(fact.amount, 'byte')} that nobody reads, and `,
    taskPart(trace, wait.row),
    ' waits meanwhile',
    ...describeWaitSite(trace, wait),
    ...describeTarget(trace, wait),
    '. `communicate()` writes, reads and waits at once; else read in a thread of its own.',
  );
  return {
    rule,
    severity: 'error',
    words,
    sites: [wait.site, fact.called].filter((site) => site >= 0),
    tasks: [wait.row],
    t: fact.t,
    sinceNs: wait.startNs,
    explainsEnd: true,
    events: [fact.event],
  };
}
