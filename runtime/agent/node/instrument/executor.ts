/**
 * The function that a `new Promise` is given, and what it can settle the promise with. It goes by
 * names within the function, and errs towards none: what settles a promise must be seen whole.
 */
import { type Node, unwrapped } from './syntax-tree.ts';

/** By its name: a Promise of the user's own carries no info, and is passed over at run time. */
export function isPromise(callee: Node): boolean {
  return callee.type === 'Identifier' && callee['name'] === 'Promise';
}

/** `Promise.withResolvers` */
export function isWithResolvers(callee: Node): boolean {
  return (
    callee.type === 'MemberExpression' &&
    callee['computed'] !== true &&
    isPromise(unwrapped(callee['object'])) &&
    callee['property']['name'] === 'withResolvers'
  );
}

/** What a `new Promise` is given. */
export const isExecutor = (fn: Node, parent: Node): boolean =>
  parent.type === 'NewExpression' && isPromise(parent['callee']) && parent['arguments'][0] === fn;

/** What lets a function reach its arguments by other ways than their names. */
const OTHER_WAYS = /\b(?:arguments|eval)\b/;

/**
 * The names of its parameters that can settle the promise, as far as it uses them: none where it is
 * no such function. One that uses neither means the promise to stay pending.
 */
export function resolversOf(fn: Node, parent: Node, source: string): readonly string[] {
  if (!isExecutor(fn, parent)) return [];
  const parameters: readonly Node[] = fn['params'];
  const body: Node = fn['body'];
  if (parameters.length === 0 || parameters.length > 2) return [];
  if (parameters.some(({ type }) => type !== 'Identifier')) return [];
  const text = source.slice(body.start, body.end);
  if (OTHER_WAYS.test(text)) return [];
  const names = parameters.map((parameter) => parameter['name'] as string);
  const used = names.filter((name) => isNamed(text, name));
  // A function of the body's own hides the parameter from the first line on.
  return used.some((name) => isNamed(text, name, 'function\\s*\\*?\\s*')) ? [] : used;
}

function isNamed(text: string, name: string, before = ''): boolean {
  return new RegExp(`${before}(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text);
}
