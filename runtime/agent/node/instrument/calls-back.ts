/**
 * Functions that are given a function to call once they are done, `(task, callback) => { … }`, and
 * where they call it. Only those that do nothing else with it: one that hands it on, keeps it or
 * gives it another value may be called back elsewhere.
 */
import { eachChild, isFunction, type Node, unwrapped } from './syntax-tree.ts';

const CALLBACK = /^(?:callback|cb|done|finished)$/;
/** What answers a request by other means; what a stream tells itself (stream-methods.ts). */
const ANSWERS = /^_?(?:res|response|reply|ctx|context|enc|encoding)$/;

/**
 * @param fn a function with a block as its body
 * @returns the name of the last parameter and its calls; null: it is no such function
 */
export function callsBack(fn: Node): { readonly name: string; readonly calls: readonly Node[] } | null {
  const parameters = fn['params'] as readonly Node[];
  const name: unknown = parameters.at(-1)?.['name'];
  if (typeof name !== 'string' || !CALLBACK.test(name)) return null;
  if (parameters.some((parameter) => ANSWERS.test(String(parameter['name'])))) return null;
  const calls: Node[] = [];
  return isOnlyCalled(fn['body'], name, calls) && calls.length > 0 ? { name, calls } : null;
}

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
