/**
 * Where an answer is kept in a place that all runs share: `this.hits = await search(text)`,
 * `search(text).then((hits) => { view.hits = hits; })`, and the same for `subscribe`.
 * When an older run comes last, what it brings replaces the newer answer. The assignment gets a
 * probe, which sees in which order the runs came.
 *
 * What stands under a condition, or behind one that may leave the function, is left out: it may
 * look whether the answer is still wanted. So is a place by a key that the function was given.
 */
import { boundNames, namesIn, usesAny } from './name-uses.ts';
import { type Cell, cellOf, cellScope, type UpdateStep } from './shared-cells.ts';
import { eachOperand, isFunction, type Node, unwrapped } from './syntax-tree.ts';

const KEEPS = /\.then\s*\(|\.subscribe\s*\(|\bawait\b/;

/** The assignments, with the probe that each gets. */
export function staleWrites(program: Node, source: string): ReadonlyMap<Node, UpdateStep> {
  const steps = new Map<Node, UpdateStep>();
  if (!KEEPS.test(source)) return steps;
  const globals = declaredOnce(program);
  const note = (fn: Node, given: ReadonlySet<string>, isAnswer: boolean): void => {
    for (const [node, cell] of new Writes(fn, given, isAnswer).found) {
      const isVariable = cell.variable !== null;
      if (cell.key === null || (isVariable && !globals.has(cell.variable))) continue;
      const root = isVariable ? '0' : cell.root;
      steps.set(node, {
        how: isAnswer ? 'answers' : 'sets',
        name: cell.name,
        keys: cell.keys,
        key: cell.key,
        root,
      });
    }
  };
  const visit = (node: Node): void => {
    if (isFunction(node) && node['body'] != null && node['generator'] !== true && node['async'] === true)
      note(node, namesOf(node), false);
    if (node.type === 'CallExpression')
      for (const fn of answerCallbacks(node)) if (fn['async'] !== true) note(fn, namesOf(fn), true);
    eachOperand(node, visit);
  };
  visit(program);
  return steps;
}

const namesOf = (fn: Node): ReadonlySet<string> =>
  new Set((fn['params'] as Node[]).flatMap((parameter) => boundNames(parameter)));

/** Variables of the file's top level whose name is declared nowhere else. */
function declaredOnce(program: Node): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const count = (node: Node): void => {
    const targets: Node[] = [...((node['params'] ?? []) as Node[])];
    if (node.type === 'VariableDeclarator') targets.push(node['id']);
    for (const target of targets)
      for (const name of boundNames(target)) counts.set(name, (counts.get(name) ?? 0) + 1);
    eachOperand(node, count);
  };
  count(program);
  const names = new Set<string>();
  for (const statement of program['body'] as Node[]) {
    const declaration: Node = statement['declaration'] ?? statement;
    if (declaration.type !== 'VariableDeclaration') continue;
    for (const { id } of declaration['declarations'] as { id: Node }[])
      for (const name of boundNames(id)) if (counts.get(name) === 1) names.add(name);
  }
  return names;
}

/** Functions that a call is given for the value to come. */
function answerCallbacks(call: Node): readonly Node[] {
  const callee = unwrapped(call['callee']);
  if (callee.type !== 'MemberExpression' || callee['computed'] === true) return [];
  const [first] = call['arguments'] as (Node | undefined)[];
  const given = first === undefined ? null : unwrapped(first);
  const name: string = callee['property']['name'];
  if (given === null || (name !== 'then' && name !== 'subscribe')) return [];
  if (isFunction(given)) return [given];
  if (name === 'then' || given.type !== 'ObjectExpression') return [];
  return (given['properties'] as Node[])
    .filter((property) => property.type === 'Property' && property['key'].name === 'next')
    .map((property) => unwrapped(property['value']))
    .filter(isFunction);
}

class Writes {
  readonly found: [Node, Cell][] = [];
  readonly #scope: ReturnType<typeof cellScope>;
  readonly #parameters: ReadonlySet<string>;
  /** What holds the answer, or is made of it. */
  readonly #answer: Set<string>;
  #isLeft = false;

  /** @param isAnswer the function is given the answer; else it awaits it */
  constructor(fn: Node, parameters: ReadonlySet<string>, isAnswer: boolean) {
    this.#scope = cellScope(fn);
    this.#parameters = parameters;
    this.#answer = new Set(isAnswer ? parameters : []);
    if (parameters.size > 0) this.#visit(fn['body'], false);
  }

  #visit(node: Node, isUnderCondition: boolean): void {
    if (isFunction(node)) return;
    const isCondition = /^(?:If|Switch)Statement$|^(?:Conditional|Logical)Expression$/.test(node.type);
    const isLoop = /^(?:For|While|DoWhile)/.test(node.type);
    if (/^(?:Return|Throw|Break|Continue)Statement$/.test(node.type) && isUnderCondition) this.#isLeft = true;
    if (node.type === 'VariableDeclarator' && node['init'] != null && this.#isOfAnswer(node['init']))
      for (const name of boundNames(node['id'])) this.#answer.add(name);
    if (node.type === 'ExpressionStatement') {
      const expression = unwrapped(node['expression']);
      if (expression.type === 'AssignmentExpression' && !isUnderCondition && !this.#isLeft)
        this.#assign(expression);
    }
    eachOperand(node, (child) => this.#visit(child, isUnderCondition || isCondition || isLoop));
  }

  #assign(node: Node): void {
    if (node['operator'] !== '=' || !this.#isOfAnswer(node['right'])) return;
    const left = unwrapped(node['left']);
    const cell = cellOf(this.#scope, left);
    if (cell === null || this.#scope.own.has(cell.root) || usesAny(namesIn(left), this.#parameters)) return;
    this.found.push([node, cell]);
  }

  /** Made of the answer; of an awaited one, if what the function was given asked for it. */
  #isOfAnswer(value: Node): boolean {
    if (usesAny(namesIn(value), this.#answer)) return true;
    let isAwaited = false;
    const visit = (node: Node): void => {
      if (isFunction(node)) return;
      if (node.type === 'AwaitExpression')
        isAwaited ||= usesAny(namesIn(node['argument']), new Set([...this.#parameters, ...this.#answer]));
      eachOperand(node, visit);
    };
    visit(value);
    return isAwaited;
  }
}
