/**
 * Tells when the program reads a request or writes to its answer. What is watched becomes an
 * accessor that gives Node's own method or value: so no frame of ours is on a stack, in an error
 * that the method throws or in what it calls.
 */
import { builtIns } from '../../../recorder/built-ins.ts';
import { watchReads } from '../builtins/watch-reads.ts';

const { apply, defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = builtIns;

type OnTouch = (self: object) => void;

const METHODS = [
  'setHeader',
  'setHeaders',
  'appendHeader',
  'getHeader',
  'getHeaders',
  'hasHeader',
  'removeHeader',
  'flushHeaders',
  'writeHead',
  'write',
];
/** A prototype has its first value, and an assignment makes it the answer's own. */
const VALUES = ['statusCode', 'statusMessage'];

/**
 * Watches all answers from here on.
 * @param onTouch never throws
 * @returns what restores the originals
 */
export function watchAnswers(answer: object, onTouch: OnTouch): (() => void)[] {
  return [...METHODS, ...VALUES].flatMap((name) => {
    const host = hostOf(answer, name);
    return host === null ? [] : [watchReads(host, name, onTouch)];
  });
}

/**
 * Watches who reads the headers of one request. Node's accessor of them cannot be replaced: the
 * request gets one of its own, which no listing of its properties shows.
 */
export function watchHeaders(request: object, onTouch: OnTouch): void {
  const host = hostOf(request, 'headers');
  const former = host === null ? undefined : getOwnPropertyDescriptor(host, 'headers');
  const { get: read, set: write } = former ?? {};
  if (read === undefined || write === undefined) return;
  defineProperty(request, 'headers', {
    configurable: true,
    enumerable: false,
    get(this: object): unknown {
      onTouch(this);
      return apply(read, this, []);
    },
    set(this: object, next: unknown): void {
      apply(write as (next: unknown) => unknown, this, [next]);
    },
  });
}

/** The prototype that has the property; null: none has, or the object itself does. */
function hostOf(object: object, name: string): object | null {
  let host = getPrototypeOf(object);
  while (host !== null && getOwnPropertyDescriptor(host, name) === undefined) host = getPrototypeOf(host);
  return host;
}
