/**
 * Functions that are given a function to call once they are done, `(task, callback) => { … }`, and
 * where they call it. Only those that do nothing else with it: one that hands it on, keeps it or
 * gives it another value may be called back elsewhere.
 */
import { eachChild, isFunction, type Node, STATEMENT_LISTS, unwrapped } from './syntax-tree.ts';

const CALLBACK = /^(?:callback|cb|done|finished)$/;
/** What answers a request by other means; what a stream tells itself (stream-methods.ts). */
const ANSWERS = /^_?(?:res|response|reply|ctx|context|enc|encoding)$/;

export interface CallsBack {
  /** Of the last parameter. */
  readonly name: string;
  readonly calls: readonly Node[];
  /** By a call that comes second: the one that has been made before it. */
  readonly repeated: ReadonlyMap<Node, Node>;
  /**
   * The last arguments of calls in a `try` and in its `catch`: when they are there, the call is
   * about to be made.
   */
  readonly begun: ReadonlyMap<Node, 'try' | 'catch'>;
}

export const NEVER_CALLS_BACK: CallsBack = {
  name: '',
  calls: [],
  repeated: new Map(),
  begun: new Map(),
};

/**
 * @param fn a function with a block as its body
 * @returns null: it is no such function
 */
export function callsBack(fn: Node): CallsBack | null {
  const parameters = fn['params'] as readonly Node[];
  const name: unknown = parameters.at(-1)?.['name'];
  if (typeof name !== 'string' || !CALLBACK.test(name)) return null;
  if (parameters.some((parameter) => ANSWERS.test(String(parameter['name'])))) return null;
  const calls: Node[] = [];
  if (!isOnlyCalled(fn['body'], name, calls) || calls.length === 0) return null;
  const all = new Set(calls);
  return { name, calls, repeated: repeatedCalls(fn['body'], all), begun: begunCalls(fn['body'], all) };
}

/** `try { done(null, value); } catch (error) { done(error); }`: what `done` throws comes there. */
function begunCalls(body: Node, calls: ReadonlySet<Node>): CallsBack['begun'] {
  const begun = new Map<Node, 'try' | 'catch'>();
  const visit = (node: Node): void => {
    eachChild(node, visit);
    if (node.type !== 'TryStatement' || node['handler'] == null) return;
    const [given, inCatch] = [node['block'], node['handler']].map((each: Node) =>
      callsIn(each, calls).flatMap(lastArgument),
    ) as [Node[], Node[]];
    if (given.length === 0 || inCatch.length === 0) return;
    for (const each of given) begun.set(each, 'try');
    for (const each of inCatch) begun.set(each, 'catch');
  };
  visit(body);
  return begun;
}

function lastArgument(call: Node): readonly Node[] {
  const last = (call['arguments'] as readonly Node[]).at(-1);
  return last === undefined || last.type === 'SpreadElement' ? [] : [last];
}

/** Those among the calls that are made within the node itself. */
function callsIn(node: Node, calls: ReadonlySet<Node>): Node[] {
  const found: Node[] = [];
  const visit = (each: Node): void => {
    if (isFunction(each)) return;
    if (calls.has(each)) found.push(each);
    eachChild(each, visit);
  };
  visit(node);
  return found;
}

/**
 * Calls that come after another one has been made, by the later one: `if (error) done(error);
 * done(null, value);`. Between the two nothing leaves the function.
 */
function repeatedCalls(body: Node, calls: ReadonlySet<Node>): ReadonlyMap<Node, Node> {
  const repeated = new Map<Node, Node>();
  const visit = (node: Node): void => {
    if (STATEMENT_LISTS.has(node.type)) {
      const statements = (node['body'] ?? node['consequent']) as readonly Node[];
      let first: Node | null = null;
      for (const statement of statements) {
        const own = callOf(statement, calls);
        if (own !== null && first !== null) repeated.set(own, first);
        if (own !== null || leaves(statement)) first = null;
        else first = callInCondition(statement, calls) ?? first;
      }
    }
    eachChild(node, visit);
  };
  visit(body);
  return repeated;
}

/** The call that a statement is, or returns. */
function callOf(statement: Node | null | undefined, calls: ReadonlySet<Node>): Node | null {
  if (statement == null) return null;
  const isOne = statement.type === 'ExpressionStatement' || statement.type === 'ReturnStatement';
  const value = (isOne ? (statement['expression'] ?? statement['argument']) : null) as Node | null;
  return value !== null && calls.has(value) ? value : null;
}

/** The last call of `if (…) { … }` without an `else`, after which the code goes on behind it. */
function callInCondition(statement: Node, calls: ReadonlySet<Node>): Node | null {
  if (statement.type !== 'IfStatement' || statement['alternate'] != null) return null;
  const inner = statement['consequent'] as Node;
  if (inner.type !== 'BlockStatement') return inner.type === 'ReturnStatement' ? null : callOf(inner, calls);
  const last = (inner['body'] as readonly Node[]).at(-1);
  return last === undefined || leaves(inner) ? null : callOf(last, calls);
}

/** Whether the code may leave the function here, or go on later. */
function leaves(node: Node): boolean {
  if (isFunction(node)) return false;
  if (/^(?:Return|Throw|Break|Continue)Statement$/.test(node.type) || mayWait(node)) return true;
  let found = false;
  eachChild(node, (child) => (found ||= leaves(child)));
  return found;
}

const mayWait = ({ type }: Node): boolean => type === 'AwaitExpression' || type === 'YieldExpression';

/** Whether the name is only called, or looked at in a condition; another variable of it is none. */
function isOnlyCalled(node: Node, name: string, calls: Node[]): boolean {
  let isSo = true;
  const isName = (each: Node | null | undefined): boolean =>
    each != null && unwrapped(each).type === 'Identifier' && unwrapped(each)['name'] === name;
  eachChild(node, (child, field) => {
    if (!isSo) return;
    if (isFunction(child) && (child['params'] as Node[]).some((parameter) => declares(parameter, name)))
      isSo = false;
    else if (child.type === 'CallExpression' && isName(child['callee'])) {
      calls.push(child);
      isSo = (child['arguments'] as Node[]).every(
        (argument) => !isName(argument) && isOnlyCalled(argument, name, calls),
      );
    } else if (isName(child)) isSo = isKey(node, field) || isCondition(node, field);
    else isSo = isOnlyCalled(child, name, calls);
  });
  return isSo;
}

/** `a.done`, `{ done: 1 }`: no variable. */
const isKey = (parent: Node, field: string): boolean =>
  parent['computed'] !== true &&
  parent['shorthand'] !== true &&
  ((parent.type === 'MemberExpression' && field === 'property') || field === 'key');

/** `if (done)`, `done && done()`, `typeof done` */
const isCondition = (parent: Node, field: string): boolean =>
  field === 'test' ||
  (parent.type === 'LogicalExpression' && field === 'left') ||
  (parent.type === 'UnaryExpression' && /^(?:typeof|!)$/.test(parent['operator']));

function declares(pattern: Node, name: string): boolean {
  if (pattern.type === 'Identifier') return pattern['name'] === name;
  let found = false;
  eachChild(pattern, (child) => (found ||= declares(child, name)));
  return found;
}
