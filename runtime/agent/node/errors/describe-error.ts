/**
 * The text and the place of an error. It refuses to run any code of the user's: no getter, no proxy
 * trap, no `toString`, no `prepareStackTrace`. A text has a bound, for messages may hold whole
 * documents.
 */
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { builtIns } from '../../../recorder/built-ins.ts';
import { typeNameOf } from '../builtins/inspect-safely.ts';

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { matches, slice } = builtIns;
const { stringify } = JSON;

const MAX_CHARACTERS = 300;
const MAX_FRAMES = 50;
/** Bound on the prototype chain that is searched for a text. */
const MAX_CLASSES = 20;

/** Newer versions of V8 keep the stack behind an accessor of V8's own. */
const stackGetter = getOwnPropertyDescriptor(new Error(''), 'stack')?.get;
const domMessage =
  typeof DOMException === 'function'
    ? getOwnPropertyDescriptor(DOMException.prototype, 'message')?.get
    : undefined;
const domName =
  typeof DOMException === 'function'
    ? getOwnPropertyDescriptor(DOMException.prototype, 'name')?.get
    : undefined;

/**
 * "TypeError: no such column"; for a value that is no error, the value or its class. Never empty.
 */
export function describeError(error: unknown): string {
  if (typeof error === 'string') return shortened(stringify(error));
  if (typeof error === 'function') return 'a function';
  if (typeof error !== 'object' || error === null) return shortened(String(error));
  if (types.isProxy(error)) return 'a proxy';
  const name = nameOfError(error);
  const message = textOf(error, 'message') ?? readAccessor(domMessage, error) ?? '';
  if (name === '' && message === '') return 'an object';
  return shortened(message === '' ? name : `${name || 'an object'}: ${message}`);
}

/** "TypeError", "AbortError": its own name, or else that of its class. '': it has none. */
export function nameOfError(error: object): string {
  const type = typeNameOf(error);
  const className = type === 'Object' ? '' : type;
  const ownName = textOf(error, 'name') ?? readAccessor(domName, error) ?? '';
  return ownName === '' || ownName === 'Error' ? className || ownName : ownName;
}

/** The name of its class alone: a program has few of these. */
export function classOfError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return `a ${error === null ? 'null' : typeof error}`;
  return typeNameOf(error) || 'an object';
}

export interface StackFrame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** '' where the stack names none. */
  readonly fn: string;
}

/**
 * Where in the user's own files an error was made.
 * @param formatter `stackFormatter()` as it was before the program could put its own there
 * @param agentFolder frames of files in it are passed over
 * @returns null when the stack does not say, or when reading it would run the user's code
 */
export function placeOfError(error: unknown, formatter: unknown, agentFolder: string): StackFrame | null {
  if (typeof error !== 'object' || error === null || !types.isNativeError(error)) return null;
  if (types.isProxy(error) || stackFormatter() !== formatter) return null;
  const stack = getOwnPropertyDescriptor(error, 'stack');
  const text: unknown =
    stack?.get !== undefined && stack.get === stackGetter
      ? Reflect.apply(stack.get, error, [])
      : stack?.value;
  return typeof text === 'string' ? placeInStack(text, agentFolder) : null;
}

/**
 * The first frame of the user's own files; null: there is none.
 * @param toSource gives the frame in the source, where what runs was compiled from one
 */
export function placeInStack(
  text: string,
  agentFolder: string,
  toSource: (frame: StackFrame) => StackFrame = (frame) => frame,
): StackFrame | null {
  for (const line of text.split('\n').slice(0, MAX_FRAMES)) {
    const frame = frameOf(line);
    if (frame === null || isOfPackage(frame.file) || frame.file.startsWith(agentFolder)) continue;
    const inSource = toSource(frame);
    if (!isOfPackage(inSource.file)) return inSource;
  }
  return null;
}

/** @param file a path, or the URL of one */
export const isOfPackage = (file: string): boolean => /[\\/]node_modules[\\/]/.test(file);

function frameOf(line: string): StackFrame | null {
  const match = /^ {4}at (?:(?:async )?(.*?) \()?((?:file:\/\/|\/|[A-Za-z]:\\).*?):(\d+):(\d+)\)?$/.exec(
    line,
  );
  if (match === null) return null;
  const [, fn = '', url, lineNumber, column] = match;
  let file = url!;
  try {
    if (file.startsWith('file:')) file = fileURLToPath(file);
  } catch {
    return null;
  }
  return { file, line: Number(lineNumber), column: Number(column), fn: fn.replace(/ \[as [^\]]*\]$/, '') };
}

/** A text kept as plain data, on the object or on its prototypes. */
function textOf(object: object, key: string): string | null {
  let holder: unknown = object;
  for (let i = 0; i < MAX_CLASSES; i++) {
    if (typeof holder !== 'object' || holder === null || types.isProxy(holder)) return null;
    const found = getOwnPropertyDescriptor(holder, key);
    if (found !== undefined) return typeof found.value === 'string' ? found.value : null;
    holder = getPrototypeOf(holder);
  }
  return null;
}

/** The value of an accessor of Node's own; null where the object is no DOMException. */
function readAccessor(getter: (() => unknown) | undefined, object: object): string | null {
  if (getter === undefined || typeNameOf(object) !== 'DOMException') return null;
  try {
    return String(Reflect.apply(getter, object, []));
  } catch {
    return null;
  }
}

/** The function that makes a stack's text when it is first read; undefined: V8 itself does. */
export function stackFormatter(): unknown {
  return getOwnPropertyDescriptor(Error, 'prepareStackTrace')?.value;
}

/** On one line, and cut. It runs while the program does, so it uses no method of a text. */
function shortened(text: string): string {
  const head = slice(text, 0, MAX_CHARACTERS * 2);
  let line = '';
  const words = /\S+/g;
  for (let word = matches(words, head); word !== null; word = matches(words, head)) {
    line += line === '' ? word[0] : ` ${word[0]}`;
  }
  return line.length <= MAX_CHARACTERS ? line : `${slice(line, 0, MAX_CHARACTERS - 1)}…`;
}
