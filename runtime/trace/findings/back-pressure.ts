/**
 * A pipeline waits for ever, since its last stream is full and nobody reads it. The agent looked at
 * the streams when the process ended; nothing is inferred here.
 */
import { FACT } from '../format/kinds.ts';
import type { Trace } from '../model/trace.ts';
import { byteCount, count } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { openWaitsAt } from './open-waits-at.ts';

export const backPressure: Rule = {
  name: 'back-pressure',
  description: 'Somebody waits for a stream to end that holds what nobody reads.',
  start: (trace): RuleRun => ({ findings: () => findingsOf(trace) }),
};

function findingsOf(trace: Trace): Finding[] {
  return [...unreadStreams(trace), ...pipelines(trace)];
}

/** Somebody waits for the end of a stream that holds what nobody reads. */
function unreadStreams(trace: Trace): Finding[] {
  return trace.facts
    .filter(({ what }) => what === FACT['unread-stream'])
    .flatMap(({ site, text, amount, t }): Finding[] => {
      const [wait] = openWaitsAt(trace, site);
      if (wait === undefined) return [];
      return [
        {
          rule: backPressure.name,
          severity: 'error',
          words: [
            taskPart(trace, wait.row),
            ' waits for the end of a stream at ',
            sitePart(trace, site),
            `, the ${nameOf(text)} holds ${amountOf(text, amount)}, and nobody reads it: `,
            'it ends when all has been read. Read it, or drop what comes with `resume()`.',
          ],
          sites: [site],
          tasks: [wait.row],
          t,
          explainsEnd: true,
        },
      ];
    });
}

function pipelines(trace: Trace): Finding[] {
  return trace.facts
    .filter(({ what }) => what === FACT['back-pressure'])
    .map(({ site, text, amount, t }) => {
      const rows = openWaitsAt(trace, site).map(({ row }) => row);
      return {
        rule: backPressure.name,
        severity: 'error',
        words: [
          'The pipeline at ',
          sitePart(trace, site),
          ` waits for its last stream, a ${nameOf(text)} that is full (${amountOf(text, amount)}) and that nobody reads: `,
          'pipeline ends when that stream has been read. Read it, or end with a stream that takes all.',
        ],
        sites: site >= 0 ? [site] : [],
        tasks: rows,
        t,
        explainsEnd: true,
      };
    });
}

/** Behind the name of a stream that keeps objects, and no bytes. */
const OF_OBJECTS = ' of objects';

const nameOf = (text: string): string =>
  text.endsWith(OF_OBJECTS) ? text.slice(0, -OF_OBJECTS.length) : text;

const amountOf = (text: string, amount: number): string =>
  text.endsWith(OF_OBJECTS) ? count(amount, 'object') : byteCount(amount);
