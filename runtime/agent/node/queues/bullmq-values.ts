/** What BullMQ's objects hold, read without running anything of theirs. */
import { plainProperty } from '../builtins/inspect-safely.ts';

/** `bull:words` */
export const qualifiedNameOf = (part: object): string => textAt(part, 'qualifiedName');

export const sandboxKey = (pid: number, queue: string, id: string): string =>
  `sandbox of ${pid} ${queue}:${id}`;

/** `127.0.0.1:6379/0`: of the options, or of the client that was given in their place. */
export function serverOf(part: object): string {
  const given = objectAt(objectAt(part, 'opts') ?? {}, 'connection') ?? {};
  const options = objectAt(given, 'options') ?? given;
  const host = textAt(options, 'host');
  const port = plainProperty(options, 'port');
  const db = plainProperty(options, 'db');
  const shown = host === '' || host === 'localhost' ? '127.0.0.1' : host;
  return `${shown}:${typeof port === 'number' ? port : 6379}/${typeof db === 'number' ? db : 0}`;
}

export function attemptOf(job: object): number {
  const made = plainProperty(job, 'attemptsMade');
  return typeof made === 'number' ? made + 1 : 1;
}

/** How long a retry is held back, where the options alone tell; 0: they do not, or it is not. */
export function backoffMs(options: object, attempt: number): number {
  const backoff = plainProperty(options, 'backoff');
  if (typeof backoff === 'number') return backoff;
  if (typeof backoff !== 'object' || backoff === null) return 0;
  const delay = plainProperty(backoff, 'delay');
  const jitter = plainProperty(backoff, 'jitter');
  const type = textAt(backoff, 'type');
  if (typeof delay !== 'number' || (jitter !== undefined && jitter !== 0 && jitter !== null)) return 0;
  if (type === 'fixed') return delay;
  return type === 'exponential' ? delay * 2 ** (attempt - 1) : 0;
}

export function includes(list: readonly string[], wanted: string): boolean {
  for (let i = 0; i < list.length; i++) if (list[i] === wanted) return true;
  return false;
}

export function nameOfError(error: unknown): string {
  const name = typeof error === 'object' && error !== null ? plainProperty(error, 'name') : null;
  return typeof name === 'string' && name !== '' ? name : 'an error';
}

export function objectAt(object: object | null, key: string): object | null {
  const value = object === null ? null : plainProperty(object, key);
  return (typeof value === 'object' || typeof value === 'function') && value !== null ? value : null;
}

export function textAt(object: object, key: string): string {
  const value = plainProperty(object, key);
  return typeof value === 'string' ? value : '';
}
