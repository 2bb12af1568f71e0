/**
 * A lock or semaphore of Python's whose holders have all ended: nobody is left who would give it
 * back, and somebody waits for it. Who has it is recorded; another may give it back all the same,
 * so it is said only where nothing happens any more.
 */
import { openWaits } from '../model/open-waits.ts';
import { resourceOfTarget, State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';
import { isOwned, type ResourceHolders } from './resource-holders.ts';
import { describeStandstill, type Standstill } from './standstill.ts';

/** @param stands by process. @param rule the name of the rule that says so */
export function lostPermits(
  trace: Trace,
  known: ResourceHolders,
  stands: readonly (Standstill | null)[],
  rule: string,
): Finding[] {
  const seen = new Set<number>();
  return openWaits(trace).flatMap((wait): Finding[] => {
    const resource = resourceOfTarget(wait.target);
    if (!isOwned(trace, wait) || seen.has(resource)) return [];
    seen.add(resource);
    const stand = stands[trace.resources[resource]!.process];
    const owners = known.ownersOf(resource);
    const [owner] = owners;
    if (stand === null || stand === undefined || owner === undefined) return [];
    if (owners.some(({ task }) => trace.tasks.state[task] !== State.ended)) return [];
    const { task, t } = owner;
    // The library's own `acquire`, as a task: the line that made it.
    const site = owner.site >= 0 ? owner.site : placeOf(trace, task);
    const fn = trace.sites[site]?.fn ?? '';
    const words: SentencePart[] = [
      { task: trace.rowOf(task), text: trace.labelOf(task) },
      ' took ',
      resourcePart(trace, resource),
      ...(site >= 0
        ? [' (', sitePart(trace, site), fn === '' || fn.startsWith('<') ? ')' : ` in ${fn})`]
        : []),
      ' and ended without giving it back: ',
      taskPart(trace, wait.row),
      ' waits for it',
      ...(wait.site >= 0 ? [' at ', sitePart(trace, wait.site)] : []),
      describeStandstill(stand),
      '. Take it in a `with` statement, where it is given back whatever happens.',
    ];
    return [
      {
        rule,
        severity: 'error',
        words,
        sites: [site, wait.site].filter((each) => each >= 0),
        tasks: [trace.rowOf(task), wait.row],
        t: wait.startNs,
        sinceNs: t,
        explainsEnd: true,
      },
    ];
  });
}

const placeOf = ({ tasks }: Trace, task: number): number =>
  tasks.madeAt[task]! >= 0 ? tasks.madeAt[task]! : tasks.site[task]!;
