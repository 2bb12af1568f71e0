/**
 * Tells when the program reads a request or writes to its answer. What is watched becomes an
 * accessor that gives Node's own method or value: so no frame of ours is on a stack, in an error
 * that the method throws or in what it calls.
 */
import { builtIns } from '../../../recorder/built-ins.ts';
import { plainProperty } from '../builtins/inspect-safely.ts';
import { watchReads } from '../builtins/watch-reads.ts';

const { apply, defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = builtIns;

/** @param name what is read or set */
type OnTouch = (self: object, name: string) => void;

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
/** The prototype has its first value, and an assignment makes it the answer's own. */
const VALUES = ['statusCode', 'statusMessage'];

/**
 * Watches all answers from here on.
 * @param onTouch never throws
 * @returns what restores the originals
 */
export function watchAnswers(answer: object, onTouch: OnTouch): (() => void)[] {
  return watchAll(METHODS, answer, onTouch);
}

/** As `watchAnswers`, of what an answer's status is set to: each answer pays for it. */
export function watchStatus(answer: object, onTouch: OnTouch): (() => void)[] {
  return watchAll(VALUES, answer, onTouch);
}

/** As `watchAnswers`, of an answer's events: `onClose` hears of one whose connection has closed. */
export function watchClose(answer: object, onClose: OnTouch): (() => void)[] {
  return watchAll(['emit'], answer, (self) => {
    // Node sets it just before it tells that the connection has closed.
    if (plainProperty(self, 'destroyed') === true) onClose(self, 'emit');
  });
}

function watchAll(names: readonly string[], answer: object, onTouch: OnTouch): (() => void)[] {
  // Its own prototype: what it inherits, the requests of clients have, too.
  const prototype = getPrototypeOf(answer);
  if (prototype === null) return [];
  return names.map((name) =>
    watchReads(prototype, name, (self) => {
      onTouch(self, name);
    }),
  );
}

/**
 * Makes what watches who reads the headers of one request. Node's accessor of them cannot be
 * replaced: the request gets one of its own, which no listing of its properties shows. It is the
 * same for all, so that V8 knows one more shape of requests and not one for each.
 */
export function headersWatcher(anyRequest: object, onTouch: OnTouch): (request: object) => void {
  const host = hostOf(anyRequest, 'headers');
  const { get: read, set: write } = (host && getOwnPropertyDescriptor(host, 'headers')) ?? {};
  if (read === undefined || write === undefined) return () => {};
  const descriptor = {
    configurable: true,
    enumerable: false,
    get(this: object): unknown {
      onTouch(this, 'headers');
      return apply(read, this, []);
    },
    set(this: object, next: unknown): void {
      apply(write as (next: unknown) => unknown, this, [next]);
    },
  };
  return (request) => {
    defineProperty(request, 'headers', descriptor);
  };
}

/** The prototype that has the property; null: none has. */
function hostOf(object: object, name: string): object | null {
  let host = getPrototypeOf(object);
  while (host !== null && getOwnPropertyDescriptor(host, name) === undefined) host = getPrototypeOf(host);
  return host;
}
