/**
 * The object that a call asks: `limit` of `limit(f)`, `this.pool` of `this.pool.connect()`, `knex`
 * of `knex('orders').insert(row)`. A probe gets its root and finds the rest by name. Reading a
 * variable again runs no code of the user's; reading a property could, so the probe reads plain
 * properties alone (`probes/receivers.ts`).
 */
import type { SiteReceiver } from '../contract/probe-set.ts';
import { type Node, unwrapped } from './syntax-tree.ts';

export interface Receiver {
  /** The expression that is evaluated again: a variable, `this`, or a private field. */
  readonly root: string;
  /** The names of the properties that lead to the object from there. */
  readonly keys: readonly string[];
}

/** For the site table. */
export const describeReceiver = ({ root, keys }: Receiver): SiteReceiver => ({
  name: [root, ...keys].join('.'),
  keys,
  ...(root === 'this' ? { ofThis: true as const } : {}),
});

/** What these return is known otherwise, or waits for nothing. */
const NO_RECEIVERS: ReadonlySet<string> = new Set([
  ...['Promise', 'Object', 'Array', 'JSON', 'Math', 'Reflect', 'console', 'Number', 'String', 'Symbol'],
  ...['import', 'super', 'require', 'eval', 'arguments', 'undefined', 'globalThis'],
]);

/** A longer way is not gone: the work at an `await` has a bound. */
const MAX_PARTS = 5;

/**
 * @param source of the whole file
 * @returns null: the call names no object, or reading it again could run code of the user's
 */
export function receiverOf(expression: Node, source: string): Receiver | null {
  const call = plain(expression);
  return call.type === 'CallExpression' ? receiverOfCallee(plain(call['callee']), source) : null;
}

function receiverOfCallee(callee: Node, source: string): Receiver | null {
  if (callee.type === 'Identifier') return rooted(callee['name'], []);
  if (callee.type !== 'MemberExpression') return null;
  const parts: string[] = [];
  let at = plain(callee['object']);
  while (at.type === 'MemberExpression') {
    if (at['computed'] === true) return null;
    const key: Node = at['property'];
    const object = plain(at['object']);
    if (key.type === 'PrivateIdentifier') {
      if (object.type !== 'ThisExpression' || hasPrivateAccessor(source, key['name'])) return null;
      return rooted(`this.#${key['name']}`, parts);
    }
    parts.unshift(key['name']);
    at = object;
  }
  if (at.type === 'Identifier') return rooted(at['name'], parts);
  if (at.type === 'ThisExpression') return parts.length === 0 ? null : rooted('this', parts);
  return at.type === 'CallExpression' ? receiverOfCallee(plain(at['callee']), source) : null;
}

function rooted(root: string, parts: readonly string[]): Receiver | null {
  if (NO_RECEIVERS.has(root) || parts.length > MAX_PARTS) return null;
  return { root, keys: parts };
}

/** By the text alone: a `get #name` of any class in the file. */
function hasPrivateAccessor(source: string, name: string): boolean {
  return new RegExp(`\\bget\\s+#${name.replaceAll('$', '\\$')}\\b`).test(source);
}

/** By the text alone: the file declares a function or a class of this name. */
export function isFunctionOfFile(name: string, source: string): boolean {
  const escaped = name.replaceAll('$', '\\$');
  if (!/^[\p{ID_Continue}$]+$/u.test(name)) return false;
  const values = '(?:async\\b|function\\b|class\\b|\\([^()]*\\)\\s*(?::[^=]+)?=>|[\\w$]+\\s*=>)';
  const declared = `(?:function\\s*\\*?|class)\\s+${escaped}(?![\\w$])`;
  return new RegExp(`\\b${declared}|(?<![\\w$.])${escaped}\\s*=\\s*${values}`).test(source);
}

/** Whether a call gives back or stops what it is called on, by its name. */
export function isRelease(expression: Node): boolean {
  return RELEASES.test(calledName(expression));
}

/** `x.write(y)`, `x.emit(y)`: their value says whether somebody took it. */
export function tellingOf(expression: Node): { tells?: 'write' | 'emit' } {
  const name = calledName(expression);
  return name === 'write' || name === 'emit' ? { tells: name } : {};
}

/** "release" of `a.release(x)` and of `release(x)`; '' for what is no call of a name. */
function calledName(expression: Node): string {
  const call = plain(expression);
  if (call.type !== 'CallExpression') return '';
  const callee = plain(call['callee']);
  const name: unknown =
    callee.type === 'MemberExpression' && callee['computed'] !== true
      ? callee['property']['name']
      : callee['name'];
  return typeof name === 'string' ? name : '';
}

/** What libraries call it when a permit or a connection goes back, or a queue stands still. */
const RELEASES =
  /^(?:release|unlock|free|dispose|destroy|pause|resume|start|stop|done|end|close|leave|signal|giveBack)/i;

/** Looks through parentheses, types and `?.`. */
function plain(node: Node): Node {
  let at = unwrapped(node);
  while (WRAPPERS.has(at.type)) at = unwrapped(at['expression']);
  return at;
}

const WRAPPERS: ReadonlySet<string> = new Set([
  'ChainExpression',
  'TSNonNullExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSTypeAssertion',
]);
