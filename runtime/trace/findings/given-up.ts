/**
 * Tasks that waited for a lock, a slot or a connection until the limit that its library sets for
 * that, and gave up. Who had it meanwhile is told: a task that still worked with it, so that the
 * limit is shorter than the work; or one that had ended and not given it back.
 *
 * Refuted by a limit that was meant to be short: to try a lock, and do without it.
 */
import { OUTCOME } from '../format/kinds.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { resourcePart, sitePart, taskList, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';
import { lockConvoy } from './lock-convoy.ts';
import type { GivenUp, ResourceHolders } from './resource-holders.ts';

const MAX_FINDINGS = 10;
const MAX_NAMED = 4;
const MAX_TASKS = 20;
/** One alone may be a try. */
const MIN_WARNED = 2;
/** Who is up to so short a limit only tries. */
const MIN_LIMIT_NS = 10e6;

/** @param leakRule the name of the rule for what is not given back */
export function givenUp(trace: Trace, holders: ResourceHolders, leakRule: string): Finding[] {
  const byHolder = new Map<string, GivenUp[]>();
  for (const each of holders.givenUp) {
    if (each.holder < 0 || each.limitNs < MIN_LIMIT_NS) continue;
    if (trace.losses.hasAny(trace.tasks.process[each.task]!)) continue;
    const key = `${each.resource} ${trace.tasks.site[each.holder]}`;
    const same = byHolder.get(key);
    if (same) same.push(each);
    else byHolder.set(key, [each]);
  }
  return [...byHolder.values()].slice(0, MAX_FINDINGS).map((all) => findingOf(trace, holders, all, leakRule));
}

/** @param all of one resource that runs of one function had, at least one */
function findingOf(
  trace: Trace,
  holders: ResourceHolders,
  all: readonly GivenUp[],
  leakRule: string,
): Finding {
  const [{ resource, site, t, limitNs, holder }] = all as readonly [GivenUp, ...GivenUp[]];
  const { tasks } = trace;
  const rows = [...new Set(all.map(({ task }) => trace.rowOf(task)))];
  const lock = resourcePart(trace, resource);
  const took = holders.heldOf(resource)?.passages.find(({ task }) => task === holder);
  const leaked = took !== undefined && tasks.state[holder] === State.ended && tasks.endedNs[holder]! <= t;
  const fn = tasks.site[holder]!;
  const who: SentencePart[] =
    rows.length > MAX_NAMED ? [count(rows.length, 'task')] : [...taskList(trace, rows)];
  const waited: SentencePart[] = [
    ...who,
    ' gave up waiting for ',
    lock,
    ...(site >= 0 ? [' at ', sitePart(trace, site)] : []),
    ` after ${duration(limitNs)}`,
  ];
  const severity = rows.length >= MIN_WARNED || leaked ? 'warning' : 'info';
  const base = {
    severity,
    tasks: [trace.rowOf(holder), ...rows].slice(0, MAX_TASKS),
    t: all.at(-1)!.t,
  } as const;
  if (leaked) {
    const endSite = tasks.endSite[holder]!;
    return {
      ...base,
      rule: leakRule,
      words: [
        taskPart(trace, holder),
        ' took ',
        lock,
        ' at ',
        sitePart(trace, took.site),
        tasks.outcome[holder] === OUTCOME.error ? ' and failed' : ' and ended',
        ...(endSite >= 0 ? [' at ', sitePart(trace, endSite)] : []),
        ' without giving it back: ',
        ...waited,
        '. Give ',
        lock,
        ' back in a `finally`.',
      ],
      sites: [endSite, took.site, site].filter((known) => known >= 0),
      sinceNs: tasks.endedNs[holder]!,
      isWrong: true,
    };
  }
  const beganNs = took?.t ?? tasks.beganNs[holder]!;
  const isOver = tasks.state[holder] === State.ended;
  const hadNs = (isOver ? tasks.endedNs[holder]! : trace.endNs) - beganNs;
  return {
    ...base,
    rule: lockConvoy.name,
    words: [
      ...waited,
      ', while ',
      taskPart(trace, holder),
      ...(fn >= 0 ? [' (', sitePart(trace, fn), ')'] : []),
      ` had it: ${isOver ? 'that took' : 'that has taken'} ${duration(hadNs)}. `,
      'Let them wait longer than a turn takes, or do less in a turn.',
    ],
    sites: [site, fn, trace.resources[resource]!.site].filter((known) => known >= 0),
    sinceNs: beganNs,
    isWrong: severity === 'warning',
  };
}
