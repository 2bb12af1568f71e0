/**
 * Somebody listened too late: the event came before, or what was to be read had closed. The agent
 * saw both; of an event that came again no wait is left, and nothing is said.
 */
import { FACT, LANGUAGE } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { sitePart, siteText, taskPart } from '../words/parts.ts';
import type { Sentence } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { openWaitsAt } from './open-waits-at.ts';

export const lateListener: Rule = {
  name: 'late-listener',
  description: 'An event was emitted, or a reader had closed, before anybody listened.',
  start: (trace): RuleRun => ({
    findings: () =>
      trace.facts
        .filter(({ what }) => what === FACT['late-listener'])
        .flatMap((fact) => findingOf(trace, fact) ?? []),
  }),
};

function findingOf(trace: Trace, fact: Fact): Finding | null {
  return fact.amount === 0 ? ofReader(trace, fact) : ofEvent(trace, fact);
}

/** The loop had nothing left to read. */
function ofReader(trace: Trace, { site, called, t }: Fact): Finding {
  const name = siteText(trace, site) || 'The reader';
  // The end of the lines is lost with them: the loop waits for ever.
  const [wait] = openWaitsAt(trace, site);
  return {
    rule: lateListener.name,
    severity: wait === undefined ? 'warning' : 'error',
    words: [
      `\`${name}\` emitted lines before anybody read it at `,
      sitePart(trace, site),
      ': what came since it was made',
      ...(called >= 0 ? [' at ', sitePart(trace, called)] : []),
      ' is lost. Begin to read it before anything else is awaited.',
    ],
    sites: [site, called].filter((known) => known >= 0),
    tasks: wait === undefined ? [] : [wait.row],
    t,
    explainsEnd: wait !== undefined,
  };
}

function ofEvent(trace: Trace, fact: Fact): Finding | null {
  if (fact.task >= 0 && openWaitsAt(trace, fact.site).length === 0) return ofListener(trace, fact);
  const { site, called, text, amount, t } = fact;
  const [wait] = openWaitsAt(trace, site);
  if (wait === undefined) return null;
  const isPython = trace.processes[fact.process]!.language === LANGUAGE.python;
  return {
    rule: lateListener.name,
    severity: 'error',
    words: isPython
      ? ofCondition(trace, fact, wait.row)
      : [
          `'${text}' was emitted`,
          ...(called >= 0 ? [' at ', sitePart(trace, called)] : []),
          `${amount > 1 ? ` (${amount} times)` : ''} while nobody listened, and `,
          taskPart(trace, wait.row),
          ' began to wait for it at ',
          sitePart(trace, site),
          ' afterwards. Listen before it is emitted.',
        ],
    sites: [site, called].filter((known) => known >= 0),
    tasks: [wait.row],
    t,
    explainsEnd: true,
  };
}

/** A condition of Python's keeps no notice. */
function ofCondition(trace: Trace, { site, called, text, amount }: Fact, row: number): Sentence {
  return [
    `\`${text}\` was notified`,
    ...(called >= 0 ? [' at ', sitePart(trace, called)] : []),
    `${amount > 1 ? ` (${amount} times)` : ''} while nobody waited, and `,
    taskPart(trace, row),
    ' began to wait for it at ',
    sitePart(trace, site),
    ' afterwards: a notice is not kept. Wait in a `while` that asks for what has changed.',
  ];
}

/** A plain listener: what came while the function awaited something else it never gets. */
function ofListener(trace: Trace, { site, called, text, amount, t, task }: Fact): Finding {
  const begun = trace.tasks.beganNs[task]!;
  return {
    rule: lateListener.name,
    severity: 'warning',
    words: [
      `'${text}' was emitted ${count(amount, 'time')}`,
      ...(called >= 0 ? [' at ', sitePart(trace, called)] : []),
      ' while ',
      taskPart(trace, task),
      ' awaited something else, and it began to listen at ',
      sitePart(trace, site),
      ' afterwards: nobody heard it. Listen before the `await`.',
    ],
    sites: [site, called].filter((known) => known >= 0),
    tasks: [trace.rowOf(task)],
    t,
    sinceNs: begun,
    isWrong: true,
  };
}
