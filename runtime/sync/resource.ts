/** What every queue and every thing to synchronise by has in common: a name for messages and, traced, a record of its making with its line. */
import { fileURLToPath } from 'node:url';
import { F, K, numberOf, SITE_ROLES, type ResourceKind } from '../trace/format/kinds.ts';
import { recorder, resourceKind, traced } from '../tasks/trace.ts';
import { asking } from './line.ts';

const CALL = numberOf(SITE_ROLES, 'call');

/** @returns its id in the trace; 0 untraced. `capacity` Infinity: without bound. */
export function beginResource(kind: ResourceKind, name: string, capacity: number, made: Function): number {
  if (!traced) return 0;
  const id = recorder.nextId();
  const isBounded = capacity !== Infinity;
  const flags = resourceKind(kind) | (isBounded ? F.resourceBounded : 0);
  const site = siteOf(made, `new ${made.name}`);
  recorder.write(K.resourceBegin, flags, asking(), id, site, recorder.text(name), isBounded ? capacity : 0);
  return id;
}

/** A thing of the library as messages name it: `queue "orders"`, or `the queue`. */
export const called = (kind: string, name: string): string =>
  name === '' ? `the ${kind}` : `${kind} "${name}"`;

/** @throws TypeError for a name that is no text. */
export function checkName(kind: string, name: unknown): string {
  if (name !== undefined && typeof name !== 'string')
    throw new TypeError(`the name of a ${kind} must be a string, not ${typeof name}`);
  return name ?? '';
}

const sites = new Map<string, number>();
/** Beyond so many lines nothing is looked up any more. */
const MOST_SITES = 10_000;

/** The site of the line that called `above`; 0 when the stack does not tell. */
function siteOf(above: Function, text: string): number {
  const at = /(?:^|\n)\s+at (?:(?:async )?(?:new )?(.+?) \()?((?:file:\/\/)?[^()\n]+):(\d+):(\d+)\)?/.exec(
    stackAbove(above),
  );
  if (at === null || at[2]!.startsWith('node:')) return 0;
  const known = sites.get(at[0]);
  if (known !== undefined) return known;
  if (sites.size >= MOST_SITES) return 0;
  const id = recorder.nextSites(1);
  recorder.site({
    id,
    file: pathOf(at[2]!),
    line: Number(at[3]),
    column: Number(at[4]),
    fn: at[1] ?? '',
    text,
    role: CALL,
    direct: false,
    lineHash: 0,
  });
  sites.set(at[0], id);
  return id;
}

/** A stack is the user's to rewrite (`Error.prepareStackTrace`); whatever comes of that must not reach the program. */
function stackAbove(above: Function): string {
  const holder: { stack?: unknown } = {};
  try {
    Error.captureStackTrace(holder, above);
    return typeof holder.stack === 'string' ? holder.stack : '';
  } catch {
    return '';
  }
}

function pathOf(file: string): string {
  try {
    return file.startsWith('file:') ? fileURLToPath(file) : file;
  } catch {
    return file;
  }
}
