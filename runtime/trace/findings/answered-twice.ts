/**
 * A request was answered that had its answer already: Node throws. Either the one function goes on
 * after its first answer, or it has lost a race: a time limit answered in its place, which stops
 * nothing. The agent saw both answers.
 */
import { ACTIVATION_KIND, FACT, numberSet } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const answeredTwice: Rule = {
  name: 'answered-twice',
  description: 'A request was answered that had been answered before.',
  start: (trace): RuleRun => ({ findings: () => findingsOf(trace) }),
};

const MAX_FINDINGS = 10;
/** Less than this is not worth a number. */
const MAX_AT_ONCE_US = 1000;
const UNCAUGHT = numberSet(FACT, 'unhandled', 'uncaught');

/** The lines at which requests were answered again, as keys of `lineOf`. */
export const secondAnswers = (trace: Trace): ReadonlySet<string> =>
  new Set(
    trace.facts.filter(({ what }) => what === FACT['answered-again']).map(({ site }) => lineOf(trace, site)),
  );

export function lineOf(trace: Trace, site: number): string {
  const place = trace.sites[site];
  return place === undefined ? '' : `${place.process} ${place.file}:${place.line}`;
}

const MENDS: Readonly<Record<string, string>> = {
  own: 'Return after the first answer.',
  ended:
    'The first answer stops nothing: look at `response.headersSent` before the second one, or stop the work with an AbortSignal.',
  open: 'An answer that has begun cannot become another one: look at `response.headersSent`, and end or destroy it.',
};

function findingsOf(trace: Trace): Finding[] {
  const byLines = new Map<string, Fact[]>();
  for (const fact of trace.facts) {
    if (fact.what !== FACT['answered-again'] || fact.site < 0 || fact.called < 0) continue;
    const key = `${lineOf(trace, fact.called)} ${lineOf(trace, fact.site)}`;
    const known = byLines.get(key);
    if (known === undefined) byLines.set(key, [fact]);
    else known.push(fact);
  }
  return [...byLines.values()].slice(0, MAX_FINDINGS).map((facts) => findingOf(trace, facts));
}

/** @param facts of the same two lines, at least one */
function findingOf(trace: Trace, facts: readonly Fact[]): Finding {
  const { task, site, called, text, amount, t } = facts[0]!;
  const row = task < 0 ? -1 : trace.rowOf(task);
  const ends = trace.facts.some((fact) => UNCAUGHT.has(fact.what) && isSameLine(trace, fact.site, site));
  const { fn = '' } = trace.sites[called] ?? {};
  const isTimer = fn.startsWith('Timeout.');
  const [how = '', status = ''] = text.split('|');
  const who: SentencePart = row < 0 ? 'The program' : taskPart(trace, row);
  const words: SentencePart[] = [
    who,
    ' answered at ',
    sitePart(trace, site),
    ' a request that ',
    isTimer ? 'a timer had answered at ' : 'had been answered at ',
    sitePart(trace, called),
    status === '' ? '' : ` with ${status}`,
    amount > MAX_AT_ONCE_US ? `, ${duration(amount * 1000)} before` : ' just before',
    facts.length > 1 ? ` (and so ${count(facts.length - 1, 'other time')})` : '',
    ': headers cannot be set after they are sent',
    ends ? ', and nobody handled that error. ' : '. ',
    MENDS[how] ?? '',
  ];
  const { kind } = trace.tasks;
  return {
    rule: answeredTwice.name,
    severity: ends ? 'error' : 'warning',
    words: words.filter((part) => part !== ''),
    sites: [site, called],
    tasks: row < 0 || kind[row] === ACTIVATION_KIND.module ? [] : [row],
    t,
    isWrong: true,
    events: facts.map(({ event }) => event),
  };
}

export const isSameLine = (trace: Trace, a: number, b: number): boolean =>
  a >= 0 && b >= 0 && lineOf(trace, a) === lineOf(trace, b);
