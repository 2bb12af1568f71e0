/**
 * Writes an enum as the object that TypeScript makes of it, in place:
 *
 *   enum A { X = 1, Y }
 *     →   var A; (function (A) { A[A["X"] = 1] = "X"; A[A["Y"] = 2] = "Y"; })(A || (A = {}));
 *
 * It refuses (returns false) where a member without a value follows one whose value is known only
 * at run time.
 */
import { type Edits } from './edits.ts';
import { eachChild, type Node } from './syntax-tree.ts';
import { findToken, skipTrivia } from './trivia.ts';

type Value = number | string | null;

export class EnumStripper {
  readonly #edits: Edits;
  readonly #members = new Map<string, Map<string, Value>>();

  constructor(edits: Edits) {
    this.#edits = edits;
  }

  strip(node: Node, parent: Node): boolean {
    const name: string = node['id'].name;
    const body: Node = node['body'];
    // TypeScript merges enums of one name. Only the first declaration declares the variable.
    const declared = this.#members.get(name);
    const known = declared ?? new Map<string, Value>();
    this.#members.set(name, known);
    const exported = parent.type === 'ExportNamedDeclaration';
    if (exported && declared) this.#edits.blank(parent.start, node.start);
    this.#edits.insert(node.start, `${declared ? ';' : `var ${name}; `}(function (${name}) `);
    this.#edits.blank(node.start, body.start);
    let next: number | null = 0;
    for (const member of body['members'] as Node[]) {
      const value = this.#member(member, name, known, next);
      if (value === undefined) return false;
      next = typeof value === 'number' ? value + 1 : null;
    }
    this.#edits.insert(node.end, `)(${name} || (${name} = {}));`);
    return true;
  }

  /**
   * @returns the member's value; null where it is known only at run time; undefined where the
   *   member cannot be written
   */
  #member(member: Node, name: string, known: Map<string, Value>, next: number | null): Value | undefined {
    const id: Node = member['id'];
    const key: string =
      id.type === 'Identifier' ? id['name'] : String(id['value'] ?? id['quasis']?.[0]?.value.cooked);
    const slot = `${name}[${JSON.stringify(key)}]`;
    const initializer: Node | null = member['initializer'];
    let value: Value;
    if (initializer === null) {
      if (next === null) return undefined;
      value = next;
      this.#edits.insert(member.start, `${name}[${slot} = ${value}] = ${JSON.stringify(key)};`);
      this.#edits.blank(member.start, member.end);
    } else {
      value = evaluate(initializer, name, known);
      const text = typeof value === 'string';
      this.#edits.insert(initializer.start, text ? `${slot} = ` : `${name}[${slot} = `);
      this.#edits.blank(member.start, initializer.start);
      this.#qualify(initializer, name, known);
      this.#edits.insert(initializer.end, text ? ';' : `] = ${JSON.stringify(key)};`);
    }
    const comma = findToken(
      this.#edits.source,
      member.end,
      skipTrivia(this.#edits.source, member.end) + 1,
      ',',
    );
    if (comma >= 0) this.#edits.blank(comma, comma + 1);
    known.set(key, value);
    return value;
  }

  /** Inside an enum, its members are in scope by their bare names. */
  #qualify(node: Node, name: string, known: ReadonlyMap<string, Value>): void {
    if (node.type === 'Identifier' && known.has(node['name'])) this.#edits.insert(node.start, `${name}.`);
    eachChild(node, (child, field) => {
      if (field !== 'property' || node['computed']) this.#qualify(child, name, known);
    });
  }
}

function evaluate(node: Node, name: string, known: ReadonlyMap<string, Value>): Value {
  switch (node.type) {
    case 'Literal':
      return typeof node['value'] === 'number' || typeof node['value'] === 'string' ? node['value'] : null;
    case 'TemplateLiteral':
      // A template with parts is a string as well, whatever the parts are; '' stands for it.
      return node['expressions'].length === 0 ? (node['quasis'][0].value.cooked as string) : '';
    case 'ParenthesizedExpression':
      return evaluate(node['expression'], name, known);
    case 'Identifier':
      return (
        known.get(node['name']) ??
        (node['name'] === 'NaN' ? NaN : node['name'] === 'Infinity' ? Infinity : null)
      );
    case 'MemberExpression': {
      if (node['object'].type !== 'Identifier' || node['object'].name !== name) return null;
      return known.get(node['computed'] ? String(node['property'].value) : node['property'].name) ?? null;
    }
    case 'UnaryExpression':
      return unary(node['operator'], evaluate(node['argument'], name, known));
    case 'BinaryExpression':
      return binary(
        node['operator'],
        evaluate(node['left'], name, known),
        evaluate(node['right'], name, known),
      );
    default:
      return null;
  }
}

function unary(operator: string, value: Value): Value {
  if (typeof value !== 'number') return null;
  switch (operator) {
    case '-':
      return -value;
    case '+':
      return value;
    case '~':
      return ~value;
    default:
      return null;
  }
}

function binary(operator: string, a: Value, b: Value): Value {
  if (a === null || b === null) return null;
  if (operator === '+') return typeof a === 'number' && typeof b === 'number' ? a + b : `${a}${b}`;
  if (typeof a !== 'number' || typeof b !== 'number') return null;
  switch (operator) {
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '**':
      return a ** b;
    case '|':
      return a | b;
    case '&':
      return a & b;
    case '^':
      return a ^ b;
    case '<<':
      return a << b;
    case '>>':
      return a >> b;
    case '>>>':
      return a >>> b;
    default:
      return null;
  }
}
