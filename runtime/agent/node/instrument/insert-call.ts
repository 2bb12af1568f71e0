/**
 * The probes around what makes a promise, a task or a resource: they tell at which site it was
 * made, in async functions and outside of them.
 */
import type { Inserter, Scope } from './inserter.ts';
import { eachChild, type Node } from './syntax-tree.ts';

export function insertNewPromise(inserter: Inserter, node: Node, scope: Scope): void {
  const { edits, sites } = inserter;
  const { probes, base } = inserter.names;
  const site = sites.add('call', node.start, scope.fn, null);
  edits.insert(node.start, `${probes}.made(${base}(), ${site}, `);
  inserter.visitChildren(node, scope);
  edits.insert(node.end, ')');
}

/**
 * `f(x);`: nobody takes the value. If it is a promise that is rejected, this is the site to show.
 */
export function insertUntakenCall(inserter: Inserter, call: Node, statement: Node, scope: Scope): void {
  const { edits, sites } = inserter;
  const { probes, base } = inserter.names;
  const site = sites.add('call', call.start, scope.fn, call);
  edits.insert(call.start, `${probes}.made(${base}(), ${site}, `);
  inserter.visit(call, statement, scope);
  edits.insert(call.end, ')');
}

/**
 * `yield* E`, `yield E` in a coroutine: E is evaluated, and the coroutine is about to wait for it.
 */
export function insertCoroutineYield(inserter: Inserter, node: Node, scope: Scope): void {
  const { edits, sites } = inserter;
  const { probes, base } = inserter.names;
  const operand: Node | null = node['argument'];
  const site = sites.add('yield', node.start, scope.fn, operand);
  if (operand === null) {
    edits.insert(node.end, ` ${probes}.at(${base}(), ${site}, void 0)`);
    return;
  }
  edits.insert(operand.start, `${probes}.at(${base}(), ${site}, `);
  inserter.visit(operand, node, scope);
  edits.insert(operand.end, ')');
}

/** `spawn(E)`, `new Queue(E)`: where the task or the resource is made. */
export function insertLibraryCall(inserter: Inserter, node: Node, scope: Scope): void {
  const { edits, sites } = inserter;
  const { probes, base } = inserter.names;
  const callee: Node = node['callee'];
  const site = sites.add('call', node.start, scope.fn, node);
  edits.insert(callee.start, `(${probes}.at(${base}(), ${site}, `);
  eachChild(node, (child) => {
    inserter.visit(child, node, scope);
    if (child !== callee) return;
    edits.insert(callee.end, '))', node.type === 'CallExpression' ? callee.start : null);
  });
}

/** `g.spawn(E)`: where the task is made; `this` stays what it is. */
export function insertGroupSpawn(inserter: Inserter, node: Node, scope: Scope): void {
  const { edits, sites } = inserter;
  const { probes, base } = inserter.names;
  const object: Node = node['callee']['object'];
  const site = sites.add('call', node.start, scope.fn, node);
  edits.insert(object.start, `(${probes}.at(${base}(), ${site}, `);
  edits.insert(object.end, '))');
  inserter.visitChildren(node, scope);
}
