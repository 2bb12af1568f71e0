/**
 * Whether other code of the user's may run between the promise of an async function and its body,
 * or between a `return` and the end of the body. The end of such a function is known only to a
 * `finally` of ours around its body; that of all others to the probe of the `return` and to the
 * promise (`contract/probe-set.ts`).
 */
import { eachChild, isFunction, type Node } from './syntax-tree.ts';

export function needsGuard(node: Node, body: Node): boolean {
  if (node['generator'] === true) return true;
  return hasActiveParameter(node) || (body.type === 'BlockStatement' && closesAfterReturn(body, false));
}

/** A parameter whose value is computed when the function is called, maybe by code of the user's. */
function hasActiveParameter(node: Node): boolean {
  let found = false;
  eachChild(node, (child, field) => {
    if (field === 'params') found ||= !isPassive(child);
  });
  return found;
}

function isPassive(parameter: Node): boolean {
  switch (parameter.type) {
    case 'Identifier':
      return true;
    case 'RestElement':
      return isPassive(parameter['argument']);
    case 'AssignmentPattern':
      return isPassive(parameter['left']) && isConstant(parameter['right']);
    default:
      return false;
  }
}

/** Evaluating it runs no code of the user's. */
export function isConstant(node: Node): boolean {
  switch (node.type) {
    case 'Literal':
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return true;
    case 'Identifier':
      return node['name'] === 'undefined';
    case 'ArrayExpression':
      return node['elements'].length === 0;
    case 'ObjectExpression':
      return node['properties'].length === 0;
    case 'UnaryExpression':
      return node['operator'] !== 'delete' && isConstant(node['argument']);
    default:
      return false;
  }
}

/** A `return` in a loop that closes an iterator, or a scope that disposes of what it declared. */
function closesAfterReturn(node: Node, isInLoop: boolean): boolean {
  let found = false;
  eachChild(node, (child, field) => {
    if (found || isFunction(child) || child.type === 'ClassBody') return;
    const isInside = isInLoop || (node.type === 'ForOfStatement' && field === 'body');
    if (child.type === 'ReturnStatement') found = isInside;
    else if (child.type === 'VariableDeclaration' && String(child['kind']).endsWith('using')) found = true;
    else found = closesAfterReturn(child, isInside);
  });
  return found;
}
