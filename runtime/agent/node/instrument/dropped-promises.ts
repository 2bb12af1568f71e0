/** Where a function is given to what drops the promise that it returns, or hands it on. */
import { isExecutor } from './executor.ts';
import { reducer } from './reducers.ts';
import { type Node, unwrapped } from './syntax-tree.ts';

export interface Dropped {
  readonly fn: Node;
  /** What drops its promise, as it is to be told. */
  readonly by: Node;
}

/** `xs.forEach(async …)`, and `xs.map(async …)` where nobody takes the promises. */
export function droppedIn(expression: Node): Dropped | null {
  if (expression.type === 'UnaryExpression') return null;
  const call: Node = expression.type === 'ChainExpression' ? expression['expression'] : expression;
  if (call.type !== 'CallExpression' || call['callee'].type !== 'MemberExpression') return null;
  const { name } = call['callee']['property'] as { name?: string };
  const callback: Node | undefined = call['arguments'][0];
  if (callback === undefined || (name !== 'forEach' && name !== 'map')) return null;
  return { fn: unwrapped(callback), by: call['callee'] };
}

/**
 * What an async function is given to, as it is to be told: `new Promise`, which takes no promise
 * from what it is given, or the `reduce` that hands it to the next run; null: neither.
 */
export function takerOf(fn: Node, parent: Node): Node | null {
  // Without what it is given.
  if (isExecutor(fn, parent)) return { ...parent, end: (parent['callee'] as Node).end } as Node;
  return reducer(fn, parent);
}
