/**
 * What async functions without a name of their own are called by where they stand: what is handed
 * to a call that says by a text what it is for ("get('/user/:id') callback", "test('adds')"), what
 * is called at once ("async block"), and the function that a test runner puts around the text of a
 * module.
 */
import { callbackName, isNamedByText } from './callback-name.ts';
import { isExecutor } from './executor.ts';
import { eachChild, isCall, isFunction, type Node, unwrapped } from './syntax-tree.ts';

export function namesByPlace(program: Node, source: string): ReadonlyMap<Node, string> {
  const names = new Map<Node, string>();
  // The parser of TypeScript has `directive: null` on every expression statement.
  const statements = (program['body'] as Node[]).filter(({ directive }) => directive == null);
  const [only] = statements;
  if (statements.length === 1 && only?.type === 'ExpressionStatement') {
    const body = unwrapped(only['expression']);
    // It is given what a module has: `require`, `exports` and the like.
    if (isNameless(body) && body['params'].length > 0) names.set(body, '<module>');
  }
  const visit = (node: Node): void => {
    if (isCall(node)) nameAt(node, source, names);
    eachChild(node, visit);
  };
  visit(program);
  return names;
}

function nameAt(call: Node, source: string, names: Map<Node, string>): void {
  const callee = unwrapped(call['callee']);
  if (isNameless(callee)) names.set(callee, 'async block');
  for (const argument of call['arguments'] as Node[]) {
    const given = unwrapped(argument);
    if (!isNameless(given) || isExecutor(given, call) || !isNamedByText(call, source)) continue;
    const name = callbackName(call, source);
    if (name !== '') names.set(given, name);
  }
}

const isNameless = (node: Node): boolean => isFunction(node) && node['async'] === true && !node['id'];
