/**
 * The probes where an async function or a generator waits: `await`, `yield`, `for await`.
 */
import { PROBE } from '../contract/emitted-names.ts';
import {
  callProbe,
  type Inserter,
  COMMENT,
  delegationText,
  NOTHING,
  openOperand,
  probeAt,
  RESUME,
  SENT,
  type Scope,
} from './inserter.ts';
import { eachChild, isFunction, type Node } from './syntax-tree.ts';

export function insertAwait(inserter: Inserter, node: Node, scope: Scope): void {
  inserter.open(node.start);
  insertReturnedAwait(inserter, node, scope);
  inserter.edits.insertBehind(node.end, RESUME, node.start);
}

/** Without the probe that resumes. */
export function insertReturnedAwait(inserter: Inserter, node: Node, scope: Scope): void {
  const operand: Node = node['argument'];
  const receiver = inserter.receiverOf(operand);
  const site = inserter.sites.addCall('await', node.start, scope.fn, operand, receiver);
  inserter.sites.note(site, inserter.noteOf(node));
  if (inserter.asksAgain.has(node)) inserter.sites.markAsksAgain(site);
  const closing = openOperand(inserter, operand);
  inserter.visit(operand, node, scope);
  inserter.sites.endCall(site);
  inserter.edits.insert(node.end, closing + probeAt(PROBE.suspend, site, receiver));
}

/** @param resumesLater the probe that resumes stands further behind */
export function insertYield(inserter: Inserter, node: Node, scope: Scope, resumesLater: boolean): void {
  const { edits, sites } = inserter;
  const operand: Node | null = node['argument'];
  const site = sites.add('yield', node.start, scope.fn, operand);
  if (!resumesLater) inserter.open(node.start);
  const isDelegate = operand !== null && node['delegate'] === true;
  if (isDelegate && scope.syncGenerator && !resumesLater && !holdsYield(operand))
    insertDelegation(inserter, node, operand, site, scope);
  else {
    let closing = NOTHING;
    if (operand !== null) {
      closing = openOperand(inserter, operand);
      inserter.visit(operand, node, scope);
    }
    const probe = closing + probeAt(PROBE.yielding, site);
    // While it delegates, stacks show it at the operand.
    if (isDelegate) edits.insertBehind(node.end, probe, positionOf(operand));
    else edits.insert(node.end, probe);
  }
  if (!resumesLater) edits.insert(node.end, scope.syncGenerator ? SENT : RESUME);
}

/**
 * `yield* E` in a generator that is not async. V8 describes E where that is not iterable: our probe
 * comes before it.
 */
function insertDelegation(inserter: Inserter, node: Node, operand: Node, site: number, scope: Scope): void {
  inserter.edits.insert(node.start, delegationText(site));
  inserter.visit(operand, node, scope);
  inserter.edits.insert(node.end, `${COMMENT})`);
}

function holdsYield(node: Node): boolean {
  if (node.type === 'YieldExpression') return true;
  let found = false;
  eachChild(node, (child) => (found ||= !isFunction(child) && holdsYield(child)));
  return found;
}

/** `for await`, with the labels before it. Any other loop or label gets no probe of its own. */
export function insertLoop(inserter: Inserter, node: Node, parent: Node, scope: Scope): void {
  const loop = withoutLabels(node);
  const isOutermost = parent.type !== 'LabeledStatement';
  if (loop.type !== 'ForOfStatement' || !loop['await']) return inserter.visitChildren(node, scope);
  const { edits } = inserter;
  if (isOutermost) edits.insert(node.start, `${COMMENT}{`);
  if (node === loop) insertForAwait(inserter, loop, scope);
  else inserter.visitChildren(node, scope);
  if (isOutermost) edits.insert(node.end, `${COMMENT};${callProbe(PROBE.stepped)}${COMMENT}}`);
}

function insertForAwait(inserter: Inserter, loop: Node, scope: Scope): void {
  const { edits, sites } = inserter;
  const iterable: Node = loop['right'];
  const body: Node = loop['body'];
  const site = sites.add('for-await', loop.start, scope.fn, iterable);
  inserter.visit(loop['left'], loop, scope);
  const closing = openOperand(inserter, iterable);
  inserter.visit(iterable, loop, scope);
  edits.insertBehind(iterable.end, closing + probeAt(PROBE.iterate, site), positionOf(iterable));
  const needsBraces = body.type !== 'BlockStatement';
  if (needsBraces) edits.insert(body.start, `${COMMENT}{${callProbe(PROBE.stepped)}`);
  else edits.insert(body.start + 1, callProbe(PROBE.stepped));
  inserter.visit(body, loop, scope);
  if (needsBraces) edits.insert(body.end, `${COMMENT}}`);
}

/** Where V8 sees an expression: a member at its name. */
function positionOf(node: Node): number {
  if (node.type === 'CallExpression') return positionOf(node['callee']);
  return node.type === 'MemberExpression' ? node['property'].start : node.start;
}

function withoutLabels(node: Node): Node {
  while (node.type === 'LabeledStatement') node = node['body'];
  return node;
}
