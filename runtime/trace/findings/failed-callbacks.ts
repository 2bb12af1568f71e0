/**
 * A callback of Python's failed, and the library that had called it only logged the error: what the
 * callback was to do has not been done. Told with who waits for that, where its function uses the
 * name of what is waited for. Part of the rule uncaught-error.
 */
import { FACT, numberSet, REASON } from '../format/kinds.ts';
import { openNs, openWaits } from '../model/open-waits.ts';
import { resourceOfTarget } from '../model/state.ts';
import type { Fact, Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { describeTarget, describeWaitSite } from '../words/wait.ts';
import type { Finding } from './finding.ts';

const MIN_WAIT_NS = 1e9;
const MAX_FINDINGS = 20;
/** What somebody gives by a call of his own. */
const GIVEN = numberSet(REASON, 'event', 'condition', 'semaphore', 'queue-get', 'barrier', 'lock', 'future');

/** @param rule the name of the rule that says so */
export function failedCallbacks(trace: Trace, rule: string): Finding[] {
  const places = new Map<string, Fact[]>();
  for (const fact of trace.facts) {
    if (fact.what !== FACT['callback-failed']) continue;
    const key = `${fact.process} ${fact.site} ${fact.called} ${fact.text}`;
    const same = places.get(key);
    if (same === undefined) places.set(key, [fact]);
    else same.push(fact);
  }
  return [...places.values()].slice(0, MAX_FINDINGS).map((facts) => findingOf(trace, facts, rule));
}

function findingOf(trace: Trace, facts: readonly Fact[], rule: string): Finding {
  const [{ site, called, text, task, t, process, event }] = facts as readonly [Fact, ...Fact[]];
  const [error = '', fn = '', what = '', library = '', names = ''] = text.split('|');
  const wait = waitFor(trace, process, t, new Set(names.split(',')));
  const words: SentencePart[] = [`Nobody handled ${error.replace(/\.$/, '')}, thrown`];
  if (site >= 0) words.push(' at ', sitePart(trace, site));
  words.push(` in \`${fn}\`, a ${what}`);
  if (called >= 0) words.push(' that was added at ', sitePart(trace, called));
  if (facts.length > 1) words.push(`, ${count(facts.length, 'time')}`);
  words.push(`: ${library} logs the error and goes on`);
  if (wait !== undefined)
    words.push(
      `, what \`${fn}\` was to do next is not done, and `,
      taskPart(trace, wait.row),
      ' waits',
      ...describeWaitSite(trace, wait),
      ...describeTarget(trace, wait),
    );
  words.push(
    `. Catch the error in \`${fn}\`${wait === undefined ? '' : ', and do in a `finally` what others wait for'}.`,
  );
  return {
    rule,
    severity: 'error',
    words,
    sites: [site, called, wait?.site ?? -1].filter((known) => known >= 0),
    tasks: [...(task >= 0 ? [trace.rowOf(task)] : []), ...(wait === undefined ? [] : [wait.row])],
    t,
    events: [event],
    ...(wait === undefined ? {} : { explainsEnd: true, explains: [wait.row] }),
  };
}

/** A wait that goes on since, for what the function has a name of. */
function waitFor(trace: Trace, process: number, t: number, names: ReadonlySet<string>): Wait | undefined {
  return openWaits(trace).find((wait) => {
    const { row, reason, target, startNs } = wait;
    if (trace.tasks.process[row] !== process || !GIVEN.has(reason)) return false;
    const name = trace.resources[resourceOfTarget(target)]?.name ?? '';
    return names.has(name) && Math.max(startNs, t) + MIN_WAIT_NS <= startNs + openNs(trace, wait);
  });
}
