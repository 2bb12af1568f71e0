/** What several runs of a function share, by names: a variable, a property, an entry of a map. */
import type { SharedStep } from '../contract/probe-set.ts';
import { boundNames } from './name-uses.ts';
import { eachOperand, isFunction, type Node, unwrapped } from './syntax-tree.ts';

/** A place that gets a probe: the expression is evaluated, then the probe is called. */
export interface UpdateStep extends SharedStep {
  /** What is evaluated again for the probe: the owner, with the key where a variable holds it. */
  readonly root: string;
}

/** What is shared: a variable, a property, or an entry of a map or a store. */
export interface Cell {
  /** As written: "balance", "this.total", "stock[id]". */
  readonly name: string;
  /** A variable outside the function; the scope that declares it is looked for later. */
  readonly variable: string | null;
  /** The owner of a property or an entry: where it begins, and the way from there. */
  readonly root: string;
  readonly keys: readonly string[];
  /** The property, or the key as text; null: the variable `keyVariable` holds it. */
  readonly key: string | null;
  readonly keyVariable: string | null;
  /** The function of the program's own that loads or saves it. */
  readonly by?: string;
  /** What a method of its owner loads or saves, by its name. */
  readonly noun?: string;
}

/** How the name of a variable is evaluated again; null: it cannot be told apart. */
export type OwnerOf = (name: string) => string | null;

export const GETS: ReadonlySet<string> = new Set(['get', 'getItem', 'load', 'read', 'readFile']);
export const SETS: ReadonlySet<string> = new Set(['set', 'setItem', 'save', 'write', 'writeFile']);
/** By these names alone they are known to mean files. */
export const OF_FILES: ReadonlySet<string> = new Set(['readFile', 'writeFile']);
export const FILES: Path = { root: '0', keys: [] };

export interface CellScope {
  /** What the function declares. */
  readonly own: ReadonlySet<string>;
  readonly assigned: ReadonlySet<string>;
}

/** The cell that an expression names; null: it names none. */
export function cellOf({ own, assigned }: CellScope, node: Node): Cell | null {
  if (node.type === 'Identifier') {
    const name: string = node['name'];
    if (own.has(name) || !assigned.has(name)) return null;
    return { name, variable: name, root: '', keys: [], key: name, keyVariable: null };
  }
  if (node.type !== 'MemberExpression') return null;
  const owner = pathOf(unwrapped(node['object']));
  if (owner === null) return null;
  const property: Node = node['property'];
  if (node['computed'] !== true) return propertyCell(owner, nameOfProperty(property));
  return entryCell(owner, property, (key) => `${textOf(owner)}[${key}]`);
}

export interface Path {
  readonly root: string;
  readonly keys: readonly string[];
}

export const textOf = ({ root, keys }: Path): string => [root, ...keys].join('.');

const nameOfProperty = (property: Node): string =>
  property.type === 'PrivateIdentifier' ? `#${property['name']}` : property['name'];

/** The way to an object by plain names; null: there is none. */
export function pathOf(node: Node): Path | null {
  if (node.type === 'Identifier') return { root: node['name'], keys: [] };
  if (node.type === 'ThisExpression') return { root: 'this', keys: [] };
  if (node.type !== 'MemberExpression' || node['computed'] === true) return null;
  const object = unwrapped(node['object']);
  const property: Node = node['property'];
  if (property.type === 'PrivateIdentifier')
    return object.type === 'ThisExpression' ? { root: `this.${nameOfProperty(property)}`, keys: [] } : null;
  const owner = pathOf(object);
  return owner === null ? null : { root: owner.root, keys: [...owner.keys, property['name']] };
}

export const propertyCell = (owner: Path, key: string): Cell => ({
  name: `${textOf(owner)}.${key}`,
  variable: null,
  ...owner,
  key,
  keyVariable: null,
});

/** @param nameOf the cell's name, with the key as written */
export function entryCell(owner: Path, key: Node, nameOf: (key: string) => string): Cell | null {
  if (key.type === 'Identifier') {
    const keyVariable: string = key['name'];
    return { name: nameOf(keyVariable), variable: null, ...owner, key: null, keyVariable };
  }
  if (key.type !== 'Literal' || (typeof key['value'] !== 'string' && typeof key['value'] !== 'number'))
    return null;
  const text = String(key['value']);
  return {
    name: nameOf(JSON.stringify(key['value'])),
    variable: null,
    ...owner,
    key: text,
    keyVariable: null,
  };
}

/** `counts.get(id)`, `counts.set(id, …)`: the entry that the call reads or writes. */
export function entryOf(call: Node, names: ReadonlySet<string>): Cell | null {
  const callee = unwrapped(call['callee']);
  const key: Node | undefined = call['arguments'][0];
  if (key === undefined || callee['computed'] === true) return null;
  const isMember = callee.type === 'MemberExpression';
  const name: unknown = isMember ? callee['property']['name'] : callee['name'];
  if (typeof name !== 'string' || !names.has(name)) return null;
  if (OF_FILES.has(name)) return entryCell(FILES, unwrapped(key), (written) => `the file ${written}`);
  const owner = isMember ? pathOf(unwrapped(callee['object'])) : null;
  return owner === null
    ? null
    : entryCell(owner, unwrapped(key), (written) => `${textOf(owner)}[${written}]`);
}

/** The names that a function declares, parameters included, and those that it assigns. */
export function cellScope(fn: Node): CellScope {
  const own = new Set<string>();
  const assigned = new Set<string>();
  for (const parameter of fn['params'] as Node[]) for (const name of boundNames(parameter)) own.add(name);
  const visit = (node: Node): void => {
    if (node.type === 'VariableDeclarator') for (const name of boundNames(node['id'])) own.add(name);
    if (node.type === 'CatchClause' && node['param'] != null)
      for (const name of boundNames(node['param'])) own.add(name);
    if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration')
      if (node['id'] != null) own.add(node['id'].name);
    if (node.type === 'AssignmentExpression' && unwrapped(node['left']).type === 'Identifier')
      assigned.add(unwrapped(node['left'])['name']);
    eachOperand(node, (child) => {
      if (!isFunction(child)) visit(child);
      else if (child['id'] != null) own.add(child['id'].name);
    });
  };
  visit(fn['body']);
  return { own, assigned };
}
