/**
 * The object that a call asks: `limit` of `limit(f)`, `this.pool` of `this.pool.connect()`, `knex`
 * of `knex('orders').insert(row)`. A probe gets its root and finds the rest by name. Reading a
 * variable again runs no code of the user's; reading a property could, so the probe reads plain
 * properties alone (`probes/receivers.ts`).
 */
import type { SiteReceiver, Telling } from '../contract/probe-set.ts';
import { isOfCompiler } from './compiled-text.ts';
import { type Node, unwrapped } from './syntax-tree.ts';

export interface Receiver {
  /** The expression that is evaluated again: a variable, `this`, or a private field. */
  readonly root: string;
  /** The names of the properties that lead to the object from there. */
  readonly keys: readonly string[];
  /** The variable that holds the key whose name is ''; absent: all are known. */
  readonly index?: string;
  /** The variable that holds the name of the event which it emits, with a property perhaps. */
  readonly event?: { readonly root: string; readonly key?: string };
}

/** For the site table. */
export const describeReceiver = ({ root, keys, index, event }: Receiver): SiteReceiver => ({
  name: root + keys.map((key) => (key === '' ? `[${index}]` : `.${key}`)).join(''),
  keys,
  ...(root === 'this' ? { ofThis: true as const } : {}),
  ...(index === undefined ? {} : { index }),
  ...(event === undefined ? {} : { event: event.key ?? '' }),
});

/** What is evaluated again: the root, and with it the key or name that the text does not tell. */
export const rootText = ({ root, index, event }: Receiver): string => {
  const other = index ?? event?.root;
  return other === undefined ? root : `[${root},${other}]`;
};

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
  const call = withoutPromise(plain(expression));
  return call.type === 'CallExpression' ? receiverOfCallee(plain(call['callee']), source) : null;
}

/** `pool.acquire()` of `pool.acquire().promise`: what is asked gives more than a promise. */
function withoutPromise(node: Node): Node {
  if (node.type !== 'MemberExpression' || node['computed'] === true) return node;
  const object = plain(node['object']);
  return node['property']['name'] === 'promise' && object.type === 'CallExpression' ? object : node;
}

/** The emitter, target or stream of a call that tells something: it may be `this` itself. */
export function receiverOfTelling(expression: Node, source: string): Receiver | null {
  const call = plain(expression);
  if (call.type !== 'CallExpression') return null;
  const callee = plain(call['callee']);
  if (callee.type !== 'MemberExpression') return null;
  const isThis = plain(callee['object']).type === 'ThisExpression';
  const receiver: Receiver | null = isThis ? { root: 'this', keys: [] } : receiverOfCallee(callee, source);
  if (receiver === null || receiver.index !== undefined || calledName(call) !== 'emit') return receiver;
  const event = emittedName(call);
  return event === null ? receiver : { ...receiver, event };
}

/** Of `emit(type)` and `emit(message.type)`; null: the text has the name, or it is made anew. */
function emittedName(call: Node): NonNullable<Receiver['event']> | null {
  const [first] = call['arguments'] as readonly (Node | undefined)[];
  if (first === undefined || first.type === 'SpreadElement') return null;
  const name = plain(first);
  if (name.type === 'Identifier') return { root: name['name'] as string };
  if (name.type !== 'MemberExpression' || name['computed'] === true) return null;
  const object = plain(name['object']);
  const key: Node = name['property'];
  if (object.type !== 'Identifier' || key.type !== 'Identifier') return null;
  return { root: object['name'] as string, key: key['name'] as string };
}

/**
 * The emitter that a package's function is to wait for: of `await pEvent(emitter, 'open')`, and of
 * `await emitter.waitFor('open')`; and of `await emitter.emit('open')`, which may give a promise.
 */
export function receiverOfAwaitedEvent(call: Node, parent: Node, source: string): Receiver | null {
  if (parent.type !== 'AwaitExpression') return null;
  if (calledName(call) === 'emit' || asksForEvent(call)) return receiverOfTelling(call, source);
  if (TELLING.has(calledName(call))) return null;
  const [emitter, name] = call['arguments'] as readonly (Node | undefined)[];
  if (emitter === undefined || name?.type !== 'Literal') return null;
  const text: unknown = name['value'];
  if (typeof text !== 'string' || ENCODING.test(text)) return null;
  const object = plain(emitter);
  if (object.type === 'ThisExpression') return { root: 'this', keys: [] };
  if (object.type === 'Identifier') return rooted(object['name'], [], undefined);
  if (object.type !== 'MemberExpression' || object['computed'] === true) return null;
  const of = receiverOfCallee(object, source);
  const key: Node = object['property'];
  if (of === null || key.type !== 'Identifier' || of.keys.length >= MAX_PARTS) return null;
  return { ...of, keys: [...of.keys, key['name'] as string] };
}

/** `emitter.once('open')`: by its name the call waits for what its first argument names. */
export function asksForEvent(call: Node): boolean {
  const [name] = call['arguments'] as readonly (Node | undefined)[];
  const text: unknown = name?.type === 'Literal' ? name['value'] : undefined;
  return typeof text === 'string' && EVENT.test(text) && WAITS.test(calledName(call));
}

/** A name, with parts perhaps: no sentence, path or query. */
const EVENT = /^[\w.:*#-]+$/;
/** What packages call it, and people in classes of their own. */
const WAITS = /^(?:once|wait|await|until|when|next|expect|listen|receive|event|untilEvent|on[A-Z])/;

/** The second argument of a call that reads or writes a text. */
const ENCODING = /^(?:utf-?8|utf-?16le|ucs-?2|ascii|latin1|binary|hex|base64(?:url)?)$/i;

function receiverOfCallee(callee: Node, source: string): Receiver | null {
  if (callee.type === 'Identifier') return rooted(callee['name'], [], undefined);
  if (callee.type !== 'MemberExpression') return null;
  const parts: string[] = [];
  let index: string | undefined;
  let at = plain(callee['object']);
  while (at.type === 'MemberExpression') {
    const key: Node = at['property'];
    const object = plain(at['object']);
    if (key.type === 'PrivateIdentifier') {
      if (object.type !== 'ThisExpression' || hasPrivateAccessor(source, key['name'])) return null;
      return rooted(`this.#${key['name']}`, parts, index);
    }
    if (at['computed'] !== true) parts.unshift(key['name']);
    else if (key.type === 'Identifier' && index === undefined) {
      index = key['name'] as string;
      parts.unshift('');
    } else return null;
    at = object;
  }
  if (at.type === 'Identifier') return rooted(at['name'], parts, index);
  if (at.type === 'ThisExpression') return parts.length === 0 ? null : rooted('this', parts, index);
  return at.type === 'CallExpression' ? receiverOfCallee(plain(at['callee']), source) : null;
}

function rooted(root: string, keys: readonly string[], index: string | undefined): Receiver | null {
  if (NO_RECEIVERS.has(root) || isOfCompiler(root) || keys.length > MAX_PARTS) return null;
  return index === undefined ? { root, keys } : { root, keys, index };
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

/** Whether a call takes something to keep from what it is called on, by its name. */
export function isTaking(expression: Node): boolean {
  return TAKES.test(calledName(expression));
}

/** What people call it in classes of their own; a class that also gives back is a lock. */
const TAKES = /^(?:acquire|lock|take|enter|borrow|reserve|checkout|check_out|down$|p$|wait$)/i;

/** Calls of streams, emitters, event targets, AbortControllers: what came of them is looked at. */
export function tellingOf(expression: Node): { tells?: Telling } {
  const tells = TELLING.get(calledName(expression));
  return tells === undefined ? {} : { tells };
}

/**
 * `client.send(data)`: what it is sent to may keep it. Not in a file that compares `bufferedAmount`
 * with something: it looks at what is kept.
 */
export const isSending = (call: Node, source: string): boolean =>
  calledName(call) === 'send' && !(source.includes('bufferedAmount') && COMPARES.test(source));

const COMPARES =
  /\bbufferedAmount\)?\s*(?:[<>]|[!=]==?)|(?:(?<!=)[<>]=?|[!=]==?)\s*[\w$.?[\]]*\bbufferedAmount\b/;

export const isTelling = (call: Node): boolean => tellingOf(call).tells !== undefined;

const TELLING: ReadonlyMap<string, Telling> = new Map([
  ['write', 'write'],
  ['emit', 'emit'],
  ['dispatchEvent', 'dispatch'],
  ['abort', 'abort'],
  ['on', 'listen'],
  ['once', 'listen'],
  ['addListener', 'listen'],
  ['addEventListener', 'listen'],
]);

/**
 * "release" of `a.release(x)`, of `release(x)` and of `(0, a.release)(x)`, as compilers write it;
 * '' for what is no call of a name.
 */
export function calledName(expression: Node): string {
  const call = plain(expression);
  if (call.type !== 'CallExpression' && call.type !== 'NewExpression') return '';
  const given = plain(call['callee']);
  const callee =
    given.type === 'SequenceExpression' ? plain((given['expressions'] as Node[]).at(-1)!) : given;
  const name: unknown =
    callee.type === 'MemberExpression' && callee['computed'] !== true
      ? callee['property']['name']
      : callee['name'];
  return typeof name === 'string' ? name : '';
}

/** What libraries call it when a permit or a connection goes back, or a queue stands still. */
const RELEASES =
  /^(?:release|unlock|free|dispose|destroy|pause|resume|start|stop|done|end|close|leave|signal|up$|clear(?:Queue)?$|kill|(?:give|put|check|hand)_?(?:back|in)|return[A-Z]|restore|vacate)/i;

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
