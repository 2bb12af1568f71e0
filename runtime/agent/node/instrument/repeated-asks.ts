/**
 * Awaits in a loop that ask the same each time round: `for (;;) try { return await load(url); }
 * catch {}`. What the call names, the loop neither declares nor changes.
 */
import { assignmentOf, boundNames, namesIn, type NameUses, usesAny } from './name-uses.ts';
import { eachOperand, isCall, isFunction, type Node, unwrapped } from './syntax-tree.ts';

const LOOPS: ReadonlySet<string> = new Set([
  ...['ForStatement', 'ForOfStatement', 'ForInStatement', 'WhileStatement', 'DoWhileStatement'],
]);

/** @param body of a function that is instrumented, or a module */
export function repeatedAsks(body: Node, uses: NameUses): readonly Node[] {
  const found: Node[] = [];
  const visit = (node: Node, changing: ReadonlySet<string> | null): void => {
    if (isFunction(node)) return;
    const inside = LOOPS.has(node.type) && node['await'] !== true ? changedIn(node) : changing;
    if (node.type === 'AwaitExpression' && changing !== null) {
      const operand = unwrapped(node['argument']);
      const call: Node = operand.type === 'ChainExpression' ? operand['expression'] : operand;
      if (isCall(call) && !uses.isPause(call) && !usesAny(namesIn(call), changing)) found.push(node);
    }
    eachOperand(node, (child) => visit(child, inside));
  };
  visit(body, null);
  return found;
}

/** What a loop declares or assigns, functions in it included. */
function changedIn(loop: Node): ReadonlySet<string> {
  const names = new Set<string>();
  const left: unknown = loop['left'];
  if (left !== undefined) for (const name of boundNames(left as Node)) names.add(name);
  const visit = (node: Node): void => {
    for (const name of assignmentOf(node)?.names ?? []) names.add(name);
    if (node.type === 'VariableDeclarator') for (const name of boundNames(node['id'])) names.add(name);
    eachOperand(node, visit);
  };
  eachOperand(loop, visit);
  return names;
}
