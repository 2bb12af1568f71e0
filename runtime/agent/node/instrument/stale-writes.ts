/**
 * Where an answer is kept in a place that all runs share: `this.hits = await search(text)`,
 * `search(text).then((hits) => { view.hits = hits; })`, and the same for `subscribe`.
 * When an older run comes last, what it brings replaces the newer answer. The assignment gets a
 * probe, which sees in which order the runs came.
 *
 * So is what a function was given and keeps after an await: `notes.set(id, text)`.
 *
 * What stands under a condition that is asked after the await, or behind one that may leave the
 * function, is left out: it may look whether the answer is still wanted.
 */
import { declaredOnce } from './declared-once.ts';
import { boundNames, namesIn, usesAny } from './name-uses.ts';
import {
  type Cell,
  cellOf,
  cellScope,
  entryOf,
  FILES,
  pathOf,
  propertyCell,
  SETS,
  textOf,
  type UpdateStep,
} from './shared-cells.ts';
import { eachOperand, isFunction, type Node, unwrapped } from './syntax-tree.ts';

const KEEPS = /\.then\s*\(|\.subscribe\s*\(|\bawait\b/;

/** Where an answer is kept, or what the function was given, after an await. */
interface KeptAnswer {
  readonly cell: Cell;
  readonly node: Node;
  readonly isGiven: boolean;
}

/** The assignments, with the probe that each gets. */
export function staleWrites(program: Node, source: string): ReadonlyMap<Node, UpdateStep> {
  const steps = new Map<Node, UpdateStep>();
  if (!KEEPS.test(source)) return steps;
  const globals = declaredOnce(program);
  const note = (fn: Node, given: ReadonlySet<string>, isAnswer: boolean): void => {
    for (const { cell, node, isGiven } of new Writes(fn, given, isAnswer).found) {
      const { name, keys, key, keyVariable, variable } = cell;
      if (variable !== null && !globals.has(variable)) continue;
      const owner = variable === null ? cell.root : FILES.root;
      steps.set(node, {
        how: isAnswer ? 'answers' : 'sets',
        name,
        keys,
        ...(key === null ? {} : { key }),
        ...(isGiven ? { isGiven: true as const } : {}),
        root: keyVariable === null ? owner : `[${owner},${keyVariable}]`,
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

/** Calls that put what they are given in the place of what was there. */
const PUTS = /^(?:set|show|render|display|replace)(?:[A-Z_]\w*)?$/;
/** What was done last, in the order in which it was done. */
const OF_ENDS = /last|finished|done|completed|recent/i;

interface Place {
  readonly cell: Cell;
  /** What gets the probe. */
  readonly node: Node;
  readonly value: Node;
}

class Writes {
  readonly found: KeptAnswer[] = [];
  readonly #scope: ReturnType<typeof cellScope>;
  readonly #parameters: ReadonlySet<string>;
  /** What holds the answer, or is made of it. */
  readonly #answer: Set<string>;
  /** What is made of the parameters alone. */
  readonly #given: Set<string>;
  #isLeft = false;
  #hasAwaited: boolean;

  /** @param isAnswer the function is given the answer; else it awaits it */
  constructor(fn: Node, parameters: ReadonlySet<string>, isAnswer: boolean) {
    this.#scope = cellScope(fn);
    this.#parameters = parameters;
    this.#answer = new Set(isAnswer ? parameters : []);
    this.#given = new Set(isAnswer ? [] : parameters);
    this.#hasAwaited = isAnswer;
    if (parameters.size > 0 || !isAnswer) this.#visit(fn['body'], false);
  }

  #visit(node: Node, isUnderCondition: boolean): void {
    if (isFunction(node)) return;
    if (/^(?:Return|Throw|Break|Continue)Statement$/.test(node.type) && isUnderCondition) this.#isLeft = true;
    if (node.type === 'VariableDeclarator' && node['init'] != null) this.#derive(node['id'], node['init']);
    if (node.type === 'AssignmentExpression') this.#derive(node['left'], node['right']);
    if (node.type === 'ForOfStatement' || node.type === 'ForInStatement')
      this.#derive(node['left']['declarations']?.[0].id ?? node['left'], node['right']);
    if (node.type === 'ExpressionStatement' && !isUnderCondition && !this.#isLeft) {
      const expression = unwrapped(node['expression']);
      const place =
        expression.type === 'AssignmentExpression' ? this.#assigned(expression) : this.#called(expression);
      if (place !== null) this.#keep(place);
    }
    const isLoop = /^(?:For|While|DoWhile)/.test(node.type);
    const isCondition = /^(?:If|Switch)Statement$|^(?:Conditional|Logical)Expression$/.test(node.type);
    eachOperand(node, (child, field) => {
      // What was decided before the await does not look whether the answer is still wanted.
      const isLooked = isCondition && field !== 'test' && field !== 'discriminant' && this.#hasAwaited;
      this.#visit(child, isUnderCondition || isLooked || isLoop);
    });
    if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node['await'] === true))
      this.#hasAwaited = true;
  }

  #derive(target: Node, value: Node): void {
    const isGiven = usesAny(namesIn(value), this.#given);
    const isAnswer = this.#isOfAnswer(value);
    for (const name of isGiven || isAnswer ? boundNames(target) : []) {
      if (!this.#scope.own.has(name)) continue;
      if (isAnswer) this.#answer.add(name);
      if (isGiven) this.#given.add(name);
    }
  }

  #assigned(node: Node): Place | null {
    const left = unwrapped(node['left']);
    const cell = node['operator'] === '=' ? cellOf(this.#scope, left) : null;
    return cell === null ? null : { cell, node, value: node['right'] };
  }

  /** `notes.set(id, body)`, `view.render(hits)`, `setHits(hits)` */
  #called(call: Node): Place | null {
    // What is awaited is written later than it is called.
    if (call.type !== 'CallExpression') return null;
    const given = call['arguments'] as readonly Node[];
    const value = given.at(-1);
    if (value === undefined || value.type === 'SpreadElement' || isFunction(unwrapped(value))) return null;
    if (given.length === 2) {
      const entry = entryOf(call, SETS);
      return entry === null || entry.root === FILES.root ? null : { cell: entry, node: value, value };
    }
    const callee = unwrapped(call['callee']);
    const isMember = callee.type === 'MemberExpression' && callee['computed'] !== true;
    const name: unknown = isMember ? callee['property'].name : callee['name'];
    if (given.length !== 1 || typeof name !== 'string' || !PUTS.test(name)) return null;
    const owner = isMember ? pathOf(unwrapped(callee['object'])) : FILES;
    if (owner === null || (!isMember && this.#scope.own.has(name))) return null;
    const shown = isMember ? `${textOf(owner)}.${name}()` : `${name}()`;
    return { cell: { ...propertyCell(owner, `${name}()`), name: shown }, node: value, value };
  }

  #keep({ cell, node, value }: Place): void {
    if (!this.#hasAwaited && !isAwaiting(value)) return;
    if (this.#scope.own.has(cell.root) || this.#parameters.has(cell.root)) return;
    // A key of the function's own: each place is one by itself.
    const isKeyed = cell.keyVariable !== null;
    if (
      !isKeyed &&
      node.type === 'AssignmentExpression' &&
      usesAny(namesIn(unwrapped(node['left'])), this.#parameters)
    )
      return;
    if (this.#isOfAnswer(value)) this.found.push({ cell, node, isGiven: false });
    else if (usesAny(namesIn(value), this.#given) && !OF_ENDS.test(cell.name) && !cell.name.endsWith('()'))
      this.found.push({ cell, node, isGiven: true });
  }

  /** Made of the answer; of an awaited one, if what the function was given asked for it. */
  #isOfAnswer(value: Node): boolean {
    if (usesAny(namesIn(value), this.#answer)) return true;
    const asks = new Set([...this.#parameters, ...this.#given, ...this.#answer]);
    let isAwaited = false;
    const visit = (node: Node): void => {
      if (isFunction(node)) return;
      if (node.type === 'AwaitExpression')
        isAwaited ||= usesAny(namesIn(node['argument']), asks) || asksByState(node);
      eachOperand(node, visit);
    };
    visit(value);
    return isAwaited;
  }
}

/** `await search(this.text)` */
function asksByState(node: Node): boolean {
  const call = unwrapped(node['argument']);
  if (call.type !== 'CallExpression') return false;
  const given = call['arguments'] as readonly Node[];
  return given.some((each) => pathOf(unwrapped(each))?.root.startsWith('this') === true);
}

function isAwaiting(value: Node): boolean {
  let isFound = false;
  const visit = (node: Node): void => {
    if (isFunction(node)) return;
    isFound ||= node.type === 'AwaitExpression';
    eachOperand(node, visit);
  };
  visit(value);
  return isFound;
}
