/**
 * `accessor x = v;` becomes a private field with a getter and a setter, in its place: no V8 knows
 * the keyword yet.
 */
import { type Edits } from './edits.ts';
import { type TypeStripper } from './inserter.ts';
import { type Node } from './syntax-tree.ts';
import { findToken } from './trivia.ts';

/** For a text whose types go later: of all that a type stripper does, only this. */
export class AccessorStripper implements TypeStripper {
  readonly #edits: Edits;

  constructor(edits: Edits) {
    this.#edits = edits;
  }

  enter(node: Node): boolean {
    if (node.type === 'AccessorProperty') beginAccessor(node, this.#edits);
    return false;
  }

  leave(node: Node): void {
    if (node.type === 'AccessorProperty') endAccessor(node, this.#edits);
  }
}

/** @returns false where the name is computed: it would be evaluated three times */
export function beginAccessor(node: Node, edits: Edits): boolean {
  const key: Node = node['key'];
  if (node['computed'] || !['Identifier', 'PrivateIdentifier'].includes(key.type)) return false;
  const keyword = findToken(edits.source, node.start, key.start, 'accessor');
  if (keyword < 0) return false;
  edits.blank(keyword, keyword + 'accessor'.length);
  edits.blank(key.start, key.end);
  edits.insert(key.start, fieldOf(node, edits));
  return true;
}

export function endAccessor(node: Node, edits: Edits): void {
  if (node['computed']) return;
  const key: Node = node['key'];
  const name = edits.source.slice(key.start, key.end);
  const field = fieldOf(node, edits);
  const prefix = node['static'] ? 'static ' : '';
  const end = edits.source[node.end - 1] === ';' ? '' : ';';
  edits.insert(
    node.end,
    `${end} ${prefix}get ${name}() { return this.${field}; } ${prefix}set ${name}(value) { this.${field} = value; }`,
  );
}

/** A private name that the class does not have. */
function fieldOf(node: Node, { source }: Edits): string {
  const key: Node = node['key'];
  let field = `#${source.slice(key.start, key.end).replace('#', '')}_value`;
  while (source.includes(field)) field += '_';
  return field;
}
