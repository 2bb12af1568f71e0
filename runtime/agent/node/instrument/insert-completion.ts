/** The probes that tell how an async function's body ends: `return`, `catch`, `finally`. */
import { ACTIVATION, ERROR, OPERAND, PROBE } from '../contract/emitted-names.ts';
import { insertReturnedAwait } from './insert-wait.ts';
import { callProbe, type Inserter, COMMENT, NOTHING, openOperand, probeAt, type Scope } from './inserter.ts';
import { type Node, unwrapped } from './syntax-tree.ts';

export function insertReturn(inserter: Inserter, node: Node, scope: Scope): void {
  const { edits, sites } = inserter;
  const operand: Node | null = node['argument'];
  if (operand === null && scope.generator) {
    // In an async generator `return x` waits a turn; a bare `return` does not, so it stays bare.
    edits.insert(node.start, `${COMMENT}{${callProbe(PROBE.done)}`);
    edits.insert(node.end, `${COMMENT}}`);
    return;
  }
  if (operand === null) {
    const site = sites.add('return', node.start, scope.fn, null);
    edits.insert(node.start + 'return'.length, NOTHING + probeAt(returnProbe(scope), site));
    return;
  }
  insertReturned(inserter, operand, node, scope, node.start);
}

/** A value that is returned; `at` is where the site is. */
export function insertReturned(
  inserter: Inserter,
  operand: Node,
  parent: Node,
  scope: Scope,
  at: number,
): void {
  const { edits, sites } = inserter;
  const receiver = inserter.receiverOf(operand);
  const site = sites.addCall('return', at, scope.fn, operand, receiver);
  const isPromise = unwrapped(operand).type !== 'AwaitExpression';
  if (scope.isInTry && isPromise) sites.note(site, 'in-try');
  const closing = openOperand(inserter, operand);
  // The probe of the return resumes as well.
  const awaited = unwrapped(operand);
  if (awaited.type === 'AwaitExpression' && !scope.generator) insertReturnedAwait(inserter, awaited, scope);
  else inserter.visit(operand, parent, scope);
  sites.endCall(site);
  edits.insert(operand.end, closing + probeAt(returnProbe(scope), site, receiver));
}

function returnProbe({ guarded, protectedBy }: Scope): string {
  return guarded || protectedBy > 0 ? PROBE.ret : PROBE.leave;
}

export function insertTry(inserter: Inserter, node: Node, scope: Scope): void {
  const { edits } = inserter;
  const finalizer: Node | null = node['finalizer'];
  const inside = finalizer === null ? scope : { ...scope, protectedBy: scope.protectedBy + 1 };
  inserter.visit(node['block'], node, node['handler'] ? { ...inside, isInTry: true } : inside);
  if (node['handler']) insertCatch(inserter, node['handler'], inside);
  if (finalizer === null) return;
  const level = `(${ACTIVATION},${scope.finallyLevel});`;
  const leaves = !scope.guarded && scope.protectedBy === 0;
  edits.insert(finalizer.start + 1, PROBE.finallyIn + level);
  inserter.visit(finalizer, node, { ...scope, finallyLevel: scope.finallyLevel + 1 });
  edits.insert(finalizer.end - 1, `${COMMENT};${leaves ? PROBE.finallyLeave : PROBE.finallyOut}${level}`);
}

function insertCatch(inserter: Inserter, clause: Node, scope: Scope): void {
  const { edits } = inserter;
  const parameter: Node | null = clause['param'];
  const body: Node = clause['body'];
  const caught = (name: string): string => `${OPERAND}=${name};${callProbe(PROBE.caught)}`;
  if (parameter === null) {
    edits.insert(body.start, `${COMMENT}(${ERROR})`);
    edits.insert(body.start + 1, caught(ERROR));
    inserter.visit(body, clause, scope);
  } else if (parameter.type === 'Identifier') {
    inserter.visit(parameter, clause, scope);
    edits.insert(body.start + 1, caught(parameter['name']));
    inserter.visit(body, clause, scope);
  } else {
    // catch ({ a }) { … }  →  catch (e) { t = e; C(a); let { a } = e; if (1) { … } }
    edits.insert(parameter.start, `${ERROR}){${caught(ERROR)}${COMMENT}let `);
    inserter.visit(parameter, clause, scope);
    edits.insert(parameter.end, `=${ERROR};if(1`);
    inserter.visit(body, clause, scope);
    edits.insert(body.end, `${COMMENT}}`);
  }
}
