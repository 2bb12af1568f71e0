/** The probes at the begin and the end of modules, async functions, generators and callbacks. */
import { ACTIVATION, PROBE, SITE } from '../contract/emitted-names.ts';
import { givenSignal } from './abort-signals.ts';
import type { Callback } from './callbacks.ts';
import { heardEvents } from './heard-events.ts';
import { insertReturned } from './insert-completion.ts';
import {
  callProbe,
  COMMENT,
  enterText,
  type Inserter,
  NOTHING,
  openOperand,
  OUTSIDE,
  type Scope,
} from './inserter.ts';
import type { Node } from './syntax-tree.ts';

const END_OF_GUARD = `}finally{${callProbe(PROBE.exit)}}`;

/**
 * A module that awaits at its top level is an activation itself. `visitBody` visits its statements.
 */
export function insertModule(
  { edits, sites, base }: Inserter,
  statements: readonly Node[],
  scope: Scope,
  visitBody: () => void,
): void {
  const first = statements[0]!;
  const site = sites.add('function', first.start, scope.fn, null);
  edits.insert(first.start, enterText(PROBE.enterGuarded, site, base));
  visitBody();
  edits.insert(statements.at(-1)!.end, `${COMMENT};${callProbe(PROBE.end)}`);
}

/** `async … { … }` */
export function insertBlockBody(inserter: Inserter, node: Node, body: Node, scope: Scope): void {
  const { edits, sites } = inserter;
  const { fn } = scope;
  const isAsyncGenerator = scope.generator && !scope.syncGenerator;
  const site = sites.add('function', node.start, fn, inserter.droppedBy(node), isAsyncGenerator);
  sites.note(site, inserter.noteOf(node));
  const { at, separator } = afterDirectives(body, edits.source);
  edits.insert(at, separator + begin(inserter, site, scope));
  if (inserter.isStreamMethod(node)) edits.insert(at, streamProbe(inserter, node, scope));
  if (!scope.syncGenerator) edits.insert(at, signalProbe(inserter, node, scope));
  inserter.visitChildren(body, scope);
  const last: Node | undefined = body['body'].at(-1);
  const leaves = last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
  const probe = callProbe(scope.guarded ? PROBE.done : PROBE.end);
  const done = leaves ? '' : `${COMMENT};${probe}`;
  edits.insert(body.end - 1, done + (scope.guarded ? END_OF_GUARD : ''));
}

/** `async () => E` */
export function insertExpressionBody(inserter: Inserter, node: Node, body: Node, scope: Scope): void {
  const { edits, sites } = inserter;
  const site = sites.add('function', node.start, scope.fn, inserter.droppedBy(node));
  sites.note(site, inserter.noteOf(node));
  edits.insert(body.start, `${COMMENT}{${begin(inserter, site, scope)}${COMMENT}return `);
  insertReturned(inserter, body, node, scope, body.start);
  edits.insert(body.end, `${COMMENT};${scope.guarded ? END_OF_GUARD : ''}${COMMENT}}`);
}

/** The body of a callback: a block, or an expression. */
export function insertCallback(inserter: Inserter, node: Node, { kind, name }: Callback, scope: Scope): void {
  const { edits, sites, base } = inserter;
  const body: Node = node['body'];
  const fn = scope.fn === OUTSIDE.fn && name !== '' ? name : scope.fn;
  const site = sites.add('function', node.start, fn, null);
  sites.markCallback(site, kind);
  const opening = `${enterText(PROBE.enterCallback, site, base)}${COMMENT}try{`;
  const closing = `}finally{${callProbe(PROBE.leaveCallback)}}`;
  if (body.type === 'BlockStatement') {
    const { at, separator } = afterDirectives(body, edits.source);
    edits.insert(at, separator + opening);
    if (inserter.isStreamMethod(node)) edits.insert(at, streamProbe(inserter, node, scope));
    inserter.visitChildren(body, scope);
    edits.insert(body.end - 1, `${COMMENT};${callProbe(PROBE.done)}${closing}`);
  } else {
    edits.insert(body.start, `${COMMENT}{${opening}${COMMENT}return `);
    insertCallbackReturn(inserter, body, node, scope);
    edits.insert(body.end, `${COMMENT};${closing}${COMMENT}}`);
  }
}

/** `return E` of a callback; null: `return`. */
export function insertCallbackReturn(
  inserter: Inserter,
  operand: Node | null,
  parent: Node,
  scope: Scope,
): void {
  const { edits } = inserter;
  const probe = `,${PROBE.returnFromCallback}(${ACTIVATION}))`;
  if (operand === null) {
    edits.insert(parent.start + 'return'.length, NOTHING + probe);
    return;
  }
  const closing = openOperand(inserter, operand);
  inserter.visit(operand, parent, scope);
  edits.insert(operand.end, closing + probe);
}

/**
 * A function that is given to `new Promise`: its body begins with what can settle the promise.
 * @param names its parameters that can
 */
export function insertExecutorBody(
  inserter: Inserter,
  node: Node,
  names: readonly string[],
  scope: Scope,
): void {
  const { edits, sites } = inserter;
  const { promiseSite } = scope;
  if (promiseSite >= 0) sites.markHears(promiseSite, heardEvents(node, names, edits.source));
  const body: Node = node['body'];
  const probe = `${PROBE.given}(${names.join()})`;
  const isBlock = body.type === 'BlockStatement' || body.type === 'FunctionBody';
  if (isBlock) {
    const { at, separator } = afterDirectives(body, edits.source);
    edits.insert(at, `${separator}${probe};`);
  } else edits.insert(body.start, `(${probe},`);
  inserter.visit(body, node, scope);
  if (!isBlock) edits.insert(body.end, `${COMMENT})`);
}

/** A function, not async, that a stream calls to work for it. */
export function insertStreamMethod(inserter: Inserter, node: Node, scope: Scope): void {
  const { edits } = inserter;
  const body: Node = node['body'];
  const { at, separator } = afterDirectives(body, edits.source);
  edits.insert(at, separator + streamProbe(inserter, node, scope));
  inserter.visit(body, node, scope);
}

/**
 * A function that has to call its parameter `name`: its body begins by saying that it was given it.
 * @returns the row of the function
 */
export function insertCallsBack(inserter: Inserter, node: Node, name: string, { fn }: Scope): number {
  const { edits, sites, base } = inserter;
  const site = sites.add('call', node.start, fn, null);
  sites.markCallsBack(site, name);
  const { at, separator } = afterDirectives(node['body'], edits.source);
  edits.insert(at, `${separator}${SITE}=${site},${PROBE.streamCalled}(${base},${name});`);
  return site;
}

function streamProbe(inserter: Inserter, node: Node, { fn }: Scope): string {
  const { sites, base } = inserter;
  const site = sites.add('call', node.start, inserter.streamNameOf(node) || fn, null);
  return `${SITE}=${site},${PROBE.streamCalled}(${base},this);`;
}

/** What it is given may be an AbortSignal; '': nothing is, or nobody wants to know. */
function signalProbe({ sites, base, edits, guardAll }: Inserter, node: Node, { fn }: Scope): string {
  const given = guardAll ? null : givenSignal(node, edits.source);
  if (given === null) return '';
  const { root, ...step } = given;
  const site = sites.add('call', node.start, fn, null);
  sites.markShared(site, step);
  return `${SITE}=${site},${PROBE.streamCalled}(${base},${root});`;
}

function begin({ base }: Inserter, site: number, { guarded, syncGenerator }: Scope): string {
  if (!guarded) return enterText(PROBE.enter, site, base);
  const probe = syncGenerator ? PROBE.enterGenerator : PROBE.enterGuarded;
  return `${enterText(probe, site, base)}${COMMENT}try{`;
}

/** Where the own statements of a body begin: directives must stay first. */
function afterDirectives(body: Node, source: string): { at: number; separator: string } {
  let last: Node | null = null;
  for (const statement of body['body'] as Node[]) {
    // TypeScript's tree has `directive: null` on every expression statement: look at the value.
    if (statement['directive'] == null) break;
    last = statement;
  }
  if (last === null) return { at: body.start + 1, separator: '' };
  return { at: last.end, separator: source[last.end - 1] === ';' ? '' : `${COMMENT};` };
}
