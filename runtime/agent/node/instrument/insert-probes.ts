/**
 * Puts the probes of `contract/probe-set.ts` into a file's async code, as insertions into its text.
 * This file walks the tree and decides what gets a probe; the files `insert-*.ts` write the text.
 *
 * What follows runs as written:
 *   - generators that are not async, unless somebody asks to see them, and text inside `eval`
 *   - files with a `with` statement: its object would be asked for our names
 *   - async functions in the guarded form that declare a function twice: an error in a block
 */
import type { SiteNote } from '../../../trace/format/enumerations.ts';
import { noteAwaits } from './await-series.ts';
import { callsBack, NEVER_CALLS_BACK } from './calls-back.ts';
import { type Callback, findCallbacks, mayHoldCallbacks } from './callbacks.ts';
import { droppedIn, takerOf } from './dropped-promises.ts';
import type { Edits } from './edits.ts';
import { fileSteps } from './file-steps.ts';
import { ANONYMOUS, className, nameWithin, streamMethodName } from './function-name.ts';
import { namesByPlace } from './names-by-place.ts';
import {
  type BackCall,
  insertAskedCall,
  insertBackCall,
  insertEventCall,
  insertCoroutineYield,
  insertDeferred,
  insertGroupSpawn,
  insertLibraryCall,
  insertNewPromise,
  insertNewStream,
  insertUpdateStep,
  insertUntakenCall,
} from './insert-call.ts';
import { insertReturn, insertTry } from './insert-completion.ts';
import {
  insertBlockBody,
  insertCallsBack,
  insertCallback,
  insertCallbackReturn,
  insertExecutorBody,
  insertExpressionBody,
  insertModule,
  insertStreamMethod,
} from './insert-function.ts';
import { isPromise, isWithResolvers, resolversOf } from './executor.ts';
import { insertAwait, insertLoop, insertReturnedAwait, insertYield } from './insert-wait.ts';
import {
  type Inserter,
  type InserterOptions,
  COMMENT,
  OPEN,
  isKeptIn,
  mayAwait,
  OUTSIDE,
  type Scope,
  type TypeStripper,
} from './inserter.ts';
import { importedNames, isLibraryMethod, jobQueueNames, libraryNames } from './library-names.ts';
import { NameUses } from './name-uses.ts';
import { needsGuard } from './needs-guard.ts';
import {
  awaitOfCallee,
  awaitOfPattern,
  insertAssignmentOfAwaited,
  insertCallOfAwaited,
} from './resume-later.ts';
import {
  isFunctionOfFile,
  isRelease,
  isSending,
  isTelling,
  type Receiver,
  receiverOf,
  receiverOfAwaitedEvent,
  receiverOfTelling,
} from './receiver.ts';
import { DeclaredOwners } from './declared-owner.ts';
import type { OwnerOf, UpdateStep } from './shared-cells.ts';
import { sharedUpdates } from './shared-updates.ts';
import { lateListens } from './late-listens.ts';
import { leasesGivenBack } from './returned-leases.ts';
import { repeatedAsks } from './repeated-asks.ts';
import { redeclaresFunction } from './redeclared-function.ts';
import type { SiteTable } from './site-table.ts';
import { isMethodByItself, type StreamMethod, streamMethodsOf } from './stream-methods.ts';
import { eachChild, ENDS_WITHOUT_SEMICOLON, isArrow, isCall, withoutVoid } from './syntax-tree.ts';
import { type Node, STATEMENT_LISTS } from './syntax-tree.ts';

export class ProbeInserter implements Inserter {
  readonly edits: Edits;
  readonly sites: SiteTable;
  readonly base: string;
  readonly guardAll: boolean;
  readonly asksAgain = new Set<Node>();
  readonly #seesGenerators: boolean;
  readonly #types: TypeStripper | null;
  #names = { library: NO_NAMES, imported: NO_NAMES, jobQueues: NO_NAMES };
  #isAsyncFile = false;
  readonly #functionsOfFile = new Map<string, boolean>();
  /** Awaits that resume further behind. */
  readonly #resumedLater = new Set<Node>();
  readonly #notes = new Map<Node, SiteNote>();
  /** Functions whose promise is dropped by what they are passed to, with the callee. */
  readonly #dropped = new Map<Node, Node | null>();
  #callbacks: ReadonlyMap<Node, Callback> = new Map();
  /** By function, what it is called; '': by its own name. */
  readonly #streamMethods = new Map<Node, string>();
  /** Calls of a function's last parameter, and the rows of those that were visited. */
  readonly #backCalls = new Map<Node, BackCall>();
  readonly #backRows = new Map<Node, number>();
  readonly #updates = new Map<Node, UpdateStep>();
  /** Calls in a `finally` that give back what a `return` above may still need. */
  readonly #leases = new Set<Node>();
  #namesByPlace: ReadonlyMap<Node, string> = new Map();
  readonly #owners: DeclaredOwners;
  /** Around the code that is visited, the outermost first. */
  readonly #functions: Node[] = [];
  #uses!: NameUses;
  /** Some function may be begun again while it runs. */
  #hasInterval = false;
  /** Here begins a statement that a parenthesis would join to the one before. */
  #joinedAt = -1;

  constructor(edits: Edits, sites: SiteTable, { types, base, guardAll, seesGenerators }: InserterOptions) {
    this.edits = edits;
    this.sites = sites;
    this.base = base;
    this.guardAll = guardAll;
    this.#seesGenerators = seesGenerators;
    this.#types = types;
    this.#owners = new DeclaredOwners(edits);
  }

  /** @param isActivation the module awaits at its top level and is an activation itself */
  insertInto(program: Node, isActivation: boolean): void {
    const fn = isActivation ? '<module>' : ANONYMOUS;
    const scope: Scope = { ...OUTSIDE, fn, instrumented: isActivation, guarded: isActivation };
    const statements: readonly Node[] = program['body'];
    // A file without async code keeps its text, and is loaded as fast as untraced.
    this.#isAsyncFile = /\basync\b|\bawait\b/.test(this.edits.source);
    if (this.#isAsyncFile) this.#namesByPlace = namesByPlace(program, this.edits.source);
    const library = libraryNames(statements);
    const jobQueues = jobQueueNames(library, this.edits.source);
    this.#names = { library, imported: importedNames(statements), jobQueues };
    this.#uses = new NameUses(program);
    if (mayHoldCallbacks(this.edits.source)) this.#callbacks = findCallbacks(program, this.edits.source);
    this.#hasInterval = /\bsetInterval\b/.test(this.edits.source);
    if (isActivation) this.#noteAwaits(program);
    if (isActivation && !this.guardAll) this.#note(lateListens(program, []));
    if (this.#isAsyncFile && !this.guardAll) this.#note(fileSteps(program, this.edits.source));
    const visitBody = (): void => {
      this.visitChildren(program, scope);
    };
    if (isActivation && statements.length > 0) insertModule(this, statements, scope, visitBody);
    else visitBody();
  }

  visit(node: Node, parent: Node, scope: Scope): void {
    if (this.#types?.enter(node, parent)) return;
    const step = this.#updates.get(node);
    if (step === undefined) this.#insert(node, parent, scope);
    else insertUpdateStep(this, node, step, scope, () => this.#insert(node, parent, scope));
    if (ENDS_WITHOUT_SEMICOLON.has(node.type)) this.#separateEnd(node, parent);
    this.#types?.leave(node, parent);
  }

  visitChildren(node: Node, scope: Scope): void {
    if (!STATEMENT_LISTS.has(node.type)) return eachChild(node, (child) => this.visit(child, node, scope));
    let previous: Node | null = null;
    eachChild(node, (child, field) => {
      if (field !== 'test') {
        if (child.type === 'ExpressionStatement' && this.#joins(previous)) this.#joinedAt = child.start;
        previous = child;
      }
      this.visit(child, node, scope);
    });
  }

  noteOf(node: Node): SiteNote | undefined {
    return this.#notes.get(node);
  }

  droppedBy(node: Node): Node | null {
    return this.#dropped.get(node) ?? null;
  }

  #noteAwaits(body: Node): void {
    for (const [node, note] of noteAwaits(body, this.#uses)) this.#notes.set(node, note);
    for (const node of this.guardAll ? [] : repeatedAsks(body, this.#uses)) this.asksAgain.add(node);
  }

  open(offset: number): void {
    if (offset === this.#joinedAt) {
      this.edits.insert(offset, `${COMMENT};`);
      this.#joinedAt = -1;
    }
    this.edits.insert(offset, OPEN);
  }

  /** Would a parenthesis call the statement's value? Types are blanked, a semicolon with them. */
  #joins(previous: Node | null): boolean {
    return previous !== null && (this.#types !== null || this.edits.source[previous.end - 1] !== ';');
  }

  /**
   * A statement that ends where a line does, and not at a semicolon: after a `yield` without an
   * operand or an arrow function, what follows would be joined to the parenthesis of a probe.
   */
  #separateEnd(node: Node, parent: Node): void {
    const { source, last } = this.edits;
    if (last?.offset !== node.end || !last.text.endsWith('))') || source[node.end - 1] === ';') return;
    if (node.type === 'VariableDeclaration' && parent.type.startsWith('For')) return;
    this.edits.insert(node.end, `${COMMENT};`);
  }

  /** Inserts what a node needs wherever it stands. */
  #insert(node: Node, parent: Node, scope: Scope): void {
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return this.#insertFunction(node, parent, scope);
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#noteStreamMethods(node);
        return this.visitChildren(node, { ...scope, className: className(node, parent) });
      case 'PropertyDefinition':
      case 'AccessorProperty':
        // The key is computed where the class is; the value in an initializer of its own.
        return eachChild(node, (child, field) => {
          const isValue = field === 'value';
          this.visit(child, node, isValue ? { ...OUTSIDE, className: scope.className } : scope);
        });
      case 'StaticBlock':
        return this.visitChildren(node, { ...OUTSIDE, className: scope.className });
      case 'NewExpression':
        if (isPromise(node['callee'])) return insertNewPromise(this, node, scope);
        {
          const arrows = this.#noteStreamMethods(node).filter(({ fn }) => isArrow(fn));
          if (arrows.length > 0) return insertNewStream(this, node, arrows, scope);
        }
        if (this.#isLibraryName(node['callee'])) return insertLibraryCall(this, node, scope);
        break;
      case 'CallExpression':
        this.#noteStreamMethods(node);
        if (this.#isLibraryName(node['callee'])) return insertLibraryCall(this, node, scope);
        if (isWithResolvers(node['callee']) && !this.guardAll) return insertDeferred(this, node, scope);
        if (isLibraryMethod(node['callee'], this.#names)) return insertGroupSpawn(this, node, scope);
        {
          const calledBack = this.#backCalls.get(node);
          if (calledBack !== undefined) return insertBackCall(this, node, calledBack, this.#backRows, scope);
          const emitter = this.guardAll ? null : receiverOfAwaitedEvent(node, parent, this.edits.source);
          if (emitter !== null) return insertEventCall(this, node, emitter, scope);
          const receiver = this.#askedReceiver(node, parent, scope);
          if (receiver !== null) return insertAskedCall(this, node, receiver, scope);
        }
        break;
      case 'ExpressionStatement': {
        this.#noteDropped(node['expression']);
        const call = this.#untakenCall(node['expression']);
        if (
          call !== null &&
          (mayAwait(scope) || parent.type === 'Program' || isRelease(call) || this.isLookedAt(call))
        )
          return insertUntakenCall(this, call, node, scope);
        break;
      }
      case 'YieldExpression':
        if (scope.coroutine) return insertCoroutineYield(this, node, scope);
        break;
    }
    if (scope.instrumented) this.#insertInAsync(node, parent, scope);
    else if (scope.callback && node.type === 'ReturnStatement')
      insertCallbackReturn(this, node['argument'] as Node | null, node, scope);
    else this.visitChildren(node, scope);
  }

  /** Inserts what a node needs directly in the body of an instrumented function. */
  #insertInAsync(node: Node, parent: Node, scope: Scope): void {
    const awaited = this.#resumedWith(node, parent, scope);
    if (awaited !== null) {
      this.#resumedLater.add(awaited);
      if (isCall(node)) return insertCallOfAwaited(this, node, scope);
      return insertAssignmentOfAwaited(this, node, scope);
    }
    switch (node.type) {
      case 'AwaitExpression':
        if (this.#resumedLater.has(node)) return insertReturnedAwait(this, node, scope);
        return insertAwait(this, node, scope);
      case 'YieldExpression':
        return insertYield(this, node, scope, this.#resumedLater.has(node));
      case 'ReturnStatement':
        return insertReturn(this, node, scope);
      case 'TryStatement':
        return insertTry(this, node, scope);
      case 'LabeledStatement':
      case 'ForOfStatement':
        return insertLoop(this, node, parent, scope);
      default:
        return this.visitChildren(node, scope);
    }
  }

  /** The `await` of this call or statement that resumes where the call or statement goes on. */
  #resumedWith(node: Node, parent: Node, { syncGenerator }: Scope): Node | null {
    const pauses = syncGenerator ? 'YieldExpression' : 'AwaitExpression';
    if (isCall(node)) return awaitOfCallee(node, this.edits.source, pauses);
    const isStatement = STATEMENT_LISTS.has(parent.type) || parent.type === 'ExportNamedDeclaration';
    return isStatement ? awaitOfPattern(node, pauses) : null;
  }

  #insertFunction(node: Node, parent: Node, outer: Scope): void {
    const body: Node | null = node['body'];
    const generator = node['generator'] === true;
    const isAsync = node['async'] === true && body !== null;
    const fn = this.#namesByPlace.get(node) ?? nameWithin(node, parent, outer, this.edits.source);
    const coroutine = generator && node['async'] !== true && this.#names.library.size > 0;
    const isSeen = generator && !isAsync && body !== null && this.#seesGenerators && !coroutine;
    const guarded = isSeen || (isAsync && (this.guardAll || needsGuard(node, body)));
    const instrumented = (isAsync || isSeen) && !(guarded && redeclaresFunction(body));
    const found = this.#callbacks.get(node);
    const callback = found === undefined || redeclaresFunction(node['body']) ? null : found;
    const { className, promiseSite } = outer;
    const inner: Scope = {
      ...OUTSIDE,
      fn,
      instrumented,
      guarded,
      generator,
      callback: callback !== null,
      syncGenerator: isSeen && instrumented,
      coroutine,
      className,
      promiseSite,
    };
    // The parameters of an async function may not await: nothing there belongs to its activation.
    const parameters: Scope = { ...inner, instrumented: false, callback: false };
    eachChild(node, (child, field) => {
      if (field !== 'body') this.visit(child, node, field === 'id' ? outer : parameters);
    });
    if (body === null) return;
    if (instrumented && isAsync && !this.guardAll) this.#noteUpdates(node);
    this.#functions.push(node);
    if (isAsync) this.#dropped.set(node, takerOf(node, parent) ?? this.droppedBy(node));
    if (instrumented && isAsync && this.#hasInterval && this.#uses.sharesState(node))
      this.#notes.set(node, 'shared-state');
    const resolvers =
      this.guardAll || isAsync || generator ? [] : resolversOf(node, parent, this.edits.source);
    if (isMethodByItself(node, parent) && !this.guardAll)
      this.#streamMethods.set(node, fn === ANONYMOUS ? streamMethodName(node, outer.fn) : '');
    else if (!isAsync && !generator && !this.guardAll && body.type === 'BlockStatement')
      this.#noteCallsBack(node, inner);
    if (resolvers.length > 0) insertExecutorBody(this, node, resolvers, inner);
    else if (callback !== null) insertCallback(this, node, callback, inner);
    else if (!instrumented && this.isStreamMethod(node)) insertStreamMethod(this, node, inner);
    else if (!instrumented) this.visit(body, node, inner);
    else if (body.type === 'BlockStatement') {
      if (isAsync) this.#noteAwaits(body);
      insertBlockBody(this, node, body, inner);
    } else insertExpressionBody(this, node, body, inner);
    this.#functions.pop();
  }

  #noteCallsBack(fn: Node, scope: Scope): void {
    const { name, calls, repeated, begun } = callsBack(fn) ?? NEVER_CALLS_BACK;
    const row = calls.length === 0 ? -1 : insertCallsBack(this, fn, name, scope);
    for (const call of calls) this.#backCalls.set(call, { fn: row, after: repeated.get(call) ?? null });
    for (const [node, key] of begun)
      this.#updates.set(node, { how: 'begins', name: `${row}`, keys: [], key, root: '0' });
  }

  /** Reads and writes around an await of what the function's runs share. */
  #noteUpdates(fn: Node): void {
    const ownerOf: OwnerOf = (name) => this.#owners.ownerOf(name, this.#functions, fn.start);
    const shareThing = (a: string, b: string): boolean => this.#uses.shareThing(a, b);
    for (const call of leasesGivenBack(fn)) this.#leases.add(call);
    this.#note(sharedUpdates(fn, ownerOf, shareThing));
  }

  #note(steps: ReadonlyMap<Node, UpdateStep>): void {
    for (const [node, step] of steps) this.#updates.set(node, step);
  }

  #noteDropped(expression: Node): void {
    const dropped = droppedIn(expression);
    if (dropped !== null) this.#dropped.set(dropped.fn, dropped.by);
  }

  receiverOf(operand: Node): Receiver | null {
    if (this.guardAll) return null;
    const receiver = receiverOf(operand, this.edits.source);
    if (receiver === null || this.#leases.has(operand)) return receiver;
    return receiver.keys.length === 0 && this.#isFunctionOfFile(receiver.root) ? null : receiver;
  }

  receiverOfTelling(call: Node): Receiver | null {
    return this.guardAll ? null : receiverOfTelling(call, this.edits.source);
  }

  /** A function of the file's own waits for nothing itself. */
  #isFunctionOfFile(name: string): boolean {
    const known = this.#functionsOfFile.get(name) ?? isFunctionOfFile(name, this.edits.source);
    this.#functionsOfFile.set(name, known);
    return known;
  }

  /** Of a call whose promise may be waited for elsewhere: it is returned, listed or kept. */
  #askedReceiver(call: Node, parent: Node, scope: Scope): Receiver | null {
    if (this.guardAll) return null;
    if (isKeptIn(parent, call, scope) && this.isLookedAt(call)) return this.receiverOfTelling(call);
    if (!this.#isAsyncFile || isTelling(call)) return null;
    const isAsked =
      parent.type === 'ArrayExpression' ||
      (!mayAwait(scope) && (parent.type === 'ReturnStatement' || parent['body'] === call)) ||
      (parent.type === 'VariableDeclarator' && (mayAwait(scope) || scope.fn === OUTSIDE.fn));
    return isAsked ? this.receiverOf(call) : null;
  }

  /** @returns those that are given to a `new` or belong to a class; none in light depth */
  #noteStreamMethods(node: Node): StreamMethod[] {
    if (this.guardAll) return [];
    const found = streamMethodsOf(node);
    for (const { fn } of found) this.#streamMethods.set(fn, '');
    return found;
  }

  readonly isLookedAt = (call: Node): boolean => isTelling(call) || isSending(call, this.edits.source);
  readonly isLease = (call: Node): boolean => this.#leases.has(call);
  readonly isStreamMethod = (fn: Node): boolean => this.#streamMethods.has(fn) && !isArrow(fn);
  readonly streamNameOf = (fn: Node): string => this.#streamMethods.get(fn) ?? '';

  #isLibraryName(callee: Node): boolean {
    return this.#names.library.has(callee['name']);
  }

  /**
   * The call that a statement consists of, with or without `void` before it; null for any other
   * statement. A call of the library is none: the library knows itself where it is called.
   */
  #untakenCall(expression: Node): Node | null {
    const operand = withoutVoid(expression);
    const call: Node = operand.type === 'ChainExpression' ? operand['expression'] : operand;
    if (call.type !== 'CallExpression' || call['callee'].type === 'Super') return null;
    if (this.#isLibraryName(call['callee'])) return null;
    // Elsewhere the file keeps its text, but for what fills a stream or comes too early.
    if (!this.#isAsyncFile && (this.guardAll || !this.isLookedAt(call))) return null;
    return operand;
  }
}

const NO_NAMES: ReadonlySet<string> = new Set();
