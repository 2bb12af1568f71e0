/**
 * Errors that the program did not handle: uncaught exceptions, and rejections without a handler.
 * The agent recorded them as facts; nothing is inferred here.
 */
import { FACT, SITE_ROLE } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import { State } from '../model/state.ts';
import type { Fact, Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { Sentence, SentencePart } from '../words/sentence.ts';
import { describeTarget, describeWaitSite, inFunction } from '../words/wait.ts';
import { isExecutor } from './dropped-tasks.ts';
import { lineOf, secondAnswers } from './answered-twice.ts';
import { failedCallbacks } from './failed-callbacks.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

const MAX_FINDINGS = 50;
const MAX_CALLERS = 50;

export const uncaughtErrors: Rule = {
  name: 'uncaught-error',
  description: 'An error that nobody caught, or a rejection that nobody handled.',
  start: (trace): RuleRun => ({
    findings: () => [
      ...failedCallbacks(trace, uncaughtErrors.name),
      ...withoutRepeats(trace.facts.filter(({ what }) => what === FACT.unhandled || what === FACT.uncaught))
        .filter((fact) => !isToldAsAnswer(trace, fact))
        .slice(0, MAX_FINDINGS)
        .map((fact) => findingOf(trace, fact)),
    ],
  }),
};

const isToldAsAnswer = (trace: Trace, { text, site }: Fact): boolean =>
  site >= 0 && /after they are sent|after end/.test(text) && secondAnswers(trace).has(lineOf(trace, site));

/**
 * A rejection that nobody handled ends the program as an uncaught error, so it is recorded twice.
 * The rejection is kept: it knows where the function was called.
 */
function withoutRepeats(facts: readonly Fact[]): readonly Fact[] {
  const rejections = facts.filter(({ what }) => what === FACT.unhandled);
  const isSame = (a: Fact, b: Fact): boolean => a.task === b.task && a.text === b.text;
  return facts.filter(
    (fact) => fact.what === FACT.unhandled || !rejections.some((rejection) => isSame(fact, rejection)),
  );
}

/** The fact's amount: an error that came as an event; a file that could not be compiled. */
const FROM_EVENT = 1;
const NOT_COMPILED = 2;

function findingOf(trace: Trace, fact: Fact): Finding {
  const { what, task, text, site, called, amount, t } = fact;
  if (what === FACT.uncaught && amount === NOT_COMPILED && site >= 0) return notCompiled(trace, fact);
  const row = task >= 0 ? trace.rowOf(task) : -1;
  const words: SentencePart[] = [
    what === FACT.uncaught ? 'Nobody caught ' : 'Nobody handled ',
    text.replace(/\.$/, '') || 'an error',
  ];
  if (row >= 0) words.push(', thrown in ', taskPart(trace, row));
  if (site >= 0) words.push(row >= 0 ? ' at ' : ', thrown at ', sitePart(trace, site));
  if (site >= 0 && row >= 0) words.push(inFunction(trace, row, site));
  const isOfExecutor = row >= 0 && trace.tasks.site[row]! >= 0 && isExecutor(trace, trace.tasks.site[row]!);
  const waits = isOfExecutor ? waitsOfCallers(trace, row) : [];
  if (what === FACT.uncaught && amount === FROM_EVENT)
    words.push(
      ", which came as an 'error' event of what was made at ",
      sitePart(trace, called),
      ', and nobody listened to it',
    );
  else if (isOfExecutor) words.push(...describeExecutor(trace, row, waits));
  else words.push(...describeCaller(trace, task, t, called));
  words.push('.');
  if (isOfExecutor) words.push(' Leave `new Promise` out: an async function has a promise of its own.');
  const sites = [site, called, row >= 0 ? trace.tasks.site[row]! : -1, waits[0]?.site ?? -1];
  return {
    rule: uncaughtErrors.name,
    severity: 'error',
    words,
    sites: [...new Set(sites.filter((known) => known >= 0))],
    tasks: [...new Set([...(row >= 0 ? [row] : []), ...waits.map((wait) => wait.row)])],
    t,
    ...(waits.length > 0 ? { explainsEnd: true } : {}),
  };
}

/** "shop.py is not valid Python: '(' was never closed, at shop.py:2. Nothing of it ran." */
function notCompiled(trace: Trace, { text, site, task, t }: Fact): Finding {
  const file = trace.sites[site]!.file.split(/[/\\]/).at(-1)!;
  const why = text.replace(/^\w+: /, '');
  return {
    rule: uncaughtErrors.name,
    severity: 'error',
    words: [`${file} is not valid Python: ${why}, at `, sitePart(trace, site), '. Nothing of it ran.'],
    sites: [site],
    tasks: task >= 0 ? [trace.rowOf(task)] : [],
    t,
  };
}

/** Who began it, directly or not, and waits still. */
function waitsOfCallers(trace: Trace, row: number): readonly Wait[] {
  const callers = new Set<number>();
  const { parent } = trace.tasks;
  for (let at = parent[row]!; at >= 0 && callers.size < MAX_CALLERS; at = parent[trace.rowOf(at)]!)
    callers.add(trace.rowOf(at));
  return openWaits(trace).filter((wait) => callers.has(wait.row));
}

/** ", the async function that `new Promise` was given at a.ts:9; …, while main waits at a.ts:20" */
function describeExecutor(trace: Trace, row: number, [wait]: readonly Wait[]): Sentence {
  const words: SentencePart[] = [
    ', the async function that `new Promise` was given at ',
    sitePart(trace, trace.tasks.site[row]!),
    '; that rejects nothing, and leaves the promise as it was',
  ];
  if (wait === undefined) return words;
  return [
    ...words,
    ', while ',
    taskPart(trace, wait.row),
    ' waits',
    ...describeWaitSite(trace, wait),
    ...describeTarget(trace, wait),
  ];
}

/** Who called the function and went on: there the `await`, or the `catch`, is missing. */
function describeCaller(trace: Trace, task: number, t: number, called: number): Sentence {
  const { parent, state, sinceNs, waitSite } = trace.tasks;
  const by = task >= 0 ? parent[trace.rowOf(task)]! : -1;
  const caller: SentencePart | null = by >= 0 ? { task: trace.rowOf(by), text: callerName(trace, by) } : null;
  if (called < 0) {
    if (caller === null) return [];
    // It holds the promise, and is busy with something else.
    const isElsewhere = state[by] === State.wait && sinceNs[by]! <= t && waitSite[by]! >= 0;
    return isElsewhere
      ? [', which ', caller, ' had begun; it waited for something else at ', sitePart(trace, waitSite[by]!)]
      : [', which ', caller, ' had begun'];
  }
  const place = sitePart(trace, called);
  const isReturn = trace.sites[called]?.role === SITE_ROLE.return;
  if (isReturn) return ['; its promise had been returned at ', place, ' without an await'];
  return caller
    ? ['; ', caller, ' had called it at ', place, ' without an await']
    : ['; it had been called at ', place, ' without an await'];
}

/** A function that its caller awaits goes by its own name. */
const callerName = (trace: Trace, task: number): string =>
  trace.rowOf(task) === task ? trace.labelOf(task) : trace.nameOf(task);
