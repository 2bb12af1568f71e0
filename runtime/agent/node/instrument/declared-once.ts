/** Variables that a name alone tells apart. */
import { boundNames } from './name-uses.ts';
import { eachOperand, type Node } from './syntax-tree.ts';

/** Variables of the file's top level whose name is declared nowhere else. */
export function declaredOnce(program: Node): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const count = (node: Node): void => {
    const targets: Node[] = [...((node['params'] ?? []) as Node[])];
    if (node.type === 'VariableDeclarator') targets.push(node['id']);
    for (const target of targets)
      for (const name of boundNames(target)) counts.set(name, (counts.get(name) ?? 0) + 1);
    eachOperand(node, count);
  };
  count(program);
  const names = new Set<string>();
  for (const statement of program['body'] as Node[]) {
    const declaration: Node = statement['declaration'] ?? statement;
    if (declaration.type !== 'VariableDeclaration') continue;
    for (const { id } of declaration['declarations'] as { id: Node }[])
      for (const name of boundNames(id)) if (counts.get(name) === 1) names.add(name);
  }
  return names;
}
