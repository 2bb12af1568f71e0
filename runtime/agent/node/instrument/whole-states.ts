/**
 * Stores that keep a state as a whole: it is read by `store.state` or `store.getState()`, and what
 * is made of a copy is given back by `store.set({ ...state, more })`. By what the calls are named
 * alone, so what is given back has to be made of what was read: the spread of all of it, or, for
 * stores that merge, one of its parts in the place of that part.
 */
import { type Cell, type Path, pathOf, propertyCell, textOf } from './shared-cells.ts';
import { isFunction, type Node, unwrapped } from './syntax-tree.ts';

const STATES: ReadonlySet<string> = new Set(['state', 'snapshot', 'data', 'value', 'current']);
const GETTERS: ReadonlySet<string> = new Set(['getState', 'getSnapshot', 'getData', 'getValue', 'get']);
const SETTER = /^(?:set|next|replace|update|put|write)(?:State|Snapshot|Data|Value)?$/;
/** Functions that go together, as a store's creator is given them. */
const PAIRS: ReadonlyMap<string, string> = new Map([
  ['get', 'set'],
  ['getState', 'setState'],
]);
const SETTERS: ReadonlySet<string> = new Set(PAIRS.values());
/** By these names the state is replaced, whatever is given. */
const REPLACES: ReadonlySet<string> = new Set(['set', 'next', 'setState', 'setValue']);
const NOUN = 'State';
const ALL = 'all';

/** The state as a whole. */
export const wholeCell = (owner: Path): Cell => ({
  ...propertyCell(owner, ALL),
  name: textOf(owner),
  noun: NOUN,
});

/** @param owner of the state */
export function partCell(owner: Path, part: string): Cell {
  const cell = propertyCell(owner, part);
  const isPair = owner.keys.length === 0 && SETTERS.has(owner.root);
  return { ...cell, name: isPair ? part : cell.name, noun: NOUN };
}

export const isWhole = ({ noun, key }: Cell): boolean => noun === NOUN && key === ALL;

/** Whose state the expression gives as a whole; null: it is no such thing. */
export function stateOwner(node: Node): Path | null {
  if (node.type === 'MemberExpression') {
    const isState = node['computed'] !== true && STATES.has(node['property'].name);
    return isState ? pathOf(unwrapped(node['object'])) : null;
  }
  if (node.type !== 'CallExpression' || node['arguments'].length > 0) return null;
  const callee = unwrapped(node['callee']);
  if (callee.type === 'Identifier') {
    const setter = PAIRS.get(callee['name']);
    return setter === undefined ? null : { root: setter, keys: [] };
  }
  const isGetter =
    callee.type === 'MemberExpression' && callee['computed'] !== true && GETTERS.has(callee['property'].name);
  return isGetter ? pathOf(unwrapped(callee['object'])) : null;
}

/** What `const { state } = store` and `const { items } = store.state` read of a state. */
export function stateKept(owner: Path, property: string): readonly Cell[] {
  const keys = owner.keys.slice(0, -1);
  if (STATES.has(property)) return [wholeCell(owner)];
  const isState = STATES.has(owner.keys.at(-1) ?? '');
  return isState ? [partCell({ root: owner.root, keys }, property)] : [];
}

/** The state, or a part of it, that the expression reads; null: it reads none. */
export function stateRead(node: Node): Cell | null {
  const owner = stateOwner(node);
  if (owner !== null) return wholeCell(owner);
  if (node.type !== 'MemberExpression' || node['computed'] === true) return null;
  const ofPart = stateOwner(unwrapped(node['object']));
  const part: unknown = node['property'].name;
  return ofPart === null || typeof part !== 'string' ? null : partCell(ofPart, part);
}

/** What a call puts into a store. */
export interface StateWrite {
  readonly owner: Path;
  /** What the call is given. */
  readonly value: Node;
  readonly by: string;
}

export function stateWrite(call: Node): StateWrite | null {
  const given = call['arguments'] as readonly Node[];
  if (given.length !== 1 || given[0]!.type === 'SpreadElement') return null;
  const callee = unwrapped(call['callee']);
  const isMember = callee.type === 'MemberExpression' && callee['computed'] !== true;
  const name: unknown = isMember ? callee['property'].name : callee['name'];
  if (typeof name !== 'string' || !SETTER.test(name)) return null;
  const owner = isMember ? pathOf(unwrapped(callee['object'])) : { root: name, keys: [] };
  return owner === null ? null : { owner, value: given[0]!, by: name };
}

export interface StatePart {
  readonly cell: Cell;
  /** What becomes of it. */
  readonly value: Node;
}

/** The parts that an object literal names, or the literal that a function makes of the state. */
export function partsOf({ owner, value }: StateWrite): readonly StatePart[] {
  const literal = literalOf(value);
  if (literal?.type !== 'ObjectExpression') return [];
  return (literal['properties'] as Node[]).flatMap((property) => {
    const key: unknown = property['key']?.name;
    return property.type !== 'Property' || property['computed'] === true || typeof key !== 'string'
      ? []
      : [{ cell: partCell(owner, key), value: property['value'] as Node }];
  });
}

/** What an object or a list is made of as a whole: `{ ...state }`. */
export function spreadIn({ value }: StateWrite): readonly Node[] {
  const literal = literalOf(value);
  return literal === null ? [] : spreadOf(literal);
}

function spreadOf(literal: Node): readonly Node[] {
  const all = (literal['properties'] ?? literal['elements']) as readonly (Node | null)[];
  return all.flatMap((each) => (each?.type === 'SpreadElement' ? [unwrapped(each['argument'])] : []));
}

/** What the value is, or is a copy of: `state`, `{ ...state }`, `count + 1`. */
export function copiedIn(value: Node): readonly Node[] {
  const given = unwrapped(value);
  switch (given.type) {
    case 'ObjectExpression':
    case 'ArrayExpression':
      return spreadOf(given).flatMap(copiedIn);
    case 'BinaryExpression':
    case 'LogicalExpression':
      return [...copiedIn(given['left']), ...copiedIn(given['right'])];
    case 'ConditionalExpression':
      return [...copiedIn(given['consequent']), ...copiedIn(given['alternate'])];
    default:
      return [given];
  }
}

/** A write of the state as a whole; null: it may be none. */
export function wholeWrite({ owner, value, by }: StateWrite): Cell | null {
  const isMade = literalOf(value) !== null || copiesOwn({ owner, value, by });
  return isMade || (REPLACES.has(by) && !isFunction(unwrapped(value))) ? wholeCell(owner) : null;
}

/** What is written is made of the state as it is now. */
export const copiesOwn = ({ owner, value }: StateWrite): boolean =>
  copiedIn(value).some((each) => {
    const own = stateOwner(each);
    return own !== null && textOf(own) === textOf(owner);
  });

/** `{ … }`, `[ … ]`, also of `(state) => ({ … })`. */
function literalOf(value: Node): Node | null {
  const given = unwrapped(value);
  const made = given.type === 'ArrowFunctionExpression' ? unwrapped(given['body']) : given;
  return made.type === 'ObjectExpression' || made.type === 'ArrayExpression' ? made : null;
}
