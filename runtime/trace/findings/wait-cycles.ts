/**
 * Deadlocks as facts: rows that wait, what each waits for, and who has that. A row or resource is
 * *stuck* when nothing outside the stuck ones could let it go on. What remains after all others
 * were crossed out, and leads back to itself, is a cycle.
 */
import { GROUP_KIND, numberSet } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import { resourceOfTarget, State, taskOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { isLeftGenerator } from './left-generators.ts';
import { ThreadBodies } from './thread-bodies.ts';
import { isAsked, isOfPython, isOwned, type ResourceHolders } from './resource-holders.ts';

/** One of them settles the group. */
const ANY_KINDS = numberSet(GROUP_KIND, 'race', 'any');
const MAX_MEMBERS = 1000;

/** Somebody who has a resource that others wait for. */
export interface Holder {
  /** Who waits now, or whose call it is that the resource lets run. */
  readonly row: number;
  /** Who is told: the caller where the holder itself has no name. */
  readonly named: number;
  /** Where the resource was asked for. */
  readonly site: number;
}

export interface WaitCycle {
  /** In the order of their indexes, with those of their holders that belong to the cycle. */
  readonly resources: readonly (readonly [resource: number, holders: readonly Holder[]])[];
  /** The waits of the holders, by row. */
  readonly waits: ReadonlyMap<number, Wait>;
}

/** What a row waits for: rows and resources; `isAny`: one of them is enough. */
interface Needs {
  readonly rows: readonly number[];
  readonly resources: readonly number[];
  readonly isAny: boolean;
  /** Something is awaited as well of which nothing is known. */
  readonly hasUnknown: boolean;
}

/** @param holders what each resource was given to, by the rows that have not ended */
export function waitCycles(trace: Trace, known: ResourceHolders): WaitCycle[] {
  const waits = new Map(openWaits(trace).map((wait) => [wait.row, known.waitForAsked(wait)]));
  const bodies = new ThreadBodies(trace);
  const needs = new Map([...waits].map(([row, wait]) => [row, needsOf(trace, known, wait, bodies)]));
  const holders = new Map<number, readonly Holder[]>();
  for (const { resources } of needs.values())
    for (const resource of resources)
      if (!holders.has(resource)) holders.set(resource, livingHolders(trace, known, resource));

  const [stuckRows, stuckResources] = stuckOnes(needs, holders);
  return components(stuckRows, stuckResources, needs, holders).map((resources) => ({
    resources: resources.map((resource) => [resource, holders.get(resource)!] as const),
    waits,
  }));
}

function needsOf(trace: Trace, known: ResourceHolders, wait: Wait, bodies: ThreadBodies): Needs {
  const { target } = wait;
  const joined = bodies.joinedBy(wait);
  if (joined >= 0) return { rows: [trace.rowOf(joined)], resources: [], isAny: false, hasUnknown: false };
  const rows: number[] = [];
  const resources: number[] = [];
  let hasUnknown = false;
  const add = (member: number): void => {
    const task = taskOfTarget(member);
    const resource = resourceOfTarget(member);
    if (task >= 0) {
      if (trace.tasks.state[task] !== State.ended) rows.push(trace.rowOf(task));
    } else if (isAsked(trace, resource) || known.permits.isOf(resource) || isOwned(trace, wait))
      resources.push(resource);
    else hasUnknown = true;
  };
  const group = trace.groups.get(resourceOfTarget(target));
  if (group === undefined) add(target);
  else group.members.slice(0, MAX_MEMBERS).forEach(add);
  const isAny = group !== undefined && ANY_KINDS.has(group.kind);
  return { rows, resources: [...new Set(resources)], isAny, hasUnknown };
}

function livingHolders(trace: Trace, known: ResourceHolders, resource: number): Holder[] {
  const { state } = trace.tasks;
  const owners = known.ownersOf(resource);
  if (isOfPython(trace, resource) && !isAsked(trace, resource))
    return owners.flatMap(({ task, site }) => {
      const row = trace.rowOf(task);
      return state[task] === State.ended ? [] : [{ row, named: row, site }];
    });
  const found = new Map<number, Holder>();
  for (const { task, site } of known.permits.permitsOf(resource)) {
    const row = trace.rowOf(task);
    if (state[task] !== State.ended) found.set(row, { row, named: row, site });
  }
  const held = known.heldOf(resource);
  if (held === undefined) return [...found.values()];
  for (const { task, caller, site } of held.inside) {
    if (state[task] === State.ended) continue;
    const row = trace.rowOf(task);
    const named = trace.isNameless(trace.tasks.name[task]!) ? trace.rowOf(caller) : row;
    found.set(row, { row, named, site });
  }
  for (const { task, site, t } of held.passages) {
    const gaveBack = held.uses.some((use) => use.by === task && use.t >= t);
    if (state[task] === State.ended || gaveBack || !isTaking(trace, site)) continue;
    // It will not give it back: the rule not-released tells of it.
    if (isLeftGenerator(trace, task)) continue;
    const row = trace.rowOf(task);
    if (!found.has(row)) found.set(row, { row, named: row, site });
  }
  return [...found.values()];
}

/** Whether the call asks for something to keep, by the name of what it calls. */
export function isTaking(trace: Trace, site: number): boolean {
  return TAKES.test(trace.sites[site]?.text ?? '');
}

/** What locks, pools and semaphores call it. */
const TAKES =
  /\b(?:acquire|lock|take|connect|checkout|check_out|enter|borrow|reserve|wait|down|get)\w*(?:<.*>)?\s*\(/i;

/** Crosses out whatever something outside could still let go on. */
function stuckOnes(
  needs: ReadonlyMap<number, Needs>,
  holders: ReadonlyMap<number, readonly Holder[]>,
): readonly [rows: ReadonlySet<number>, resources: ReadonlySet<number>] {
  const rows = new Set(needs.keys());
  const resources = new Set([...holders.keys()].filter((resource) => holders.get(resource)!.length > 0));
  const isStuck = ({ rows: tasks, resources: asked, isAny, hasUnknown }: Needs): boolean => {
    if (isAny && hasUnknown) return false;
    const stuck = [...tasks.map((row) => rows.has(row)), ...asked.map((resource) => resources.has(resource))];
    return stuck.length > 0 && (isAny ? stuck.every(Boolean) : stuck.some(Boolean));
  };
  for (let changed = true; changed;) {
    changed = false;
    for (const row of rows) if (!isStuck(needs.get(row)!)) changed = rows.delete(row) || changed;
    for (const resource of resources)
      if (holders.get(resource)!.some(({ row }) => !rows.has(row)))
        changed = resources.delete(resource) || changed;
  }
  return [rows, resources];
}

/** Sets of stuck resources that lead back to themselves, each once. */
function components(
  rows: ReadonlySet<number>,
  resources: ReadonlySet<number>,
  needs: ReadonlyMap<number, Needs>,
  holders: ReadonlyMap<number, readonly Holder[]>,
): number[][] {
  const reachable = new Map<number, Set<number>>();
  for (const resource of resources) reachable.set(resource, resourcesBehind(resource));
  const seen = new Set<number>();
  const found: number[][] = [];
  for (const [resource, behind] of reachable) {
    if (seen.has(resource) || !behind.has(resource)) continue;
    const members = [...behind].filter((other) => reachable.get(other)!.has(resource)).sort((a, b) => a - b);
    for (const member of members) seen.add(member);
    found.push(members);
  }
  return found;

  function resourcesBehind(start: number): Set<number> {
    const behind = new Set<number>();
    const seenRows = new Set<number>();
    const left = holders.get(start)!.map(({ row }) => row);
    for (let row = left.pop(); row !== undefined; row = left.pop()) {
      if (seenRows.has(row) || !rows.has(row)) continue;
      seenRows.add(row);
      const { rows: tasks, resources: asked } = needs.get(row)!;
      left.push(...tasks);
      for (const resource of asked) {
        if (!resources.has(resource) || behind.has(resource)) continue;
        behind.add(resource);
        left.push(...holders.get(resource)!.map((holder) => holder.row));
      }
    }
    return behind;
  }
}
