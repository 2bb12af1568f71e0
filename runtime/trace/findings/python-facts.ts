/**
 * What the agent for Python saw and nothing else tells: coroutines that nobody awaited, tasks that
 * were collected, results that nobody asked for, and what was used in the wrong loop or thread.
 * Each is a fact; nothing is inferred here.
 */
import { ACTIVATION_KIND, FACT, type FACTS, RESOURCE_KIND } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { Sentence, SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun, Severity } from './finding.ts';
import { notWoken } from './not-woken.ts';

const MAX_FINDINGS = 50;

export interface FactRule {
  readonly name: string;
  readonly description: string;
  readonly fact: (typeof FACTS)[number];
  readonly severity: Severity;
  /** It says why the program failed or stands still. */
  readonly explainsEnd?: boolean;
  /** What the program gives is wrong or lacks something. */
  readonly isWrong?: boolean;
  /** @param facts of one place and text, in the order of time */
  words(trace: Trace, facts: readonly [Fact, ...Fact[]]): Sentence;
}

export function factRule({ name, description, fact, severity, explainsEnd, isWrong, words }: FactRule): Rule {
  return {
    name,
    description,
    start: (trace): RuleRun => ({
      findings: () =>
        byPlace(trace.facts.filter(({ what }) => what === FACT[fact]))
          .slice(0, MAX_FINDINGS)
          .map((facts): Finding => {
            const [first] = facts;
            const tasks = facts.filter(({ task }) => task >= 0).map(({ task }) => trace.rowOf(task));
            return {
              rule: name,
              severity,
              words: words(trace, facts),
              sites: [...new Set([first.site, first.called])].filter((site) => site >= 0),
              tasks: [...new Set(tasks)],
              t: first.t,
              ...(explainsEnd === true ? { explainsEnd } : {}),
              ...(isWrong === true ? { isWrong } : {}),
            };
          }),
    }),
  };
}

function byPlace(facts: readonly Fact[]): (readonly [Fact, ...Fact[]])[] {
  const found = new Map<string, [Fact, ...Fact[]]>();
  for (const fact of facts) {
    const isOfTask = fact.site < 0 && fact.called < 0;
    const key = `${fact.site} ${fact.called} ${fact.text} ${isOfTask ? fact.task : ''}`;
    const same = found.get(key);
    if (same === undefined) found.set(key, [fact]);
    else same.push(fact);
  }
  return [...found.values()];
}

/** " at a.py:20" */
export const at = (trace: Trace, site: number): SentencePart[] =>
  site < 0 ? [] : [' at ', sitePart(trace, site)];
export const times = (facts: readonly Fact[]): string =>
  facts.length > 1 ? `, ${count(facts.length, 'time')}` : '';

/** Part of the rule `never-awaited`. */
export const unawaitedCoroutines: Rule = factRule({
  name: 'never-awaited',
  description: 'A coroutine was made and never awaited.',
  fact: 'coroutine-unawaited',
  severity: 'warning',
  words(trace, facts) {
    const [{ site, called, text }] = facts;
    return [
      `A coroutine \`${text}\``,
      ...(site >= 0 ? [', called', ...at(trace, site), ','] : []),
      ...(called >= 0 ? [' that the program let go of', ...at(trace, called)] : []),
      ` was never awaited${times(facts)}: nothing of it ran.`,
    ];
  },
});

export const taskCollected: Rule = factRule({
  name: 'task-collected',
  description: 'A task was collected while it waited, since nobody but its event loop knew it.',
  fact: 'task-collected',
  severity: 'error',
  words(trace, [{ task }]) {
    const site = trace.tasks.waitSite[task] ?? -1;
    return [
      taskPart(trace, trace.rowOf(task)),
      ' was collected while it waited',
      ...at(trace, site),
      ': nobody but the event loop knew the task, and it never ended. Keep what create_task returns.',
    ];
  },
});

export const neverRetrieved: Rule = factRule({
  name: 'never-retrieved',
  description: 'A task or call failed, and nobody asked for its result.',
  fact: 'never-retrieved',
  severity: 'error',
  words(trace, facts) {
    const [{ task, process, site, called, text }] = facts;
    const row = task >= 0 ? trace.rowOf(task) : failedCallOf(trace, process, text);
    const who: SentencePart[] = row >= 0 ? [taskPart(trace, row)] : ['A future'];
    return [
      ...who,
      ` failed with ${text.replace(/\.$/, '')}`,
      ...at(trace, site < 0 && row >= 0 ? trace.tasks.endSite[row]! : site),
      ', and nobody asked for its result',
      ...(called >= 0 ? [': it was begun', ...at(trace, called)] : []),
      `${times(facts)}.`,
      ...(isHandedOver(trace, called)
        ? [' Keep the future that `run_coroutine_threadsafe` gives, and ask for its `result()`.']
        : []),
    ];
  },
});

/** A thread gave the coroutine to an event loop there, and has a future for it. */
const isHandedOver = (trace: Trace, called: number): boolean =>
  called >= 0 &&
  trace.resources.some(({ kind, site }) => kind === RESOURCE_KIND.future && isSameLine(trace, site, called));

function isSameLine({ sites }: Trace, a: number, b: number): boolean {
  return a === b || (a >= 0 && sites[a]!.file === sites[b]!.file && sites[a]!.line === sites[b]!.line);
}

/** The call that failed so in a worker of the process's: only its error came back. */
function failedCallOf(trace: Trace, process: number, text: string): number {
  const { pid } = trace.processes[process]!;
  const { tasks } = trace;
  for (let row = 0; row < tasks.count; row++) {
    if (tasks.kind[row] !== ACTIVATION_KIND.chunk || tasks.error[row]! < 0) continue;
    const isOfChild = trace.processes[tasks.process[row]!]!.parentPid === pid;
    if (isOfChild && trace.text(tasks.error[row]!) === text) return row;
  }
  return -1;
}

export const nestedLoop: Rule = factRule({
  name: 'nested-loop',
  description: 'An event loop was to run inside another one, which asyncio refuses.',
  fact: 'nested-loop',
  severity: 'error',
  words(trace, facts) {
    const [{ task, site, text }] = facts;
    const by: SentencePart[] = task >= 0 ? [' by ', taskPart(trace, trace.rowOf(task)), ','] : [];
    return [
      `\`${text}\` was to run in an event loop of its own`,
      ...at(trace, site),
      ...by,
      ` where one ran already, and was refused${times(facts)}. Await it there.`,
    ];
  },
});

export const wrongLoop: Rule = factRule({
  name: 'wrong-loop',
  description: 'A lock, queue or event was used in another event loop than its own.',
  fact: 'wrong-loop',
  severity: 'error',
  words(trace, facts) {
    const [{ site, called, text, task }] = facts;
    const who: SentencePart[] = task >= 0 ? [taskPart(trace, trace.rowOf(task))] : ['the program'];
    return [
      `\`${text}\``,
      ...(called >= 0 ? [' (made', ...at(trace, called), ')'] : []),
      ' belongs to another event loop than the one in which ',
      ...who,
      ' used it',
      ...at(trace, site),
      `${times(facts)}: it was refused. Make it where the loop runs.`,
    ];
  },
});

const otherThread: Rule = factRule({
  name: 'wrong-thread',
  description: "A thread that is not the event loop's made a task there ready.",
  fact: 'wrong-thread',
  severity: 'warning',
  words(trace, facts) {
    const [{ site, task, text }] = facts;
    const who: SentencePart[] = task >= 0 ? [taskPart(trace, trace.rowOf(task))] : ['a task'];
    return [
      text === '' ? 'A' : `\`${text}\`, in a`,
      ` thread that is not the event loop’s${text === '' ? '' : ','} made `,
      ...who,
      ' ready',
      ...at(trace, site),
      `${times(facts)}: the loop may sleep on, for nothing told it. \`loop.call_soon_threadsafe\` does.`,
    ];
  },
});

export const wrongThread: Rule = {
  name: otherThread.name,
  description: otherThread.description,
  start: (trace, gaps) => {
    const ofThreads = otherThread.start(trace, gaps);
    return {
      findings: (explained) => [...notWoken(trace, otherThread.name), ...ofThreads.findings(explained)],
    };
  },
};
