/**
 * Somebody listened too late: the event came before, or what was to be read had closed. The agent
 * saw both; of an event that came again no wait is left, and nothing is said.
 */
import { FACT, LANGUAGE } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import type { Fact, Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count } from '../words/duration.ts';
import { sitePart, siteText, taskPart } from '../words/parts.ts';
import type { Sentence } from '../words/sentence.ts';
import { inFunction } from '../words/wait.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { lateSubjects } from './late-subjects.ts';
import { openWaitsAt } from './open-waits-at.ts';

export const lateListener: Rule = {
  name: 'late-listener',
  description: 'An event was emitted, or a reader had closed, before anybody listened.',
  start: (trace): RuleRun => ({
    findings: () => {
      const late = findingsOf(trace, 'late-listener');
      const told = new Set(late.flatMap(({ tasks }) => tasks));
      const early = findingsOf(trace, 'early-event');
      const subjects = lateSubjects(trace).map((finding) => ({ ...finding, rule: lateListener.name }));
      return [...late, ...subjects, ...early.filter(({ tasks }) => !tasks.some((row) => told.has(row)))];
    },
  }),
};

function findingsOf(trace: Trace, what: 'late-listener' | 'early-event'): Finding[] {
  const facts = trace.facts.filter((fact) => fact.what === FACT[what]);
  const rows = new Set<number>();
  return facts.flatMap((fact) => {
    if (what === 'late-listener') return findingOf(trace, fact) ?? [];
    const [wait] = waitsOf(trace, fact);
    if (wait === undefined || rows.has(wait.row)) return [];
    rows.add(wait.row);
    return ofWait(trace, fact, wait);
  });
}

/** Of the task, or at the line. */
function waitsOf(trace: Trace, { task, site }: Fact): readonly Wait[] {
  if (task < 0) return openWaitsAt(trace, site);
  const row = trace.rowOf(task);
  return openWaits(trace).filter((wait) => wait.row === row);
}

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
  const [wait] = openWaitsAt(trace, fact.site);
  return wait === undefined ? null : ofWait(trace, fact, wait);
}

function ofWait(trace: Trace, fact: Fact, wait: Wait): Finding {
  const { site, called, text, amount, t } = fact;
  const isPython = trace.processes[fact.process]!.language === LANGUAGE.python;
  return {
    rule: lateListener.name,
    severity: 'error',
    words: isPython
      ? ofCondition(trace, fact, wait.row)
      : [
          `'${text}' was emitted`,
          ...(called >= 0 ? [' at ', sitePart(trace, called)] : []),
          amount > 1 ? ` (${amount} times)` : '',
          amount === 0 ? ', and ' : ' while nobody listened, and ',
          taskPart(trace, wait.row),
          ' began to wait for it at ',
          sitePart(trace, site),
          inFunction(trace, wait.row, site),
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
