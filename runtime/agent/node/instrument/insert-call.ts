/**
 * The probes around what makes a promise, a task or a resource: they tell at which site it was
 * made, in async functions and outside of them.
 */
import { PROBE, SITE } from '../contract/emitted-names.ts';
import { type Inserter, NOTHING, openOperand, probeOutside, type Scope } from './inserter.ts';
import { asksForEvent, isRelease, isTelling as isTellingCall, type Receiver, tellingOf } from './receiver.ts';
import type { UpdateStep } from './shared-cells.ts';
import type { StreamMethod } from './stream-methods.ts';
import { eachChild, type Node } from './syntax-tree.ts';

export function insertNewPromise(inserter: Inserter, node: Node, scope: Scope): void {
  const site = inserter.sites.add('call', node.start, scope.fn, null);
  inserter.open(node.start);
  inserter.visitChildren(node, { ...scope, promiseSite: site });
  inserter.edits.insert(node.end, probeOutside(PROBE.made, site, inserter.base));
}

/**
 * `new Transform({ transform: (chunk, encoding, callback) => … })`: functions that do not know
 * their stream.
 */
export function insertNewStream(
  inserter: Inserter,
  node: Node,
  arrows: readonly StreamMethod[],
  scope: Scope,
): void {
  const { sites, edits, base } = inserter;
  const first = sites.add('call', node.start, scope.fn, null);
  for (const { fn, name } of arrows) sites.add('call', fn.start, name, null);
  sites.markStream(first, arrows.length);
  inserter.open(node.start);
  inserter.visitChildren(node, scope);
  edits.insert(node.end, probeOutside(PROBE.made, first, base));
}

/** An expression that is a step of an update. @param insertInside visits it */
export function insertUpdateStep(
  inserter: Inserter,
  node: Node,
  { root, ...step }: UpdateStep,
  { fn }: Scope,
  insertInside: () => void,
): void {
  const { sites, base, edits } = inserter;
  const site = sites.add('call', node.start, fn, null);
  sites.markShared(site, step);
  const closing = openOperand(inserter, node);
  insertInside();
  edits.insert(node.end, `${closing},${SITE}=${site},${PROBE.asked}(${base},${root}))`);
}

/** `Promise.withResolvers()` */
export function insertDeferred(inserter: Inserter, node: Node, scope: Scope): void {
  const site = inserter.sites.add('call', node.start, scope.fn, null);
  inserter.sites.markDeferred(site);
  inserter.open(node.start);
  inserter.visitChildren(node, scope);
  inserter.edits.insert(node.end, probeOutside(PROBE.made, site, inserter.base));
}

/**
 * `f(x);`: nobody takes the value. If it is a promise that is rejected, this is the site to show.
 */
export function insertUntakenCall(inserter: Inserter, call: Node, statement: Node, scope: Scope): void {
  const isTelling = tellingOf(call).tells !== undefined;
  const receiver = inserter.isLookedAt(call)
    ? inserter.receiverOfTelling(call)
    : isRelease(call)
      ? inserter.receiverOf(call)
      : null;
  const site = inserter.sites.addCall('call', call.start, scope.fn, call, receiver);
  if (inserter.isLease(call)) inserter.sites.markLease(site);
  if (isTelling) inserter.sites.markWithin(site, scope.promiseSite);
  if (statement['expression'].type === 'UnaryExpression') inserter.sites.markMeant(site);
  inserter.open(call.start);
  inserter.visit(call, statement, scope);
  inserter.edits.insert(call.end, probeOutside(PROBE.made, site, inserter.base, receiver));
}

/** A call whose value goes on: to a caller, into a variable or a list. */
export function insertAskedCall(inserter: Inserter, call: Node, receiver: Receiver, scope: Scope): void {
  const site = inserter.sites.addCall('call', call.start, scope.fn, call, receiver);
  inserter.sites.markWithin(site, scope.promiseSite);
  inserter.open(call.start);
  inserter.visitChildren(call, scope);
  inserter.sites.endCall(site);
  inserter.edits.insert(call.end, probeOutside(PROBE.asked, site, inserter.base, receiver));
}

/** `callback()` in a function that has to call it. @param fn the row of the function */
export function insertBackCall(
  inserter: Inserter,
  call: Node,
  { fn, after }: BackCall,
  rows: Map<Node, number>,
  scope: Scope,
): void {
  const site = inserter.sites.add('call', call.start, scope.fn, null);
  inserter.sites.markBackOf(site, fn, after === null ? undefined : rows.get(after));
  rows.set(call, site);
  inserter.open(call.start);
  inserter.visitChildren(call, scope);
  inserter.edits.insert(call.end, probeOutside(PROBE.at, site, inserter.base));
}

/** A call of a function's last parameter. */
export interface BackCall {
  /** The row of the function. */
  readonly fn: number;
  /** The call that goes before it, when that is made; null: none does. */
  readonly after: Node | null;
}

/** `await pEvent(emitter, 'open')`, `await emitter.waitFor('open')` */
export function insertEventCall(inserter: Inserter, call: Node, emitter: Receiver, scope: Scope): void {
  const site = inserter.sites.addCall('call', call.start, scope.fn, call, emitter);
  if (!isTellingCall(call) || asksForEvent(call)) inserter.sites.markAwaitsEvent(site, asksForEvent(call));
  inserter.open(call.start);
  inserter.visitChildren(call, scope);
  inserter.sites.endCall(site);
  inserter.edits.insert(call.end, probeOutside(PROBE.asked, site, inserter.base, emitter));
}

/**
 * `yield* E`, `yield E` in a coroutine: E is evaluated, and the coroutine is about to wait for it.
 */
export function insertCoroutineYield(inserter: Inserter, node: Node, scope: Scope): void {
  const { edits, sites, base } = inserter;
  const operand: Node | null = node['argument'];
  const site = sites.add('yield', node.start, scope.fn, operand);
  const probe = probeOutside(PROBE.at, site, base);
  if (operand === null) {
    edits.insert(node.end, NOTHING + probe);
    return;
  }
  const closing = openOperand(inserter, operand);
  inserter.visit(operand, node, scope);
  edits.insert(operand.end, closing + probe);
}

/** `spawn(E)`, `new Queue(E)`: where the task or the resource is made. */
export function insertLibraryCall(inserter: Inserter, node: Node, scope: Scope): void {
  const { edits, sites, base } = inserter;
  const callee: Node = node['callee'];
  const site = sites.add('call', node.start, scope.fn, node);
  inserter.open(callee.start);
  eachChild(node, (child) => {
    inserter.visit(child, node, scope);
    if (child !== callee) return;
    const position = node.type === 'CallExpression' ? callee.start : null;
    edits.insert(callee.end, probeOutside(PROBE.at, site, base), position);
  });
}

/** `g.spawn(E)`: where the task is made; `this` stays what it is. */
export function insertGroupSpawn(inserter: Inserter, node: Node, scope: Scope): void {
  const { edits, sites, base } = inserter;
  const object: Node = node['callee']['object'];
  const site = sites.add('call', node.start, scope.fn, node);
  inserter.open(object.start);
  edits.insert(object.end, probeOutside(PROBE.at, site, base));
  inserter.visitChildren(node, scope);
}
