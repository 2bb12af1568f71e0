/**
 * What helps where a function uses a name from around itself. Data can be an argument; a function,
 * a class and what is imported cannot. The file's text tells which of them the name is, as far as a
 * look at its declarations can.
 */
import { isBuiltin } from 'node:module';

/** @param source the text of the function's file. @param door the way that is open in any case. */
export function adviseOn(name: string, source: string, door: string): string {
  const from = importOf(name, source);
  if (from !== null && isBuiltin(from.module)) {
    const loaded = from.imported === null ? name : `{ ${from.imported} }`;
    return `"${name}" is imported: write const ${loaded} = process.getBuiltinModule("${from.module}") inside the function, or give ${door}`;
  }
  const isCode = from !== null || isDeclaredCode(name, source);
  if (isCode)
    return `"${name}" is ${from === null ? 'code' : 'imported'}, which cannot be an argument: move the function to a file that imports what it needs and exports it, or give ${door}`;
  return `give "${name}" as an argument, or ${door}`;
}

/** Declared at the file's top level, as its lines begin; elsewhere the name may be another's. */
function isDeclaredCode(name: string, source: string): boolean {
  const own = escaped(name);
  const begin = '^(?:export\\s+)?(?:default\\s+)?';
  const declared = `${begin}(?:(?:async\\s+)?function\\s*\\*?|class)\\s+${own}(?![\\w$])`;
  const assigned = `${begin}(?:const|let|var)\\s+${own}\\s*=\\s*(?:async\\b\\s*)?(?:function\\b|\\([^()]*\\)\\s*=>|[\\w$]+\\s*=>)`;
  return new RegExp(`${declared}|${assigned}`, 'm').test(source);
}

interface Import {
  readonly module: string;
  /** Its property of the module, renamed where the name here is another; null: the module. */
  readonly imported: string | null;
}

/** Where the name is imported or required; null: it is not, as far as this sees. */
function importOf(name: string, source: string): Import | null {
  const clauses = /\bimport\s+(?!type\b)([^'"();]+?)\s+from\s*(['"])([^'"\n]+)\2/g;
  for (const [, clause, , module] of source.matchAll(clauses)) {
    const found = bindingOf(name, clause!, 'as');
    if (found !== null) return { module: module!, imported: found.property };
  }
  const requires = /^(?:const|let|var)\s+([^=;]+?)\s*=\s*require\(\s*(['"])([^'"\n]+)\2\s*\)/gm;
  for (const [, clause, , module] of source.matchAll(requires)) {
    const found = bindingOf(name, clause!, ':');
    if (found !== null) return { module: module!, imported: found.property };
  }
  return null;
}

/** @param renames what stands between a property and its name here: `as`, or `:`. */
function bindingOf(name: string, clause: string, renames: 'as' | ':'): { property: string | null } | null {
  const [outside = '', inside = ''] = clause.split(/[{}]/);
  for (const part of inside.split(',')) {
    const [property, own = property] = part.trim().split(renames === 'as' ? /\s+as\s+/ : /\s*:\s*/);
    if (own === name) return { property: property === own ? own : `${property}: ${own}` };
  }
  const isWhole = outside.split(',').some((part) => part.trim().replace(/^\*\s+as\s+/, '') === name);
  return isWhole ? { property: null } : null;
}

const escaped = (name: string): string => name.replaceAll('$', '\\$');
