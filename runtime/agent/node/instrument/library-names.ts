/**
 * The names under which a file knows what it imports: from the library, and from all other modules.
 */
import type { Node } from './syntax-tree.ts';

/** What the user imports, under trace or not. */
const LIBRARY = 'simul';

/** What `import { … } from 'simul'` and `const { … } = require('simul')` bring into a file. */
export function libraryNames(statements: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    if (statement.type === 'ImportDeclaration' && statement['source']['value'] === LIBRARY) {
      for (const specifier of statement['specifiers'] as Node[]) names.add(specifier['local']['name']);
    } else if (statement.type === 'VariableDeclaration') {
      for (const { id, init } of statement['declarations']) {
        if (!isRequire(init) || init['arguments'][0]?.value !== LIBRARY || id.type !== 'ObjectPattern') {
          continue;
        }
        for (const property of id.properties)
          if (property.value?.type === 'Identifier') names.add(property.value.name);
      }
    }
  }
  return names;
}

/** The names that a file has from other modules. */
export function importedNames(statements: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    if (statement.type === 'ImportDeclaration')
      for (const specifier of statement['specifiers'] as Node[]) names.add(specifier['local']['name']);
    else if (statement.type === 'VariableDeclaration')
      for (const { id, init } of statement['declarations'])
        if (isRequire(init) && id.type === 'Identifier') names.add(id.name);
  }
  return names;
}

function isRequire(init: Node | null | undefined): init is Node {
  return init?.type === 'CallExpression' && init['callee'].name === 'require';
}

/** `g.spawn`, in a file that has `group`, unless `g` is imported: then it is another module's. */
export function isGroupSpawn(
  callee: Node,
  names: ReadonlySet<string>,
  imported: ReadonlySet<string>,
): boolean {
  if (callee.type !== 'MemberExpression' || callee['computed'] === true) return false;
  if (!names.has('group')) return false;
  const object: Node = callee['object'];
  const { name } = callee['property'] as { name?: string };
  return name === 'spawn' && object.type === 'Identifier' && !imported.has(object['name']);
}
