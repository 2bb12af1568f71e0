/**
 * Whether the top level of a function declares a name as a function and again, as a function or as
 * a `var`. That is legal directly in a function body and a syntax error in a block: such a body
 * cannot be wrapped in `try`.
 */
import { eachChild, isFunction, type Node } from './syntax-tree.ts';

export function redeclaresFunction(body: Node): boolean {
  if (body.type !== 'BlockStatement') return false;
  const functions = new Set<string>();
  for (const statement of body['body'] as Node[]) {
    const declared = withoutLabels(statement);
    if (declared.type !== 'FunctionDeclaration') continue;
    const name: string = declared['id'].name;
    if (functions.has(name)) return true;
    functions.add(name);
  }
  return functions.size > 0 && declaresVar(body, functions);
}

function withoutLabels(statement: Node): Node {
  while (statement.type === 'LabeledStatement') statement = statement['body'];
  return statement;
}

function declaresVar(node: Node, names: ReadonlySet<string>): boolean {
  let found = false;
  eachChild(node, (child) => {
    if (found || isFunction(child) || child.type === 'ClassBody') return;
    if (child.type === 'VariableDeclaration' && child['kind'] === 'var') {
      for (const { id } of child['declarations']) found ||= binds(id, names);
    }
    found ||= declaresVar(child, names);
  });
  return found;
}

function binds(pattern: Node, names: ReadonlySet<string>): boolean {
  if (pattern.type === 'Identifier') return names.has(pattern['name']);
  let found = false;
  // Too wide on purpose: it also sees names in default values. One refusal too many is harmless.
  eachChild(pattern, (child) => (found ||= binds(child, names)));
  return found;
}
