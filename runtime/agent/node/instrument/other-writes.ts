/**
 * All places that write what some function updates over an await: that update may lose what they
 * write. Each gets a probe that counts it. They are matched by the name of the property alone;
 * which object it is of shows when they run.
 */
import { declaredOnce } from './declared-once.ts';
import { type Cell, cellOf, type CellScope, entryOf, FILES, SETS, type UpdateStep } from './shared-cells.ts';
import { updatedCells } from './shared-updates.ts';
import { eachOperand, isFunction, type Node, unwrapped } from './syntax-tree.ts';
import { copiesOwn, partsOf, stateWrite, wholeWrite } from './whole-states.ts';

const NOTHING: ReadonlySet<string> = new Set();

export function otherWrites(program: Node): ReadonlyMap<Node, UpdateStep> {
  const steps = new Map<Node, UpdateStep>();
  const wanted = new Set<string>();
  const look = (node: Node): void => {
    if (isFunction(node) && node['async'] === true && node['body'] != null)
      for (const cell of updatedCells(node)) if (cell.by === undefined) wanted.add(kindOf(cell));
    eachOperand(node, look);
  };
  look(program);
  const scope: CellScope = { own: NOTHING, assigned: wanted.size > 0 ? declaredOnce(program) : NOTHING };
  const note = (node: Node, cell: Cell | null): void => {
    if (cell !== null && cell.root !== FILES.root && wanted.has(kindOf(cell))) steps.set(node, stepOf(cell));
  };
  const visit = (node: Node): void => {
    const target: Node | null =
      node.type === 'AssignmentExpression'
        ? node['left']
        : node.type === 'UpdateExpression'
          ? node['argument']
          : null;
    if (target !== null && wanted.size > 0) note(node, cellOf(scope, unwrapped(target)));
    if (node.type === 'CallExpression') visitCall(node);
    eachOperand(node, visit);
  };
  const visitCall = (call: Node): void => {
    const [, value] = call['arguments'] as (Node | undefined)[];
    if (value !== undefined && wanted.size > 0) note(value, entryOf(call, SETS));
    const write = stateWrite(call);
    if (write === null) return;
    const whole = wholeWrite(write);
    // Whoever updates it may stand in another file.
    if (whole !== null && (copiesOwn(write) || wanted.has(kindOf(whole))))
      steps.set(write.value, stepOf(whole));
    if (!isFunction(unwrapped(write.value)))
      for (const { cell, value: part } of partsOf(write)) note(part, cell);
  };
  visit(program);
  return steps;
}

/** What cells of different owners have in common. */
const kindOf = ({ variable, noun, key }: Cell): string =>
  variable !== null ? `= ${variable}` : `${noun ?? ''} ${key ?? '[]'}`;

function stepOf({ variable, root, name, keys, key, keyVariable, noun }: Cell): UpdateStep {
  const owner = variable === null ? root : FILES.root;
  return {
    how: 'wrote',
    name,
    keys,
    ...(key === null ? {} : { key }),
    ...(noun === undefined ? {} : { noun }),
    root: keyVariable === null ? owner : `[${owner},${keyVariable}]`,
  };
}
