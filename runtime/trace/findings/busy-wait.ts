/**
 * A task waits by asking again and again, and gives its turn away in between: the event loop never
 * sleeps, and a processor is busy with nothing. That the loop does nothing else the agent read from
 * its source; the turns were counted.
 */
import type { Fact, Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { latestFacts, lifetimeOf } from './latest-facts.ts';

export const busyWait: Rule = {
  name: 'busy-wait',
  description: 'A task asked again and again for what it waited for, and the event loop never slept.',
  start: (trace): RuleRun => ({
    findings: () => latestFacts(trace, 'busy-wait').flatMap((fact) => findingOf(trace, fact) ?? []),
  }),
};

const MIN_NS = 100e6;
const MIN_SHARE = 0.1;

function findingOf(trace: Trace, { task, process, site, text, amount, t, event }: Fact): Finding | null {
  const [asked = '', fn = '', us = '0'] = text.split('|');
  const ns = Number(us) * 1e3;
  if (ns < MIN_NS || ns < lifetimeOf(trace, process) * MIN_SHARE) return null;
  return {
    rule: busyWait.name,
    severity: 'warning',
    words: [
      fn === '' ? taskPart(trace, trace.rowOf(task)) : `\`${fn}\``,
      ' spins on `asyncio.sleep(0)` at ',
      sitePart(trace, site),
      `${asked === '' ? '' : `, where it polls \`${asked}\``}: ${count(amount, 'turn')} in ${duration(ns)}, `,
      'and the event loop, with a whole processor, never slept meanwhile. ',
      'An `asyncio.Event` or `asyncio.Queue` wakes it when there is something; ',
      'from another thread by `loop.call_soon_threadsafe`.',
    ],
    sites: [site],
    tasks: task >= 0 ? [trace.rowOf(task)] : [],
    t,
    events: [event],
  };
}
