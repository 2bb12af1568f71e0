/**
 * The probes where an async function or an async generator waits: `await`, `yield`, `for await`.
 */
import type { Inserter, Scope } from './inserter.ts';
import type { Node } from './syntax-tree.ts';

export function insertAwait(inserter: Inserter, node: Node, scope: Scope): void {
  const { edits, sites } = inserter;
  const { probes, activation } = inserter.names;
  const operand: Node = node['argument'];
  const site = sites.add('await', node.start, scope.fn, operand);
  edits.insert(node.start, `${probes}.resume(${activation}, `);
  edits.insert(operand.start, `${probes}.suspend(${activation}, ${site}, `);
  inserter.visit(operand, node, scope);
  edits.insert(node.end, '))');
}

export function insertYield(inserter: Inserter, node: Node, scope: Scope): void {
  const { edits, sites } = inserter;
  const { probes, activation } = inserter.names;
  const operand: Node | null = node['argument'];
  const site = sites.add('yield', node.start, scope.fn, operand);
  edits.insert(node.start, `${probes}.resume(${activation}, `);
  if (operand === null) {
    edits.insert(node.end, ` ${probes}.yielding(${activation}, ${site}, void 0))`);
    return;
  }
  edits.insert(operand.start, `${probes}.yielding(${activation}, ${site}, `);
  inserter.visit(operand, node, scope);
  edits.insert(node.end, '))');
}

/** `for await`, with the labels before it. Any other loop or label gets no probe of its own. */
export function insertLoop(inserter: Inserter, node: Node, parent: Node, scope: Scope): void {
  const loop = withoutLabels(node);
  const isOutermost = parent.type !== 'LabeledStatement';
  if (loop.type !== 'ForOfStatement' || !loop['await']) return inserter.visitChildren(node, scope);
  const { edits } = inserter;
  const { probes, activation } = inserter.names;
  if (isOutermost) edits.insert(node.start, '{ ');
  if (node === loop) insertForAwait(inserter, loop, scope);
  else inserter.visitChildren(node, scope);
  if (isOutermost) edits.insert(node.end, ` ${probes}.stepped(${activation}); }`);
}

function insertForAwait(inserter: Inserter, loop: Node, scope: Scope): void {
  const { edits, sites } = inserter;
  const { probes, activation } = inserter.names;
  const iterable: Node = loop['right'];
  const body: Node = loop['body'];
  const site = sites.add('for-await', loop.start, scope.fn, iterable);
  inserter.visit(loop['left'], loop, scope);
  edits.insert(iterable.start, `${probes}.iterate(${activation}, ${site}, `);
  inserter.visit(iterable, loop, scope);
  edits.insert(iterable.end, ')');
  const needsBraces = body.type !== 'BlockStatement';
  if (needsBraces) edits.insert(body.start, `{ ${probes}.stepped(${activation}); `);
  else edits.insert(body.start + 1, ` ${probes}.stepped(${activation});`);
  inserter.visit(body, loop, scope);
  if (needsBraces) edits.insert(body.end, ' }');
}

function withoutLabels(node: Node): Node {
  while (node.type === 'LabeledStatement') node = node['body'];
  return node;
}
