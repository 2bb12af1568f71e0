/**
 * Where a list is filtered, searched or sorted by an async function: `users.filter(async …)`,
 * `_.some(users, isOpen)`. It gets promises, which count as true. Whether the callee is such a
 * method, and a named function async, the probe sees by what came of it.
 */
import { boundNames } from './name-uses.ts';
import { receiverOf } from './receiver.ts';
import type { UpdateStep } from './shared-cells.ts';
import { eachChild, type Node, unwrapped } from './syntax-tree.ts';

const PREDICATES: ReadonlySet<string> = new Set([
  ...['filter', 'some', 'every', 'find', 'findIndex', 'findLast', 'findLastIndex', 'sort', 'toSorted'],
]);
const MENTIONED = new RegExp(`\\.(?:${[...PREDICATES].join('|')})\\s*\\(`);
/** After these a list of V8's has what is asked of it, and no error describes the call. */
const OF_LISTS: ReadonlySet<string> = new Set([
  ...['length', 'map', 'forEach', 'filter', 'join', 'reduce', 'slice', 'sort', 'some', 'every', 'find'],
  ...['includes', 'flatMap', 'at', 'concat', 'entries', 'keys', 'values', 'reverse', 'indexOf', 'pop'],
]);

/** The calls, with the probe that each gets. */
export function asyncPredicates(program: Node, source: string): ReadonlyMap<Node, UpdateStep> {
  const steps = new Map<Node, UpdateStep>();
  if (!MENTIONED.test(source)) return steps;
  const asyncNames = asyncFunctionsOf(program);
  const visit = (node: Node, parent: Node): void => {
    if (node.type === 'CallExpression' && isLeftAlone(node, parent)) {
      const name = nameOf(node, asyncNames);
      if (name !== null) steps.set(node, { how: 'filters', name, keys: [], root: '0' });
    }
    eachChild(node, (child) => visit(child, node));
  };
  eachChild(program, (child) => visit(child, program));
  return steps;
}

/** The names of async functions that the file declares, unless it gives a name twice. */
function asyncFunctionsOf(program: Node): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const found = new Set<string>();
  const declare = (name: string, value: Node | null): void => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (value !== null && isAsync(value)) found.add(name);
  };
  const visit = (node: Node): void => {
    if (node.type === 'FunctionDeclaration' && node['id'] != null) declare(node['id'].name, node);
    if (node.type === 'VariableDeclarator') {
      const { init } = node;
      for (const name of boundNames(node['id']))
        declare(name, node['id'].type === 'Identifier' && init != null ? unwrapped(init) : null);
    }
    for (const parameter of (node['params'] ?? []) as Node[])
      for (const name of boundNames(parameter)) declare(name, null);
    eachChild(node, visit);
  };
  visit(program);
  for (const name of found) if (counts.get(name) !== 1) found.delete(name);
  return found;
}

const isAsync = (node: Node): boolean =>
  /Function/.test(node.type) && node['async'] === true && node['generator'] !== true;

/** "users.filter"; null: it is no such call. */
function nameOf(call: Node, asyncNames: ReadonlySet<string>): string | null {
  const callee = unwrapped(call['callee']);
  if (callee.type !== 'MemberExpression' || callee['computed'] === true || callee['optional'] === true)
    return null;
  const method: string = callee['property']['name'];
  if (!PREDICATES.has(method)) return null;
  const given = (call['arguments'] as Node[]).slice(0, 2).map(unwrapped);
  const isGiven = given.some((each) =>
    each.type === 'Identifier' ? asyncNames.has(each['name']) : isAsync(each),
  );
  if (!isGiven) return null;
  const receiver = receiverOf(call, '');
  const { root = '', keys = [] } = receiver ?? {};
  return [root, ...keys, method].filter((part) => part !== '').join('.');
}

/** V8 does not describe the call in an error. */
function isLeftAlone(call: Node, parent: Node): boolean {
  if (parent.type === 'MemberExpression')
    return (
      parent['computed'] !== true && parent['optional'] !== true && OF_LISTS.has(parent['property']['name'])
    );
  if (parent.type === 'ChainExpression' || parent.type === 'ParenthesizedExpression') return false;
  return parent['callee'] !== call && parent['tag'] !== call;
}
