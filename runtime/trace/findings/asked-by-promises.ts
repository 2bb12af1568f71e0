/**
 * A list was filtered, searched or sorted by an async function. What that returns is a promise,
 * which counts as true whatever it comes to: all pass, the first is found, nothing is sorted. The
 * agent saw what the call gave.
 */
import { FACT } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { sitePart } from '../words/parts.ts';
import type { Finding } from './finding.ts';

const MAX_FINDINGS = 10;

export function askedByPromises(trace: Trace, rule: string): Finding[] {
  const bySite = new Map<string, Fact>();
  for (const fact of trace.facts) {
    const key = `${fact.process} ${fact.site}`;
    if (fact.what === FACT['async-predicate'] && !bySite.has(key)) bySite.set(key, fact);
  }
  return [...bySite.values()].slice(0, MAX_FINDINGS).map((fact) => findingOf(trace, rule, fact));
}

function findingOf(trace: Trace, rule: string, { site, text, amount, task, t, event }: Fact): Finding {
  const method = text.replace(/^.*\./, '');
  return {
    rule,
    severity: 'warning',
    words: [
      `\`${text}\` at `,
      sitePart(trace, site),
      ' was given an async function: what it gets from that are promises, ',
      outcomeOf(method, amount),
      ' Await the answers first (`Promise.all` of a `map`), and then ',
      /ort/.test(method) ? 'sort by them.' : `${method === 'filter' ? 'filter' : 'look'} by them.`,
    ],
    sites: [site],
    tasks: task < 0 ? [] : [trace.rowOf(task)],
    t,
    isWrong: true,
    events: [event],
  };
}

function outcomeOf(method: string, amount: number): string {
  if (/ort/.test(method)) return 'which say nothing of the order: nothing was sorted.';
  if (method === 'filter')
    return `which count as true: ${amount === 1 ? 'the one there is has passed' : `all ${amount} have passed`}.`;
  const came = method.startsWith('find') ? 'the first is always found' : 'the answer is always true';
  return `which count as true: ${came}.`;
}
