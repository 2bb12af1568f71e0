/**
 * `constructor(private a: A, readonly b = 1)`: blanks the modifiers, declares the fields first in
 * the class and assigns them first in the body, or after `super(…)` in a derived class. TypeScript
 * does the same for ES2022 fields.
 *
 * It refuses (returns false) where `super(…)` is not a statement directly in the constructor's
 * body.
 */
import { type Edits } from './edits.ts';
import { type Node } from './syntax-tree.ts';
import { skipTrivia } from './trivia.ts';

/** @param body the class body around the constructor */
export function stripParameterProperties(constructor: Node, body: Node, edits: Edits): boolean {
  const names: string[] = [];
  for (const parameter of constructor['value'].params as Node[]) {
    if (parameter.type !== 'TSParameterProperty') continue;
    const bound: Node = parameter['parameter'];
    edits.blank(
      skipTrivia(edits.source, parameter['decorators']?.at(-1)?.end ?? parameter.start),
      bound.start,
    );
    names.push(bound.type === 'AssignmentPattern' ? bound['left'].name : bound['name']);
  }
  if (names.length === 0) return true;
  const at = offsetOfAssignments(constructor['value'].body, edits);
  if (at === null) return false;
  edits.insert(body.start + 1, ` ${names.map((name) => `${name};`).join(' ')}`);
  edits.insert(at, `;${names.map((name) => ` this.${name} = ${name};`).join('')}`);
  return true;
}

/** Offset after `super(…)` or after the directives; null when `super` is called deeper inside. */
function offsetOfAssignments(body: Node, edits: Edits): number | null {
  const statements: readonly Node[] = body['body'];
  const superCall = statements.find(
    (statement) =>
      statement.type === 'ExpressionStatement' &&
      statement['expression'].type === 'CallExpression' &&
      statement['expression'].callee.type === 'Super',
  );
  if (superCall) return superCall.end;
  if (/\bsuper\s*\(/.test(edits.source.slice(body.start, body.end))) return null;
  let at = body.start + 1;
  for (const statement of statements) {
    if (statement['directive'] == null) break;
    at = statement.end;
  }
  return at;
}
