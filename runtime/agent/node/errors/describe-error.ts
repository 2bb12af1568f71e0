/**
 * An error in words and its place, without running anything of the user's: no getter, no proxy trap, no `toString`, no
 * `prepareStackTrace` of theirs. A text has a bound, for messages may hold whole documents.
 */
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { typeNameOf } from '../builtins/inspect-safely.ts';

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;

const MAX_CHARACTERS = 300;
const MAX_FRAMES = 50;
/** What a class of the user's may extend, at most so deep. */
const MAX_CLASSES = 20;

/** Newer versions of V8 keep the stack behind an accessor of their own. */
const stackGetter = getOwnPropertyDescriptor(new Error(''), 'stack')?.get;
const domMessage =
  typeof DOMException === 'function'
    ? getOwnPropertyDescriptor(DOMException.prototype, 'message')?.get
    : undefined;
const domName =
  typeof DOMException === 'function'
    ? getOwnPropertyDescriptor(DOMException.prototype, 'name')?.get
    : undefined;

/** "TypeError: no such column"; of what is no error, the value or the name of its class. Never empty. */
export function describeError(error: unknown): string {
  if (typeof error === 'string') return cut(JSON.stringify(error));
  if (typeof error === 'function') return 'a function';
  if (typeof error !== 'object' || error === null) return cut(String(error));
  if (types.isProxy(error)) return 'a proxy';
  const type = typeNameOf(error);
  const className = type === 'Object' ? '' : type;
  const own = textOf(error, 'name') ?? called(domName, error) ?? '';
  const name = own === '' || own === 'Error' ? className || own : own;
  const message = textOf(error, 'message') ?? called(domMessage, error) ?? '';
  if (name === '' && message === '') return 'an object';
  return cut(message === '' ? name : `${name || 'an object'}: ${message}`);
}

/** The name of its class alone, of which a program has few. */
export function classOfError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return `a ${error === null ? 'null' : typeof error}`;
  return typeNameOf(error) || 'an object';
}

export interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** '' where the stack names none. */
  readonly fn: string;
}

/**
 * Where in the user's own files it was made; null: the stack does not say, or looking would run the user's code.
 * @param formatter `stackFormatter()` as it was before the program could put its own there.
 */
export function placeOfError(error: unknown, formatter: unknown, ours: string): Frame | null {
  if (typeof error !== 'object' || error === null || !types.isNativeError(error)) return null;
  if (types.isProxy(error) || stackFormatter() !== formatter) return null;
  const stack = getOwnPropertyDescriptor(error, 'stack');
  const text: unknown =
    stack?.get !== undefined && stack.get === stackGetter
      ? Reflect.apply(stack.get, error, [])
      : stack?.value;
  if (typeof text !== 'string') return null;
  for (const line of text.split('\n').slice(0, MAX_FRAMES)) {
    const frame = frameOf(line);
    if (frame !== null && !/[\\/]node_modules[\\/]/.test(frame.file) && !frame.file.startsWith(ours))
      return frame;
  }
  return null;
}

function frameOf(line: string): Frame | null {
  const match = /^ {4}at (?:(?:async )?(.*?) \()?((?:file:\/\/|\/|[A-Za-z]:\\).*?):(\d+):(\d+)\)?$/.exec(
    line,
  );
  if (match === null) return null;
  const [, fn = '', place, at, column] = match;
  let file = place!;
  try {
    if (file.startsWith('file:')) file = fileURLToPath(file);
  } catch {
    return null;
  }
  return { file, line: Number(at), column: Number(column), fn: fn.replace(/ \[as [^\]]*\]$/, '') };
}

/** A text that is plainly there, on the object or on what it inherits from. */
function textOf(object: object, key: string): string | null {
  let at: unknown = object;
  for (let i = 0; i < MAX_CLASSES && typeof at === 'object' && at !== null && !types.isProxy(at); i++) {
    const found = getOwnPropertyDescriptor(at, key);
    if (found !== undefined) return typeof found.value === 'string' ? found.value : null;
    at = getPrototypeOf(at);
  }
  return null;
}

/** An accessor of Node's own; null: not for this object. */
function called(getter: (() => unknown) | undefined, object: object): string | null {
  if (getter === undefined || typeNameOf(object) !== 'DOMException') return null;
  try {
    return String(Reflect.apply(getter, object, []));
  } catch {
    return null;
  }
}

/** What makes a stack's text when it is first read; undefined: V8 itself. */
export function stackFormatter(): unknown {
  return getOwnPropertyDescriptor(Error, 'prepareStackTrace')?.value;
}

function cut(text: string): string {
  const line = text
    .slice(0, MAX_CHARACTERS * 2)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= MAX_CHARACTERS ? line : `${line.slice(0, MAX_CHARACTERS - 1)}…`;
}
