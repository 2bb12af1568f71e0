/**
 * `xs.reduce(async (before, x) => { const all = await before; all.push(await load(x)); … })`: each
 * run awaits the one before it, and only then begins with what needs nothing of it.
 */
import { boundNames, namesIn, usesAny } from './name-uses.ts';
import { eachOperand, isCall, isFunction, type Node, unwrapped } from './syntax-tree.ts';

/** The callee of such a call; null: it is none, or the runs need what was before. */
export function reducer(fn: Node, parent: Node): Node | null {
  if (parent.type !== 'CallExpression' || (parent['arguments'] as Node[])[0] !== fn) return null;
  const callee = unwrapped(parent['callee']);
  if (callee.type !== 'MemberExpression' || callee['computed'] === true) return null;
  const [before] = fn['params'] as (Node | undefined)[];
  if (!/^reduce(?:Right)?$/.test(callee['property']['name']) || before?.type !== 'Identifier') return null;
  return beginsLate(fn['body'], before['name']) ? callee : null;
}

/** The value of the run before is awaited and taken; then another is, of a call without it. */
function beginsLate(body: Node, before: string): boolean {
  const given = new Set([before]);
  let hasTaken = false;
  let isLate = false;
  let needsIt = false;
  const visit = (node: Node, parent: Node): void => {
    if (isFunction(node)) return;
    if (node.type === 'VariableDeclarator' && node['init'] != null && usesAny(namesIn(node['init']), given))
      for (const name of boundNames(node['id'])) given.add(name);
    if (node.type === 'AwaitExpression') {
      const operand = unwrapped(node['argument']);
      if (operand.type === 'Identifier' && operand['name'] === before)
        hasTaken ||= parent.type !== 'ExpressionStatement';
      else if (usesAny(namesIn(operand), given)) needsIt = true;
      else if (hasTaken && isCall(operand) && parent.type !== 'ExpressionStatement') isLate = true;
    }
    eachOperand(node, (child) => visit(child, node));
  };
  visit(body, body);
  return isLate && !needsIt;
}
