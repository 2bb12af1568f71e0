/**
 * Where an async function reads something that its other runs share, awaits, and then writes what
 * it computed from that: `const b = balance; await …; balance = b - n`, `total += await …`. Both
 * places get a probe, and what happened between them shows when they run.
 *
 * It goes by names within one function. What a condition alone read is no update, nor is what is
 * made where nothing was (`x = x ?? await load()`), nor what is read again after the await.
 */
import { boundNames } from './name-uses.ts';
import { lateListens } from './late-listens.ts';
import { repeatedMakings } from './repeated-makings.ts';
import {
  type Cell,
  cellOf,
  type CellScope,
  cellScope,
  entryCell,
  entryOf,
  FILES,
  GETS,
  OF_FILES,
  type OwnerOf,
  pathOf,
  propertyCell,
  SETS,
  textOf,
  type UpdateStep,
} from './shared-cells.ts';
import { eachOperand, isFunction, type Node, unwrapped } from './syntax-tree.ts';
import {
  copiedIn,
  isWhole,
  partCell,
  partsOf,
  spreadIn,
  stateKept,
  stateOwner,
  stateRead,
  type StateWrite,
  stateWrite,
  wholeCell,
} from './whole-states.ts';

/** A cell is read here. */
interface Read {
  readonly cell: Cell;
  epoch: number;
  /** Of what is given later: the await, and the call in it. */
  readonly given: Node | null;
  readonly asked: Node | null;
}

/** A value that was computed from a cell. */
interface Origin {
  readonly cell: Cell;
  /** How many awaits came before it was read. */
  readonly epoch: number;
  /** The expression in which it was read. */
  readonly read: Node;
  /** The call that asked for it, of what is given later; null: it was read at once. */
  readonly asked: Node | null;
}

/** They go together: `loadVotes` and `saveVotes`, `readUser(id)` and `writeUser(id, user)`. */
const LOADS: NamedPair = { name: /^(?:load|read|get|fetch|find)([A-Z]\w*)$/, values: 0 };
const SAVES: NamedPair = { name: /^(?:save|write|set|store|put|update|persist)([A-Z]\w*)$/, values: 1 };
/** Methods that load or save the one thing that an object keeps. */
const PLAIN: ReadonlyMap<string, string> = new Map([
  ['load', 'Saved'],
  ['save', 'Saved'],
  ['get', 'Value'],
  ['set', 'Value'],
  ['read', 'Content'],
  ['write', 'Content'],
]);
const MEMO_OPERATORS: ReadonlySet<string> = new Set(['??=', '||=', '&&=']);

/**
 * @param fn an async function that is instrumented
 * @param shareThing whether two functions, by their names, work on one thing
 */
export function sharedUpdates(
  fn: Node,
  ownerOf: OwnerOf,
  shareThing: (a: string, b: string) => boolean,
): ReadonlyMap<Node, UpdateStep> {
  const walk = walkOf(fn);
  const steps = new Map([...lateListens(fn['body'], fn['params']), ...repeatedMakings(fn, ownerOf)]);
  for (const { origin, write, by } of walk.updates) {
    const owner = origin.cell.variable === null ? origin.cell.root : ownerOf(origin.cell.variable);
    if (owner === null) continue;
    const [loads, saves] = [origin.cell.by ?? '', by];
    if (loads !== '' && !shareThing(loads, saves)) continue;
    const { name, keys, key, keyVariable, noun } = origin.cell;
    const step = { name, keys, ...(key === null ? {} : { key }), ...(noun === undefined ? {} : { noun }) };
    const root = keyVariable === null ? owner : `[${owner},${keyVariable}]`;
    if (origin.asked !== null) steps.set(origin.asked, { how: 'asks', ...step, root });
    steps.set(origin.read, { how: 'reads', ...step, root });
    steps.set(write, { how: 'writes', ...step, root });
  }
  return steps;
}

/** What it updates over an await, as far as its own text tells. */
export const updatedCells = (fn: Node): readonly Cell[] =>
  walkOf(fn).updates.map(({ origin }) => origin.cell);

const walks = new WeakMap<Node, UpdateWalk>();

function walkOf(fn: Node): UpdateWalk {
  let walk = walks.get(fn);
  if (walk === undefined) {
    walks.set(fn, (walk = new UpdateWalk(fn)));
    walk.visit(fn['body']);
  }
  return walk;
}

class UpdateWalk {
  /** With the function that writes, where one does. */
  readonly updates: { readonly origin: Origin; readonly write: Node; readonly by: string }[] = [];
  readonly #scope: CellScope;
  /** The operand of each await so far; null: there is none to put a probe around. */
  readonly #awaits: (Node | null)[] = [];
  /** Awaits that V8 describes in errors, so that nothing may stand around them. */
  readonly #described = new Set<Node>();
  /** By local variable: what its value was computed from. */
  readonly #origins = new Map<string, readonly Origin[]>();
  /** By local variable: the states of which it is a copy. */
  readonly #copies = new Map<string, readonly Origin[]>();
  /** What the expression that is walked has read, and the locals that it used. */
  #reads: Read[] = [];
  #used: string[] = [];

  constructor(fn: Node) {
    this.#scope = cellScope(fn);
  }

  get #epoch(): number {
    return this.#awaits.length;
  }

  visit(node: Node): void {
    if (isFunction(node)) return;
    switch (node.type) {
      case 'AwaitExpression':
        return this.#visitAwait(node);
      case 'VariableDeclarator':
        if (node['init'] != null) this.#declare(node['id'], node['init']);
        return;
      case 'AssignmentExpression':
        return this.#assign(node);
      case 'LogicalExpression':
        return this.#visitMemo(node);
      case 'ConditionalExpression':
        return this.#visitConditional(node);
      case 'CallExpression':
        return this.#visitCall(node);
      case 'ForOfStatement':
        this.#children(node);
        if (node['await'] === true) this.#awaits.push(null);
        return;
      default: {
        const cell = cellOf(this.#scope, node);
        const state = stateRead(node);
        if (state !== null) this.#noteRead(state);
        if (cell !== null) this.#noteRead(cell);
        else if (node.type === 'Identifier') this.#used.push(node['name']);
        this.#children(node);
      }
    }
  }

  #children(node: Node): void {
    eachOperand(node, (child, field) => {
      if (field === 'object' || field === 'callee' || field === 'tag') this.#described.add(unwrapped(child));
      this.visit(child);
    });
  }

  #noteRead(cell: Cell, given: Node | null = null, asked: Node | null = null): void {
    // What is given later may be old when it comes.
    this.#reads.push({ cell, epoch: this.#epoch - (given === null ? 0 : 1), given, asked });
  }

  #visitAwait(node: Node): void {
    const argument: Node = node['argument'];
    const asked = unwrapped(argument);
    const entry = asked.type === 'CallExpression' ? (keptBy(asked, LOADS) ?? entryOf(asked, GETS)) : null;
    if (entry === null) this.visit(argument);
    else for (const each of asked['arguments'] as Node[]) this.visit(each);
    this.#awaits.push(argument);
    if (entry !== null && !this.#described.has(node)) this.#noteRead(entry, node, argument);
  }

  /** Whether the left or the right is taken, the left is not waited with. */
  #visitMemo(node: Node): void {
    const before = this.#reads.length;
    const epoch = this.#epoch;
    const { left, right } = node as Node & Record<'left' | 'right', Node>;
    this.visit(left);
    const reads = this.#reads.length;
    this.visit(right);
    if (this.#epoch > epoch && node['operator'] !== '&&') this.#reads.splice(before, reads - before);
  }

  #visitConditional(node: Node): void {
    const before = this.#reads.length;
    const used = this.#used.length;
    this.visit(node['test']);
    this.#reads.length = before;
    this.#used.length = used;
    this.visit(node['consequent']);
    const epoch = this.#epoch;
    const { length } = this.#reads;
    this.visit(node['alternate']);
    const waited = this.#epoch - epoch;
    for (let i = before; i < length; i++) this.#reads[i]!.epoch += waited;
  }

  #visitCall(call: Node): void {
    const read = entryOf(call, GETS);
    if (read !== null) {
      for (const each of call['arguments'] as Node[]) this.visit(each);
      this.#noteRead(read);
      return;
    }
    const state = stateRead(call);
    if (state !== null) this.#noteRead(state);
    const kept = keptBy(call, SAVES);
    const toState = stateWrite(call);
    if (toState !== null && !isFunction(unwrapped(toState.value)))
      return this.#visitStateWrite(toState, kept);
    const written = kept ?? entryOf(call, SETS);
    const value: Node | undefined = kept === null ? call['arguments'][1] : call['arguments'].at(-1);
    if (written === null || value === undefined) return this.#children(call);
    for (const each of call['arguments'] as Node[]) if (each !== value) this.visit(each);
    this.#update(written, value, this.#originsIn(value));
  }

  #visitStateWrite(write: StateWrite, kept: Cell | null): void {
    const parts = partsOf(write);
    const origins: Origin[] = [];
    for (const { cell, value } of parts) {
      const ofPart = this.#originsIn(value);
      origins.push(...ofPart);
      this.#update(cell, value, ofPart);
    }
    if (parts.length === 0) origins.push(...this.#originsIn(write.value));
    else for (const each of spreadIn(write)) origins.push(...this.#originsIn(each));
    if (kept !== null) this.#update(kept, write.value, origins);
    this.#update(wholeCell(write.owner), write.value, this.#copiesIn(write.value, origins));
  }

  /**
   * The states that are still whole in the value: `state`, `{ ...state, more }`, `count + 1`.
   * @param origins what all of it was computed from
   */
  #copiesIn(value: Node, origins: readonly Origin[]): Origin[] {
    return copiedIn(value).flatMap((each) => {
      const owner = stateOwner(each);
      if (owner !== null)
        return origins.filter(({ cell }) => isWhole(cell) && textOf(cell) === textOf(owner));
      return each.type === 'Identifier' ? (this.#copies.get(each['name']) ?? []) : [];
    });
  }

  /** Walks an expression. @returns what its value was computed from */
  #originsIn(expression: Node): Origin[] {
    const [reads, used] = [this.#reads, this.#used];
    this.#reads = [];
    this.#used = [];
    this.visit(expression);
    const origins: Origin[] = this.#reads.map(({ cell, epoch, given, asked }) => ({
      cell,
      epoch,
      read: given ?? (this.#epoch > epoch ? (this.#awaits[epoch] ?? expression) : expression),
      asked,
    }));
    for (const name of this.#used) origins.push(...(this.#origins.get(name) ?? []));
    reads.push(...this.#reads);
    used.push(...this.#used);
    this.#reads = reads;
    this.#used = used;
    return origins;
  }

  #declare(target: Node, init: Node): void {
    const owner = pathOf(unwrapped(init));
    if (target.type === 'ObjectPattern' && owner !== null) {
      for (const property of target['properties'] as Node[]) {
        const name: unknown = property['value']?.name;
        const key: unknown = property['key']?.name;
        if (typeof name !== 'string' || typeof key !== 'string' || property['computed'] === true) continue;
        const read = { epoch: this.#epoch, read: init, asked: null };
        const state = stateKept(owner, key);
        const origins = [propertyCell(owner, key), ...state].map((cell) => ({ cell, ...read }));
        this.#origins.set(name, origins);
        this.#copies.set(
          name,
          origins.filter(({ cell }) => isWhole(cell)),
        );
      }
      return;
    }
    const isTold = target.type === 'Identifier';
    if (!isTold) this.#described.add(unwrapped(init));
    const origins = this.#originsIn(init);
    for (const name of boundNames(target)) this.#origins.set(name, isTold ? origins : []);
    if (isTold) this.#copies.set(target['name'], this.#copiesIn(init, origins));
    else this.#declareParts(target, init);
  }

  /** `const { items } = store.getState()` */
  #declareParts(target: Node, init: Node): void {
    const owner = target.type === 'ObjectPattern' ? stateOwner(unwrapped(init)) : null;
    if (owner === null) return;
    for (const { key, value, computed } of target['properties'] as (Node & Record<'key' | 'value', Node>)[]) {
      const [part, name]: unknown[] = [key?.['name'], value?.['name']];
      if (typeof part !== 'string' || typeof name !== 'string' || computed === true) continue;
      const cell = partCell(owner, part);
      this.#origins.set(name, [{ cell, epoch: this.#epoch, read: init, asked: null }]);
    }
  }

  #assign(node: Node): void {
    const target = unwrapped(node['left']);
    const { operator, right } = node as Node & { operator: string; right: Node };
    const cell = cellOf(this.#scope, target);
    const isMemo = MEMO_OPERATORS.has(operator);
    const epoch = this.#epoch;
    if (target.type === 'ObjectPattern' || target.type === 'ArrayPattern')
      this.#described.add(unwrapped(right));
    const origins = this.#originsIn(right);
    if (cell === null) {
      const name: unknown = target.type === 'Identifier' ? target['name'] : null;
      if (typeof name !== 'string') return;
      const former = operator === '=' ? [] : (this.#origins.get(name) ?? []);
      this.#origins.set(name, [...former, ...origins]);
      return;
    }
    if (isMemo) return;
    const operand = this.#awaits[epoch];
    if (operator !== '=') {
      if (this.#epoch === epoch) return;
      if (operand != null) origins.push({ cell, epoch, read: operand, asked: null });
    }
    this.#update(cell, node, origins);
  }

  #update(cell: Cell, node: Node, origins: readonly Origin[]): void {
    const own = origins.filter((origin) => isSame(origin.cell, cell));
    // What is read now is not old.
    if (own.some(({ epoch }) => epoch === this.#epoch)) return;
    for (const origin of own) this.updates.push({ origin, write: node, by: cell.by ?? '' });
  }
}

interface NamedPair {
  readonly name: RegExp;
  /** How many arguments come after those that tell which one. */
  readonly values: number;
}

/**
 * What a function or method of the program's own loads or saves, by its name: with no key, or one.
 * What a method keeps belongs to its object.
 */
function keptBy(call: Node, { name, values }: NamedPair): Cell | null {
  const callee = unwrapped(call['callee']);
  const isMethod = callee.type === 'MemberExpression' && callee['computed'] !== true;
  const given = call['arguments'] as readonly Node[];
  const by: unknown = isMethod ? callee['property']['name'] : callee['name'];
  // `account.read()` goes with `account.write(n)`: it keeps one thing.
  const [, what = isMethod && given.length === values ? PLAIN.get(by as string) : undefined] =
    typeof by === 'string' ? (name.exec(by) ?? []) : [];
  if (what === undefined || OF_FILES.has(by as string)) return null;
  if (given.length > values + 1 || given.length < values) return null;
  const owner = isMethod ? pathOf(unwrapped(callee['object'])) : null;
  if (isMethod && owner === null) return null;
  const shown = PLAIN.has(by as string) ? textOf(owner!) : what.charAt(0).toLowerCase() + what.slice(1);
  const kept = owner === null ? { by: by as string } : { noun: what };
  if (given.length === values)
    return {
      name: shown,
      variable: null,
      ...(owner ?? FILES),
      key: `kept ${what}`,
      keyVariable: null,
      ...kept,
    };
  const place = owner ?? { root: '0', keys: [what] };
  const cell = entryCell(place, unwrapped(given[0]!), (key) => `${shown}[${key}]`);
  return cell === null ? null : { ...cell, ...kept };
}

const isSame = (a: Cell, b: Cell): boolean =>
  a.name === b.name && a.noun === b.noun && (a.noun === undefined || textOf(a) === textOf(b));
