/** Where a function is given to something that drops the promise which it returns. */
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

/** `new Promise` without what it is given: it takes no promise from an executor. */
export const executorTaker = (call: Node): Node => ({ ...call, end: (call['callee'] as Node).end }) as Node;
