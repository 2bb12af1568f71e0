/**
 * The names under which a file knows what it imports: from the library, and from all other modules.
 */
import type { Node } from './syntax-tree.ts';

/** What the user imports, under trace or not. */
const LIBRARY = /^simul(?:\/jobs)?$/;
/** Methods of a queue of jobs whose line is told. */
const JOB_METHODS = /^(?:add|addBulk|addFlow|repeat|pause|resume)$/;

/**
 * What `import { … } from 'simul'` and `const { … } = require('simul')` bring into a file; the same
 * of `simul/jobs`.
 */
export function libraryNames(statements: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    if (statement.type === 'ImportDeclaration' && LIBRARY.test(statement['source']['value'])) {
      for (const specifier of statement['specifiers'] as Node[]) names.add(specifier['local']['name']);
    } else if (statement.type === 'VariableDeclaration') {
      for (const { id, init } of statement['declarations']) {
        if (!isRequire(init) || !LIBRARY.test(init['arguments'][0]?.value) || id.type !== 'ObjectPattern') {
          continue;
        }
        for (const property of id.properties)
          if (property.value?.type === 'Identifier') names.add(property.value.name);
      }
    }
  }
  return names;
}

/** A file's names, as far as they tell which methods are the library's. */
interface FileNames {
  readonly library: ReadonlySet<string>;
  readonly imported: ReadonlySet<string>;
  /** Variables that hold queues of jobs. */
  readonly jobQueues: ReadonlySet<string>;
}

/**
 * `g.spawn`, in a file that has `group`, unless `g` is imported: then it is another module's.
 * `words.add`, where `words` was made by `new JobQueue` in the file.
 */
export function isLibraryMethod(callee: Node, { library, imported, jobQueues }: FileNames): boolean {
  if (callee.type !== 'MemberExpression' || callee['computed'] === true) return false;
  const object: Node = callee['object'];
  if (object.type !== 'Identifier') return false;
  const { name = '' } = callee['property'] as { name?: string };
  if (name === 'spawn') return library.has('group') && !imported.has(object['name']);
  return JOB_METHODS.test(name) && jobQueues.has(object['name']);
}

/** With or without a type. */
const NEW_JOB_QUEUE = /\b(?:const|let|var)\s+([\w$]+)[^=;{}()\n]*=\s*new\s+JobQueue\b/g;

/** The variables of a file that are made by `new JobQueue`. */
export function jobQueueNames(library: ReadonlySet<string>, source: string): ReadonlySet<string> {
  const made = library.has('JobQueue') ? source.matchAll(NEW_JOB_QUEUE) : [];
  return new Set(Array.from(made, ([, name]) => name!));
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
