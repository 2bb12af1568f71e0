/**
 * Where an async function looks whether something is there, awaits what makes it, and only then
 * keeps it: `if (!client) client = await connect()`, `if (!m.has(id)) m.set(id, await load(id))`.
 * Runs that come meanwhile find nothing either and make it again. Both places get a probe, and
 * whether that happened shows when they run.
 *
 * It goes by names within one function. What is made at once and kept as a promise is none, nor
 * what waits for a promise that is there already: others may wait for the same.
 */
import { boundNames } from './name-uses.ts';
import {
  type Cell,
  cellOf,
  type CellScope,
  cellScope,
  entryOf,
  OF_FILES,
  type OwnerOf,
  type UpdateStep,
} from './shared-cells.ts';
import { eachOperand, isFunction, type Node, unwrapped } from './syntax-tree.ts';

/** Names of methods that say what is there. */
const LOOKS: ReadonlySet<string> = new Set(['has', 'get', 'getItem', 'peek']);
const KEEPS: ReadonlySet<string> = new Set(['set', 'setItem', 'put', 'add']);
const MEMO_OPERATORS: ReadonlySet<string> = new Set(['??=', '||=']);

/** A condition that looks at a cell. */
interface Look {
  readonly cell: Cell;
  /** How many awaits that make something came before. */
  readonly epoch: number;
  /** The expression that reads it. */
  readonly node: Node;
}

/** @param fn an async function that is instrumented */
export function repeatedMakings(fn: Node, ownerOf: OwnerOf): ReadonlyMap<Node, UpdateStep> {
  const walk = new MakingWalk(fn);
  walk.visit(fn['body']);
  const steps = new Map<Node, UpdateStep>();
  for (const { cell, looks, write } of walk.makings) {
    const owner = cell.variable === null ? cell.root : ownerOf(cell.variable);
    if (owner === null) continue;
    const { name, keys, key, keyVariable } = cell;
    const step = { name, keys, ...(key === null ? {} : { key }) };
    const root = keyVariable === null ? owner : `[${owner},${keyVariable}]`;
    for (const { node } of looks) steps.set(node, { how: 'misses', ...step, root });
    steps.set(write, { how: 'makes', ...step, root });
  }
  return steps;
}

interface Making {
  readonly cell: Cell;
  readonly looks: readonly Look[];
  readonly write: Node;
}

class MakingWalk {
  readonly makings: Making[] = [];
  readonly #scope: CellScope;
  #epoch = 0;
  /** By name of the cell: where a condition looked at it. */
  readonly #looks = new Map<string, Look[]>();
  /** By local variable: the cell that it was read from, and where. */
  readonly #read = new Map<string, Look>();
  /** By local variable: how many awaits there were when one gave it. */
  readonly #given = new Map<string, number>();

  constructor(fn: Node) {
    this.#scope = cellScope(fn);
  }

  visit(node: Node): void {
    if (isFunction(node)) return;
    switch (node.type) {
      case 'IfStatement':
        this.#lookIn(node['test'], node['alternate'] != null || leaves(node['consequent']));
        return this.#children(node);
      case 'ConditionalExpression':
        this.#lookIn(node['test'], true);
        return this.#children(node);
      case 'LogicalExpression':
        this.#lookIn(node['left'], node['operator'] !== '&&');
        return this.#children(node);
      case 'AwaitExpression':
        this.#children(node);
        if (makes(unwrapped(node['argument']))) this.#epoch++;
        return;
      case 'VariableDeclarator':
        return this.#declare(node);
      case 'AssignmentExpression':
        return this.#assign(node);
      case 'CallExpression': {
        const cell = this.#entry(node, KEEPS);
        const value: Node | undefined = node['arguments'][1];
        const before = this.#epoch;
        this.#children(node);
        if (cell !== null && value !== undefined) this.#keep(cell, { write: value, value, before });
        return;
      }
      default:
        this.#children(node);
    }
  }

  #children(node: Node): void {
    eachOperand(node, (child) => {
      this.visit(child);
    });
  }

  /**
   * What a condition reads by itself: neither arguments nor what it calls.
   * @param ifThere whether what comes next is also for the case that it is not there
   * @param isNot the condition holds if it is not there
   */
  #lookIn(test: Node, ifThere: boolean, isNot = false): void {
    const node = unwrapped(test);
    switch (node.type) {
      case 'UnaryExpression':
        return this.#lookIn(node['argument'], ifThere, node['operator'] === '!' ? !isNot : isNot);
      case 'BinaryExpression': {
        const differs = node['operator'] === '!=' || node['operator'] === '!==';
        this.#lookIn(node['left'], ifThere, differs === isNot);
        return this.#lookIn(node['right'], ifThere, differs === isNot);
      }
      case 'LogicalExpression':
        this.#lookIn(node['left'], ifThere, isNot);
        return this.#lookIn(node['right'], ifThere, isNot);
    }
    if (!isNot && !ifThere) return;
    const read = node.type === 'Identifier' ? this.#read.get(node['name']) : undefined;
    if (read !== undefined) return this.#addLook(read);
    const cell = this.#cellIn(node);
    if (cell !== null) this.#addLook({ cell, epoch: this.#epoch, node });
  }

  #addLook(look: Look): void {
    const looks = this.#looks.get(look.cell.name);
    if (looks === undefined) this.#looks.set(look.cell.name, [look]);
    else if (looks.every(({ node }) => node !== look.node)) looks.push(look);
  }

  #cellIn(node: Node): Cell | null {
    return node.type === 'CallExpression' ? this.#entry(node, LOOKS) : cellOf(this.#scope, node);
  }

  #entry(call: Node, names: ReadonlySet<string>): Cell | null {
    const callee = unwrapped(call['callee']);
    if (callee.type !== 'MemberExpression' || OF_FILES.has(callee['property']['name'])) return null;
    return entryOf(call, names);
  }

  #declare(node: Node): void {
    const init: Node | null = node['init'];
    if (init === null) return;
    const before = this.#epoch;
    const inner = unwrapped(init);
    const asked = inner.type === 'AwaitExpression' ? unwrapped(inner['argument']) : inner;
    const cell = this.#cellIn(asked);
    this.#children(node);
    const names = boundNames(node['id']);
    for (const name of names) {
      this.#read.delete(name);
      this.#noteGiven(name, init, before);
    }
    if (cell !== null && names.length === 1 && node['id'].type === 'Identifier')
      this.#read.set(names[0]!, { cell, epoch: before, node: init });
  }

  #noteGiven(name: string, value: Node, before: number): void {
    const given = this.#givenEpoch(value, before);
    if (given > 0) this.#given.set(name, given);
  }

  /** How many awaits there were when one gave what the value is made of; 0: none did. */
  #givenEpoch(value: Node, before: number): number {
    let epoch = this.#epoch > before ? this.#epoch : 0;
    const visit = (node: Node): void => {
      if (node.type === 'Identifier') epoch = Math.max(epoch, this.#given.get(node['name']) ?? 0);
      eachOperand(node, visit);
    };
    visit(value);
    return epoch;
  }

  #assign(node: Node): void {
    const target = unwrapped(node['left']);
    const { operator, right } = node as Node & { operator: string; right: Node };
    const cell = cellOf(this.#scope, target);
    const isMemo = MEMO_OPERATORS.has(operator);
    const before = this.#epoch;
    // It is read and written at once: what is awaited is evaluated only where it was missing.
    const asked = isMemo && cell !== null ? firstAwaitIn(right) : null;
    if (asked !== null) this.#addLook({ cell: cell!, epoch: before, node: asked['argument'] });
    this.#children(node);
    if (cell === null) {
      const name: unknown = target.type === 'Identifier' ? target['name'] : null;
      if (typeof name === 'string') this.#noteGiven(name, right, before);
    } else if (operator === '=' || isMemo) this.#keep(cell, { write: node, value: right, before });
  }

  #keep(cell: Cell, { write, value, before }: { write: Node; value: Node; before: number }): void {
    const looks = this.#looks.get(cell.name) ?? [];
    if (looks.length === 0) return;
    const isFlag = value.type === 'Literal' && value['value'] === true;
    const made = isFlag ? this.#epoch : this.#givenEpoch(value, before);
    const early = looks.filter(({ epoch }) => epoch < made);
    if (early.length > 0) this.makings.push({ cell, looks: early, write });
  }
}

function firstAwaitIn(node: Node): Node | null {
  if (node.type === 'AwaitExpression') return node;
  let found: Node | null = null;
  eachOperand(node, (child) => {
    if (!isFunction(child)) found ??= firstAwaitIn(child);
  });
  return found;
}

/** What comes after the statement is not for those who came into it. */
function leaves(statement: Node): boolean {
  const last: Node | undefined =
    statement.type === 'BlockStatement' ? (statement['body'] as Node[]).at(-1) : statement;
  return last !== undefined && /^(?:Return|Throw|Continue|Break)Statement$/.test(last.type);
}

/** The await makes something: a call, not a promise that is there already. */
function makes(operand: Node): boolean {
  switch (operand.type) {
    case 'CallExpression':
    case 'NewExpression':
    case 'ImportExpression':
      return true;
    case 'MemberExpression':
    case 'ChainExpression':
      return makes(unwrapped(operand['object'] ?? operand['expression']));
    case 'AwaitExpression':
      return makes(unwrapped(operand['argument']));
    default:
      return false;
  }
}
