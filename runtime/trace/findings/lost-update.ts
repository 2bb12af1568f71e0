/**
 * A run of a function read something, awaited, and wrote what it had computed from that, though
 * another run had written it in between: what that one wrote is lost. The agent saw both writes and
 * that they were of one thing; nothing here is inferred. Refuted by a value that needs nothing of
 * what it was computed from.
 */
import { FACT } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { inFunction } from '../words/wait.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { overwrittenFiles } from './overwritten-files.ts';

export const lostUpdate: Rule = {
  name: 'lost-update',
  description: 'A value was read before an await and written after it, over what another run had written.',
  start: (trace): RuleRun => ({
    findings: () => [
      ...findingsOf(trace),
      ...overwrittenFiles(trace).map((finding) => ({ ...finding, rule: lostUpdate.name })),
    ],
  }),
};

const MAX_FINDINGS = 20;
const MAX_TASKS = 20;
const MAX_WRITERS = 3;

function findingsOf(trace: Trace): Finding[] {
  const bySite = new Map<string, Fact[]>();
  const over = new Map<string, Fact[]>();
  for (const fact of trace.facts) {
    if (fact.what === FACT['lost-over']) {
      const key = `${fact.process} ${fact.called}`;
      over.set(key, [...(over.get(key) ?? []), fact].slice(0, MAX_TASKS));
    }
    if (fact.what !== FACT['lost-update'] || fact.task < 0) continue;
    const key = `${fact.process} ${fact.site}`;
    const facts = bySite.get(key);
    if (facts) facts.push(fact);
    else bySite.set(key, [fact]);
  }
  return [...bySite]
    .slice(0, MAX_FINDINGS)
    .map(([key, facts]) => findingOf(trace, facts, over.get(key) ?? []));
}

/**
 * @param facts of one place, in the order of time, at least one
 * @param over those that wrote what was lost there
 */
function findingOf(trace: Trace, facts: readonly Fact[], over: readonly Fact[]): Finding {
  const first = facts[0]!;
  const last = facts.at(-1)!;
  const { task, site, called, text } = first;
  if (called < 0) return ofCopy(trace, facts);
  const words: SentencePart[] = [
    taskPart(trace, task),
    ` wrote \`${text}\` at `,
    sitePart(trace, site),
    inFunction(trace, task, site),
    ' from what it had read before an `await`, at ',
    sitePart(trace, called),
    ', though ',
    ...writersOf(trace, first, over),
    ' had written it in between: that update is lost',
    last.amount > 1 ? `, as at least ${count(last.amount - 1, 'other')} there. ` : '. ',
    'Read it again after the `await`, or let one run at a time.',
  ];
  return {
    rule: lostUpdate.name,
    severity: 'warning',
    words,
    sites: [site, called, ...over.map((each) => each.site)].filter((known) => known >= 0),
    tasks: [...new Set(facts.map((fact) => fact.task))].slice(0, MAX_TASKS),
    t: last.t,
    sinceNs: trace.tasks.beganNs[task]!,
    isWrong: true,
    events: facts.map(({ event }) => event),
  };
}

/** By name where they stand elsewhere; each line once. */
function writersOf(trace: Trace, { site, task }: Fact, over: readonly Fact[]): SentencePart[] {
  const others = new Map(
    over.filter((each) => each.site !== site && each.task !== task).map((each) => [each.site, each]),
  );
  const parts = [...others.values()].slice(0, MAX_WRITERS).map((each): SentencePart[] => {
    const at = sitePart(trace, each.site);
    const { fn = '' } = trace.sites[each.site] ?? {};
    const isTask = each.task >= 0 && (!/^[\w$]/.test(fn) || trace.nameOf(each.task).endsWith(fn));
    if (isTask) return [taskPart(trace, each.task), ' (', at, ')'];
    return /^[\w$]/.test(fn) ? [`${fn} (`, at, ')'] : ['what stands at ', at];
  });
  if (parts.length === 0) return ['another run'];
  return parts
    .flatMap((part, i) => [i === 0 ? '' : i === parts.length - 1 ? ' and ' : ', ', ...part])
    .filter((part) => part !== '');
}

/**
 * Of a manager's dict or list in Python: the copy that a proxy gave was changed, and not given
 * back.
 */
function ofCopy(trace: Trace, facts: readonly Fact[]): Finding {
  const [{ task, site, text }] = facts as readonly [Fact, ...Fact[]];
  const last = facts.at(-1)!;
  const words: SentencePart[] = [
    taskPart(trace, task),
    ` changed what \`${text}\` had given it at `,
    sitePart(trace, site),
    `${last.amount > 1 ? `, ${count(last.amount, 'time')},` : ''} and did not give it back: that is a copy, `,
    'and the manager’s own did not change. Assign it back, or make it with the manager.',
  ];
  return {
    rule: lostUpdate.name,
    severity: 'warning',
    words,
    sites: [site],
    tasks: [task],
    t: last.t,
    sinceNs: trace.tasks.beganNs[task]!,
    isWrong: true,
    events: facts.map(({ event }) => event),
  };
}
