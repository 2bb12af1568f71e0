/**
 * `try { return work(); } finally { release(); }`: calls of plain functions in the `finally` that
 * by their name give something back, while what is returned above may still need it. There is no
 * object that tells what it is: the function itself stands for it.
 */

import { isRelease } from './receiver.ts';
import { eachOperand, isCall, isFunction, type Node, unwrapped } from './syntax-tree.ts';

/** @param fn an async function that is instrumented */
export function leasesGivenBack(fn: Node): Node[] {
  const found: Node[] = [];
  const visit = (node: Node): void => {
    if (isFunction(node)) return;
    if (node.type === 'TryStatement' && node['finalizer'] != null && returnsCall(node['block']))
      for (const { expression } of node['finalizer'].body as { expression?: Node }[]) {
        const call = expression === undefined ? undefined : unwrapped(expression);
        if (call?.type === 'CallExpression' && call['callee'].type === 'Identifier' && isRelease(call))
          found.push(call);
      }
    eachOperand(node, visit);
  };
  visit(fn['body']);
  return found;
}

/** Without an `await`. */
function returnsCall(block: Node): boolean {
  let returns = false;
  const visit = (node: Node): void => {
    if (isFunction(node)) return;
    if (node.type === 'ReturnStatement' && node['argument'] != null)
      returns ||= isCall(unwrapped(node['argument']));
    eachOperand(node, visit);
  };
  visit(block);
  return returns;
}
