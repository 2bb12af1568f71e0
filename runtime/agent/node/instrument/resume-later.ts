/**
 * Awaits whose value V8 may have to describe in an error: `(await f()).json()`, `const { a } =
 * await f()`. It describes the expression, "(intermediate value).json is not a function", and our
 * text with it. There the `await` stays as it is, and the probe that resumes comes with the next
 * thing that is evaluated: the arguments of the call, or the next statement. Where that fails it
 * does not come at all, as after an `await` that throws.
 *
 * Between the two V8 only reads properties and iterates. What else could run code of the user's
 * (computed names, default values) keeps the probe at the `await`.
 */
import { ACTIVATION, PROBE } from '../contract/emitted-names.ts';
import { callProbe, type Inserter, COMMENT, type Scope } from './inserter.ts';
import { isConstant } from './needs-guard.ts';
import { eachChild, type Node, unwrapped } from './syntax-tree.ts';

/** In a generator that is not async, what is said of `await` holds of `yield`. */
export type Pauses = 'AwaitExpression' | 'YieldExpression';

/** `(await E).a.b(…)`, `new (await E)(…)`, `o[await E](…)`: the `await`; null for other calls. */
export function awaitOfCallee(call: Node, source: string, pauses: Pauses): Node | null {
  if (call['optional'] === true) return null;
  const callee: Node = call['callee'];
  if (call.type === 'NewExpression' && !source.slice(callee.end, call.end).includes('(')) return null;
  let at = untyped(callee);
  while (at.type === 'MemberExpression') {
    const key = untyped(at['property']);
    if (at['optional'] === true) return null;
    if (at['computed'] === true && key.type !== 'Literal') return key.type === pauses ? key : null;
    at = untyped(at['object']);
  }
  return at.type === pauses ? at : null;
}

/** The call's `await` is inserted without its probe that resumes: that stands in the arguments. */
export function insertCallOfAwaited(inserter: Inserter, call: Node, scope: Scope): void {
  const { edits } = inserter;
  const [first] = call['arguments'] as readonly Node[];
  eachChild(call, (child) => {
    if (child !== first) return inserter.visit(child, call, scope);
    const value: Node = child.type === 'SpreadElement' ? child['argument'] : child;
    edits.insert(value.start, `(${PROBE.resumeLater}(${ACTIVATION}),`);
    inserter.visit(child, call, scope);
    edits.insert(value.end, `${COMMENT})`);
  });
  if (first === undefined) edits.insert(call.end - 1, `...${PROBE.resumeInCall}(${ACTIVATION})`);
}

/** `const { a } = await E;`, `[a, b] = await E;` as a statement: the `await`; else null. */
export function awaitOfPattern(statement: Node, pauses: Pauses): Node | null {
  const [pattern, value] = lastAssigned(statement);
  if (pattern === null || value == null) return null;
  const awaited = untyped(value);
  const isPattern = pattern.type === 'ObjectPattern' || pattern.type === 'ArrayPattern';
  return isPattern && awaited.type === pauses && isSimple(pattern) ? awaited : null;
}

export function insertAssignmentOfAwaited(inserter: Inserter, statement: Node, scope: Scope): void {
  inserter.visitChildren(statement, scope);
  inserter.edits.insert(statement.end, `${COMMENT};${callProbe(PROBE.resumeLater)}`);
}

function lastAssigned(statement: Node): readonly [pattern: Node | null, value?: Node | null] {
  if (statement.type === 'VariableDeclaration') {
    const last: Node = statement['declarations'].at(-1);
    return [last['id'], last['init']];
  }
  if (statement.type !== 'ExpressionStatement') return [null];
  const assignment = unwrapped(statement['expression']);
  const isPlain = assignment.type === 'AssignmentExpression' && assignment['operator'] === '=';
  return isPlain ? [unwrapped(assignment['left']), assignment['right']] : [null];
}

/** Nothing of the user's runs while it takes a plain value apart. */
function isSimple(pattern: Node | null): boolean {
  switch (pattern?.type) {
    case undefined:
    case 'Identifier':
      return true;
    case 'MemberExpression':
      return (
        pattern['computed'] !== true && ['Identifier', 'ThisExpression'].includes(pattern['object'].type)
      );
    case 'RestElement':
      return isSimple(pattern['argument']);
    case 'AssignmentPattern':
      return isSimple(pattern['left']) && isConstant(pattern['right']);
    case 'ArrayPattern':
      return (pattern['elements'] as readonly (Node | null)[]).every(isSimple);
    case 'ObjectPattern':
      return (pattern['properties'] as readonly Node[]).every((property) =>
        property.type === 'RestElement'
          ? isSimple(property)
          : property['computed'] !== true && isSimple(property['value']),
      );
    default:
      return false;
  }
}

/** Looks through parentheses and types. */
function untyped(node: Node): Node {
  while (WRAPPERS.has(node.type)) node = node['expression'];
  return node;
}

const WRAPPERS: ReadonlySet<string> = new Set([
  'ParenthesizedExpression',
  'TSNonNullExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSTypeAssertion',
]);
