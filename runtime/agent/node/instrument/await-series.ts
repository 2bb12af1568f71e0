/**
 * Which awaits of a function stand one after another though none needs what another gave: in a
 * loop, or one below the other. The notes go into the site table (`SITE_NOTES`); whether the awaits
 * really waited, and for how long, the trace tells.
 *
 * What it does not call independent: a loop that is left early (a search, a retry, polling), whose
 * turns use what an earlier one changed (a cursor, a queue, a running value), or that pauses on
 * purpose; in a block, what comes after an await whose value nobody takes (it was done for its
 * effect), and after a condition on an awaited value. What objects of other files keep to
 * themselves it cannot see.
 */
import type { SiteNote } from '../../../trace/format/enumerations.ts';
import {
  type Assignment,
  assignmentOf,
  boundNames,
  namesIn,
  type NameUses,
  rootOf,
  usesAny,
} from './name-uses.ts';
import { type Await, isPlainLoop, isTaken, LoopBody } from './loop-body.ts';
import { eachOperand, isFunction, type Node, unwrapped } from './syntax-tree.ts';

export type AwaitNotes = ReadonlyMap<Node, SiteNote>;

const NONE: AwaitNotes = new Map();

/** @param body of a function that is instrumented, or a module */
export function noteAwaits(body: Node, uses: NameUses): AwaitNotes {
  const { loops, awaits } = awaitsIn(body);
  if (awaits < 2 && loops.length === 0) return NONE;
  const notes = new Map<Node, SiteNote>();
  const done = new Set<Node>();
  // Outer loops come before those in them.
  for (const loop of loops) {
    if (done.has(loop)) continue;
    const series = loopNotes(loop, uses, done);
    if (series !== null) for (const [node, note] of series) notes.set(node, note);
  }
  noteBlocks(body, uses, notes);
  return notes;
}

/** Loops that hold an `await`, and how many awaits there are, without those of inner functions. */
function awaitsIn(body: Node): { readonly loops: readonly Node[]; readonly awaits: number } {
  const loops: Node[] = [];
  let awaits = 0;
  const visit = (node: Node): void => {
    if (node.type === 'AwaitExpression') awaits++;
    const before = awaits;
    const at = loops.length;
    const isLoop = isPlainLoop(node);
    if (isLoop) loops.push(node);
    eachOperand(node, (child) => {
      if (!isFunction(child)) visit(child);
    });
    if (isLoop && awaits === before) loops.length = at;
  };
  visit(body);
  return { loops, awaits };
}

// ── loops ──────────────────────────────────────────────────────────────────────────────

/**
 * The notes of a loop's awaits; null: its turns must, or may have to, come one after another.
 * @param done gets the inner loops of a loop that is noted
 */
function loopNotes(loop: Node, uses: NameUses, done: Set<Node>): AwaitNotes | null {
  const body = new LoopBody(loop);
  if (body.isLeft || body.awaits.length === 0) return null;
  const varying = varyingNames(loop, body);
  if (varying.size === 0 || !isBounded(loop, varying)) return null;
  const isForValues = body.awaits.every(({ isTaken: taken }) => taken) && !showsGiven(body);
  const elements = elementNames(loop, body, isForValues ? new Set() : varying);
  const carried = carriedNames(loop, body, uses, elements);
  const head: (Node | null | undefined)[] = [loop['test'], loop['update'], loop['right']];
  if (head.some((part) => part != null && usesAny(uses.usedIn(part), carried))) return null;
  let hasVaryingCall = false;
  for (const { node, isTaken: taken } of body.awaits) {
    const operand = unwrapped(node['argument']);
    if (usesAny(uses.usedIn(operand, elements), carried)) return null;
    if (!isCall(operand)) continue;
    if (uses.isPause(calleeOf(operand))) return null;
    if (usesAny(namesIn(operand), varying)) hasVaryingCall = true;
    else if (!taken || asksAgain(operand, body.own)) return null;
  }
  if (!hasVaryingCall) return null;
  for (const inner of body.innerLoops) {
    const hasAwaits = body.awaits.some(({ node }) => node.start >= inner.start && node.end <= inner.end);
    if (hasAwaits && loopNotes(inner, uses, done) === null) return null;
  }
  for (const inner of body.innerLoops) done.add(inner);
  const note: SiteNote = isForValues ? 'in-loop' : 'effect-in-loop';
  return new Map(
    body.awaits.filter(({ node }) => isCall(unwrapped(node['argument']))).map(({ node }) => [node, note]),
  );
}

/** Awaited values are handed to a call in each turn, as to `console.log`: their order is seen. */
function showsGiven({ assignments, effects }: LoopBody): boolean {
  const given = givenNames(assignments);
  return effects.some((call) =>
    (call['arguments'] as Node[]).some((each) => holdsAwait(each) || usesAny(namesIn(each), given)),
  );
}

function givenNames(assignments: readonly Assignment[]): Set<string> {
  const given = new Set<string>();
  spread(assignments, given, (value) => holdsAwait(value) || usesAny(namesIn(value), given));
  return given;
}

/** What is another thing in each turn: the loop's own variables, counters, what is made of them. */
function varyingNames(loop: Node, body: LoopBody): Set<string> {
  const varying = new Set<string>();
  const left: Node | undefined = loop['left'] ?? loop['init'] ?? undefined;
  if (left?.type === 'VariableDeclaration')
    for (const { id } of left['declarations'] as { id: Node }[])
      for (const name of boundNames(id)) varying.add(name);
  for (const { names, isCounter } of body.assignments)
    if (isCounter) for (const name of names) varying.add(name);
  spread(body.assignments, varying, (value) => usesAny(namesIn(value), varying));
  return varying;
}

/**
 * What is another object in each turn, so that what its methods keep is no other turn's: what the
 * loop goes over. What is made of that may be the same twice; such a loop is but information.
 */
function elementNames(loop: Node, body: LoopBody, varying: ReadonlySet<string>): Set<string> {
  const head: Node | null | undefined = loop.type === 'ForOfStatement' ? loop['left'] : loop['init'];
  const isDeclared = head?.type === 'VariableDeclaration';
  const declared = isDeclared
    ? (head['declarations'] as { id: Node }[]).flatMap(({ id }) => boundNames(id))
    : [];
  const items = loop.type === 'ForOfStatement' ? declared : [];
  const names = [...items, ...varying].filter((name) => body.own.has(name) && !body.isReassigned(name));
  return new Set([...names, ...declared.map((name) => `[${name}]`)]);
}

/** A loop over a collection, or with a condition on what it counts. */
function isBounded(loop: Node, varying: ReadonlySet<string>): boolean {
  if (loop.type === 'ForOfStatement' || loop.type === 'ForInStatement') return true;
  const test: Node | null = loop['test'];
  return test !== null && usesAny(namesIn(test), varying);
}

/** What one turn of the loop leaves to the next, counters excepted. */
function carriedNames(
  loop: Node,
  { own, assignments, calls }: LoopBody,
  uses: NameUses,
  elements: ReadonlySet<string>,
): Set<string> {
  const given = givenNames(assignments);
  const carried = uses.writtenThrough(loop, elements);
  for (const { names, isCounter, isDeclaration } of assignments)
    if (!isCounter && !isDeclaration) for (const name of names) if (!own.has(name)) carried.add(name);
  for (const { root, call, changes } of calls) {
    const takesGiven = (call['arguments'] as Node[]).some((each) => usesAny(namesIn(each), given));
    if (!own.has(root) && root !== 'console' && (changes || takesGiven)) carried.add(root);
  }
  spread(assignments, carried, (value) => !holdsAwait(value) && usesAny(uses.usedIn(value), carried));
  return carried;
}

/** Adds the names that get such a value, until there are no more. */
function spread(
  assignments: readonly Assignment[],
  names: Set<string>,
  isSuch: (value: Node) => boolean,
): void {
  for (let size = -1; size !== names.size;) {
    size = names.size;
    for (const { names: targets, value, isDeclaration } of assignments)
      if (value !== null && isDeclaration && isSuch(value)) for (const name of targets) names.add(name);
  }
}

/** A call that is the same in each turn: of a method of an outer object, or without arguments. */
function asksAgain(operand: Node, own: ReadonlySet<string>): boolean {
  const callee = unwrapped(calleeOf(operand)['callee']);
  if (callee.type === 'MemberExpression') {
    const root = rootOf(callee['object']);
    return root === null || !own.has(root);
  }
  return (calleeOf(operand)['arguments'] as Node[]).length === 0;
}

// ── blocks ─────────────────────────────────────────────────────────────────────────────

/** Awaits one below the other, up to one that all later ones may need. */
class Series {
  readonly #notes: Map<Node, SiteNote>;
  /** By name: its value comes from an await of this series. */
  readonly given = new Set<string>();
  readonly #members: { readonly node: Node; readonly isIndependent: boolean }[] = [];
  readonly #texts = new Set<string>();

  constructor(notes: Map<Node, SiteNote>) {
    this.#notes = notes;
  }

  add(node: Node, isIndependent: boolean): void {
    this.#members.push({ node, isIndependent });
  }

  /** Whether the same is asked once more: what is asked for may change meanwhile. */
  repeats(operand: Node): boolean {
    const text = shapeOf(operand);
    if (this.#texts.has(text)) return true;
    this.#texts.add(text);
    return false;
  }

  close(): void {
    if (this.#members.some(({ isIndependent }, i) => isIndependent && i > 0))
      this.#members.forEach(({ node, isIndependent }, i) => {
        this.#notes.set(node, i === 0 ? 'begins-series' : isIndependent ? 'independent' : 'dependent');
      });
    this.#members.length = 0;
    this.given.clear();
    this.#texts.clear();
  }
}

const STATEMENT_LISTS: Readonly<Record<string, string>> = {
  Program: 'body',
  BlockStatement: 'body',
  FunctionBody: 'body',
  SwitchCase: 'consequent',
};
const STRAIGHT: ReadonlySet<string> = new Set([
  'VariableDeclaration',
  'ExpressionStatement',
  'ReturnStatement',
  'ExportNamedDeclaration',
]);

/** @param notes gets those of awaits that have none yet */
function noteBlocks(node: Node, uses: NameUses, notes: Map<Node, SiteNote>): void {
  const field = STATEMENT_LISTS[node.type];
  if (field !== undefined) noteBlock(node[field], uses, notes);
  eachOperand(node, (child) => {
    if (!isFunction(child)) noteBlocks(child, uses, notes);
  });
}

function noteBlock(statements: readonly Node[], uses: NameUses, notes: Map<Node, SiteNote>): void {
  const series = new Series(notes);
  for (const statement of statements) {
    if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') continue;
    const isStraight = STRAIGHT.has(statement.type);
    if (!isStraight && (holdsAwait(statement) || mayLeave(statement, uses, series.given))) series.close();
    else if (isStraight) noteStatement(statement, uses, notes, series);
    if (!isStraight || holdsAwait(statement) || usesAny(uses.usedIn(statement), series.given))
      addGiven(statement, uses, series);
  }
  series.close();
}

function noteStatement(
  statement: Node,
  uses: NameUses,
  notes: ReadonlyMap<Node, SiteNote>,
  series: Series,
): void {
  for (const found of directAwaits(statement)) {
    const { node, isTaken: taken, isConditional } = found;
    const operand = unwrapped(node['argument']);
    const isMember = isCall(operand) && taken && !isConditional && !notes.has(node);
    if (!isMember || uses.isPause(calleeOf(operand)) || series.repeats(operand)) {
      series.close();
      continue;
    }
    const used = uses.usedIn(operand);
    series.add(node, !holdsAwait(operand) && !usesAny(used, series.given));
    for (const name of uses.writtenThrough(operand)) series.given.add(name);
  }
}

/** What a statement computes from awaited values is one, and so is what it changes with them. */
function addGiven(statement: Node, uses: NameUses, series: Series): void {
  const visit = (node: Node): void => {
    const assignment = assignmentOf(node);
    const value = assignment?.value ?? null;
    if (assignment !== null && value !== null) {
      if (holdsAwait(value) || usesAny(uses.usedIn(value), series.given))
        for (const name of assignment.names) series.given.add(name);
    }
    if (node.type === 'CallExpression') {
      const callee = unwrapped(node['callee']);
      const root = callee.type === 'MemberExpression' ? rootOf(callee['object']) : null;
      const isGiven = (each: Node): boolean => holdsAwait(each) || usesAny(namesIn(each), series.given);
      if (root !== null && root !== 'console' && (node['arguments'] as Node[]).some(isGiven))
        series.given.add(root);
    }
    eachOperand(node, visit);
  };
  visit(statement);
}

/** A statement without an await that may end the block, depending on what was awaited. */
function mayLeave(statement: Node, uses: NameUses, given: ReadonlySet<string>): boolean {
  let leaves = false;
  const visit = (node: Node): void => {
    if (isFunction(node)) return;
    if (/^(?:Return|Throw|Break|Continue)Statement$/.test(node.type)) leaves = true;
    eachOperand(node, visit);
  };
  visit(statement);
  return leaves && usesAny(uses.usedIn(statement), given);
}

interface DirectAwait extends Await {
  readonly isConditional: boolean;
}

/** Awaits of a statement, in the order of their text, without those of inner functions. */
function directAwaits(statement: Node): DirectAwait[] {
  const found: DirectAwait[] = [];
  const visit = (node: Node, parent: Node, isConditional: boolean): void => {
    if (isFunction(node)) return;
    const inside =
      isConditional || node.type === 'ConditionalExpression' || node.type === 'LogicalExpression';
    eachOperand(node, (child) => visit(child, node, inside));
    if (node.type === 'AwaitExpression') found.push({ node, isTaken: isTaken(parent), isConditional });
  };
  visit(statement, statement, false);
  return found;
}

// ── expressions ────────────────────────────────────────────────────────────────────────

function isCall(operand: Node): boolean {
  if (operand.type === 'ChainExpression') return isCall(operand['expression']);
  return operand.type === 'CallExpression' && !LOADS_MODULE.test(operand['callee'].name ?? '');
}

/** What vite makes of `import`: nobody wrote these awaits, and none can begin earlier. */
const LOADS_MODULE = /^__vite_(?:ssr|rsc)_(?:dynamic_)?import__$/;

const calleeOf = (call: Node): Node => (call.type === 'ChainExpression' ? call['expression'] : call);

function holdsAwait(node: Node): boolean {
  if (node.type === 'AwaitExpression') return true;
  let found = false;
  eachOperand(node, (child) => {
    found ||= !isFunction(child) && holdsAwait(child);
  });
  return found;
}

/** The same for two expressions that are written alike. */
function shapeOf(node: Node): string {
  const parts: string[] = [node.type, String(node['name'] ?? node['value'] ?? node['operator'] ?? '')];
  if (node.type === 'TemplateElement') parts.push(String(node['value']?.raw));
  if (node['property'] != null) parts.push(String(node['property'].name));
  eachOperand(node, (child) => parts.push(shapeOf(child)));
  return `(${parts.join(' ')})`;
}
