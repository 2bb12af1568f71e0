/**
 * What a row of the tree is called. The tree is narrow: the name begins with what tells the row
 * from its neighbours. Kind and place go into the hint, which is cut off first. The full name is
 * in the row's tooltip.
 */
import { ACTIVATION_KINDS, RESOURCE_KIND, RESOURCE_KINDS } from '../../../runtime/trace/format/kinds.ts';
import { State } from '../../../runtime/trace/model/state.ts';
import { systemPid } from '../../../runtime/trace/model/machines.ts';
import { duration } from '../../../runtime/trace/words/duration.ts';
import { displayPath, displayPlace } from '../../../runtime/trace/model/display-path.ts';
import { laneName, processName } from './row-names.ts';
import type { Row } from '../session/row-tree.ts';
import type { Session } from '../session/session.ts';
import { grouped } from '../../../runtime/trace/format/grouped.ts';

export interface TreeName {
  readonly name: string;
  /** As sentences say it. */
  readonly fullName: string;
  readonly hint: string;
}

export function treeName(session: Session, row: Row): TreeName {
  const { trace } = session;
  switch (row.kind) {
    case 'process': {
      const fullName = processName(session, row.index);
      const hint = processHint(session, row.index);
      return { name: withoutFileEnding(fullName), fullName, hint };
    }
    case 'lane': {
      const lane = laneName(session, row.index);
      if (row.depth > 0) return unshortened(lane, '');
      // The row stands for the process, too: it is the only lane.
      const fullName = processName(session, trace.lanes[row.index]!.process);
      const machine = machineHint(session, trace.lanes[row.index]!.process);
      return { name: withoutFileEnding(fullName), fullName, hint: machine || lane };
    }
    case 'task':
      return taskName(session, row.index);
    case 'ended':
      return foldName(session, row);
    case 'resource': {
      const resource = trace.resources[row.index]!;
      const kind =
        resource.kind === RESOURCE_KIND.foreign
          ? 'who waits for it'
          : RESOURCE_KINDS[resource.kind] || 'resource';
      return resource.name === '' ? unshortened(kind, '') : unshortened(resource.name, kind);
    }
  }
}

/** "pid 4711", "pid 4711 on host-b ± 0.4 ms" */
function processHint(session: Session, index: number): string {
  const machine = machineHint(session, index);
  return `pid ${systemPid(session.trace.processes[index]!.pid)}${machine === '' ? '' : ` ${machine}`}`;
}

/** Of a trace of several machines: "on host-b ± 0.4 ms", by which its times may be off. */
function machineHint({ trace }: Session, index: number): string {
  const { machines, processes } = trace;
  const machine = machines.count > 1 ? machines.get(processes[index]!.machine) : null;
  if (machine === null) return '';
  const { name, uncertaintyNs } = machine;
  const off =
    uncertaintyNs === Infinity ? ' ± unknown' : uncertaintyNs > 0 ? ` ± ${duration(uncertaintyNs)}` : '';
  return `on ${name}${off}`;
}

function taskName(session: Session, task: number): TreeName {
  const { trace } = session;
  const fullName = trace.labelOf(task);
  const site = trace.sites[trace.tasks.site[task]!];
  const place = site ? displayPlace(site) : '';
  const ownName = trace.text(trace.tasks.name[task]!) || (site?.fn ?? '');
  const kind = ACTIVATION_KINDS[trace.tasks.kind[task]!] ?? '';
  // The code of the file itself. It keeps its ending: a function may well be called "main".
  if (kind === 'main') return unshortened(fullName, 'top level');
  if (kind === 'timer-callback')
    return { name: fullName.replace(' callback', ''), fullName, hint: place || 'callback' };
  if (site && ownName === '<module>' && (kind === 'module' || fullName.startsWith('module '))) {
    // The process's own file has given its name to the row above.
    const isEntry =
      kind === 'module' && displayPath(site.file) === processName(session, trace.tasks.process[task]!);
    return isEntry
      ? { name: 'top level', fullName, hint: place }
      : { name: withoutFileEnding(displayPath(site.file)), fullName, hint: 'module' };
  }
  if (site && fullName.includes(` ${place}`)) {
    // "request handler", "callback", "task": the place goes into the hint.
    const name = fullName.replace(` ${place}`, '').replace(/^(callback|task) at/, '$1');
    return { name, fullName, hint: place };
  }
  const name = withoutFileEnding(fullName).replaceAll('[Symbol.', '[');
  return { name: withoutKind(name), fullName, hint: place };
}

/** "get('/user')#3" of "request handler get('/user')#3", "on('data')" of "on('data') callback". */
export const withoutKind = (name: string): string =>
  name.replace(/^request handler (?=[\w$]+\()/, '').replace(/(?<=\)) callback(?=#|$)/, '');

/** "41 × query" where all of the folded tasks have one name. */
function foldName({ trace, tree }: Session, { key, index }: Row): TreeName {
  const members = tree.foldMembers(key);
  const first = members[0];
  const { name, site } = trace.tasks;
  const isAlike = (task: number): boolean => site[task] === site[first!] && name[task] === name[first!];
  const count = grouped(index);
  if (first === undefined || !members.every(isAlike)) return unshortened(`${count} finished`, '');
  const isOver = members.every((task) => trace.tasks.state[task] === State.ended);
  return unshortened(`${count} × ${trace.nameOf(first)}`, isOver ? 'finished' : '');
}

const unshortened = (name: string, hint: string): TreeName => ({ name, fullName: name, hint });

/** "shop" of "shop.ts"; "Store.load" stays. */
const withoutFileEnding = (name: string): string => name.replace(/(?<=.)\.[cm]?[jt]sx?$/, '');
