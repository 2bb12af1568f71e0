/**
 * TypeScript is often written with `import` and compiled to CommonJS. It runs as an ES module here,
 * and is given the names of CommonJS that it uses and does not declare.
 */
import { PREFIX } from '../contract/emitted-names.ts';
import { type Node } from './syntax-tree.ts';

const VALUES: Readonly<Record<string, string>> = {
  require: `${PREFIX}r(import.meta.url)`,
  __filename: `${PREFIX}f(import.meta.url)`,
  __dirname: `${PREFIX}f(new ${PREFIX}u(".",import.meta.url)).replace(/(?<=.)[\\\\/]$/,"")`,
};

/** What goes before the first statement of the module; '' where it needs nothing. */
export function commonJsPrologue(program: Node, source: string): string {
  const names = Object.keys(VALUES).filter((name) => new RegExp(`\\b${name}\\b`).test(source));
  if (names.length === 0) return '';
  const declared = declaredNames(program);
  const wanted = names.filter((name) => !declared.has(name));
  if (wanted.length === 0) return '';
  const constants = wanted.map((name) => `${name}=${VALUES[name]}`).join(',');
  return (
    `import{createRequire as ${PREFIX}r}from"node:module";` +
    `import{fileURLToPath as ${PREFIX}f,URL as ${PREFIX}u}from"node:url";const ${constants};`
  );
}

/** Names that the top level of a module declares. */
function declaredNames(program: Node): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of program['body'] as Node[]) {
    const declaration: Node = statement['declaration'] ?? statement;
    for (const { local } of statement['specifiers'] ?? []) names.add(String(local?.name));
    if (typeof declaration['id']?.name === 'string') names.add(declaration['id'].name);
    for (const { id } of declaration['declarations'] ?? []) addBound(id, names);
  }
  return names;
}

function addBound(pattern: Node, names: Set<string>): void {
  if (pattern.type === 'Identifier') names.add(pattern['name']);
  for (const { value, argument } of pattern['properties'] ?? []) addBound(value ?? argument, names);
  for (const element of pattern['elements'] ?? []) if (element !== null) addBound(element, names);
  if (pattern['left']) addBound(pattern['left'], names);
}
