/**
 * A process uses a dict or list of a manager of Python's, item by item: each use is a message to
 * the manager's process and one back. They were counted and timed. Said where they took a good part
 * of the process's time.
 */
import type { Fact, Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { latestFacts, lifetimeOf } from './latest-facts.ts';

export const roundTrips: Rule = {
  name: 'round-trips',
  description: 'What a manager keeps was used item by item, each time by a message there and one back.',
  start: (trace): RuleRun => ({
    findings: () => {
      const byFunction = new Map<string, Trips[]>();
      for (const fact of latestFacts(trace, 'round-trips')) {
        const trips = tripsOf(fact);
        const same = byFunction.get(trips.fn);
        if (same) same.push(trips);
        else byFunction.set(trips.fn, [trips]);
      }
      return [...byFunction.values()].flatMap((trips) => findingOf(trace, trips) ?? []);
    },
  }),
};

const MIN_NS = 100e6;
const MIN_SHARE = 0.2;
const MAX_NAMES = 3;

interface Trips {
  readonly fact: Fact;
  readonly name: string;
  readonly kind: string;
  readonly fn: string;
  readonly ns: number;
}

function tripsOf(fact: Fact): Trips {
  const [name = '', kind = '', fn = '', us = '0'] = fact.text.split('|');
  return { fact, name, kind, fn, ns: Number(us) * 1e3 };
}

/** A lock alone may well be waited for long: what it guards counts. */
const LOCK = 'AcquirerProxy';

/** @param all of one function, at least one */
function findingOf(trace: Trace, all: readonly Trips[]): Finding | null {
  const processes = [...new Set(all.map(({ fact }) => fact.process))];
  const nsOf = (process: number): number =>
    all.reduce((sum, { fact, ns }) => (fact.process === process ? sum + ns : sum), 0);
  const ns = Math.max(...processes.map(nsOf));
  const worst = processes.find((process) => nsOf(process) === ns)!;
  const wholeNs = lifetimeOf(trace, worst);
  if (ns < MIN_NS || ns < wholeNs * MIN_SHARE) return null;
  const data = all.filter(({ kind }) => kind !== LOCK);
  if (data.length === 0) return null;
  const { fn } = data[0]!;
  const names = [...new Set([...data, ...all].map(({ name }) => `\`${name}\``))].slice(0, MAX_NAMES);
  const uses = all.reduce((sum, { fact }) => sum + fact.amount, 0);
  const sites = [
    ...new Map([...data, ...all].map(({ fact: { site } }) => [lineOf(trace, site), site])).values(),
  ];
  const tasks = [...new Set(all.map(({ fact }) => fact.task).filter((task) => task >= 0))];
  const words: SentencePart[] = [
    `\`${fn}\` used ${names.join(' and ')} of the manager ${count(uses, 'time')} at `,
    ...sites.slice(0, 2).flatMap((site, i) => [...(i > 0 ? [' and '] : []), sitePart(trace, site)]),
    processes.length > 1 ? `, in ${count(processes.length, 'process', 'processes')}` : '',
    `, each a message to the manager’s process and one back: ${duration(ns)} of `,
    `the ${duration(wholeNs)} of ${processes.length > 1 ? 'one of them' : 'the process'}. `,
    'Work on a plain dict or list in the process, and give that back once, as by `pool.map`.',
  ];
  return {
    rule: roundTrips.name,
    severity: 'warning',
    words,
    sites,
    tasks: tasks.map((task) => trace.rowOf(task)),
    t: Math.max(...all.map(({ fact }) => fact.t)),
    gainNs: ns,
    events: all.map(({ fact }) => fact.event),
  };
}

function lineOf(trace: Trace, site: number): string {
  const info = trace.sites[site];
  return info === undefined ? '' : `${info.file}:${info.line}`;
}
