/**
 * What a row of the tree is called: the part of its name that tells it from its neighbours comes first, since a tree is
 * narrow. Places go into the hint, which is let go first; the whole name is in the row's tooltip.
 */
import { displayPath, displayPlace } from '../../runtime/trace/model/display-path.ts';
import { ACTIVATION_KINDS, RESOURCE_KINDS } from '../../runtime/trace/format/kinds.ts';
import type { Row } from './rows.ts';
import { laneName, processName } from './selection-details.ts';
import type { Session } from './session.ts';

export interface TreeName {
  readonly name: string;
  /** As sentences say it. */
  readonly whole: string;
  readonly hint: string;
}

const same = (name: string, hint: string): TreeName => ({ name, whole: name, hint });

export function treeName(session: Session, row: Row): TreeName {
  const { trace } = session;
  switch (row.kind) {
    case 'process':
      return short(processName(session, row.index), `pid ${trace.processes[row.index]!.pid}`);
    case 'lane': {
      const { process } = trace.lanes[row.index]!;
      if (row.depth > 0) return same(laneName(session, row.index), '');
      return short(processName(session, process), laneName(session, row.index));
    }
    case 'task':
      return taskName(session, row.index);
    case 'ended':
      return same(`${row.index.toLocaleString('en')} finished`, '');
    case 'resource': {
      const resource = trace.resources[row.index]!;
      const kind = RESOURCE_KINDS[resource.kind] || 'resource';
      return resource.name === '' ? same(kind, '') : same(resource.name, kind);
    }
  }
}

function taskName({ trace }: Session, task: number): TreeName {
  const whole = trace.labelOf(task);
  const site = trace.sites[trace.tasks.site[task]!];
  const where = site ? displayPlace(site) : '';
  const given = trace.text(trace.tasks.name[task]!) || (site?.fn ?? '');
  const kind = ACTIVATION_KINDS[trace.tasks.kind[task]!] ?? '';
  // The file's own code: a function may well be called "main".
  if (kind === 'main') return { name: whole, whole, hint: 'top level' };
  if (kind === 'timer-callback')
    return { name: whole.replace(' callback', ''), whole, hint: where || 'callback' };
  if (site && given === '<module>')
    return { name: withoutEnding(displayPath(site.file)), whole, hint: 'module' };
  if (site && whole.includes(` ${where}`)) {
    // "request handler", "callback", "task": the place is the hint's.
    const name = whole.replace(` ${where}`, '').replace(/^(callback|task) at/, '$1');
    return { name, whole, hint: where };
  }
  return { name: withoutEnding(whole).replaceAll('[Symbol.', '['), whole, hint: where };
}

const short = (whole: string, hint: string): TreeName => ({ name: withoutEnding(whole), whole, hint });

/** "shop" of "shop.ts"; "Store.load" stays. */
const withoutEnding = (name: string): string => name.replace(/(?<=.)\.[cm]?[jt]sx?$/, '');
