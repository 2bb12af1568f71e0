/**
 * A map of a pool of processes whose function brings much along, as the arguments of a partial:
 * all of it is pickled and sent with each chunk, which took longer than the work. What was sent,
 * and how long that took, the agent has measured.
 */
import { FACT } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';

const MIN_BYTES = 100e3;
const MIN_SENT_NS = 50e6;
const MAX_FINDINGS = 10;

/**
 * @param rule the name of the rule that says so
 * @param ranNs how long the calls of a function ran in the workers
 */
export function sentWithEach(trace: Trace, rule: string, ranNs: (name: string) => number): Finding[] {
  const bySite = new Map<string, Fact>();
  for (const fact of trace.facts)
    if (fact.what === FACT['sent-with-each']) bySite.set(`${fact.process} ${fact.site}`, fact);
  return [...bySite.values()].slice(0, MAX_FINDINGS).flatMap((fact): Finding[] => {
    const { site, text, amount, t } = fact;
    const [name = '', argument = '', chunks = '0', us = '0'] = text.split('|');
    const sentNs = Number(us) * 1e3;
    const workNs = ranNs(name);
    if (amount < MIN_BYTES || sentNs < MIN_SENT_NS || workNs > sentNs) return [];
    const words: SentencePart[] = [
      argument === '' ? 'What belongs to the function' : `\`${argument}\``,
      ` is pickled and sent to the pool with each of ${count(Number(chunks), 'chunk')} of \`${name}\``,
      ...(site >= 0 ? [' (', sitePart(trace, site), ')'] : []),
      `: ${megabytes(amount)} each time, ${megabytes(amount * Number(chunks))} in all. `,
      `Sending took ${duration(sentNs)}, the work ${duration(workNs)}. Give it to each process once, by `,
      '`initializer`, or make it before the pool forks, and send only what differs.',
    ];
    return [
      {
        rule,
        severity: 'warning',
        words,
        sites: site >= 0 ? [site] : [],
        tasks: [],
        t,
        sinceNs: t - sentNs,
        gainNs: sentNs,
      },
    ];
  });
}

const megabytes = (bytes: number): string =>
  bytes < 10e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.round(bytes / 1e6)} MB`;
