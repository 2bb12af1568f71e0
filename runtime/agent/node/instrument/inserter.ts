/** What the files that insert probes share: the text being edited, and the way on into the tree. */
import type { SiteNote } from '../../../trace/format/enumerations.ts';
import { ACTIVATION, BASE, OPERAND, PREFIX, PROBE, SITE } from '../contract/emitted-names.ts';
import type { Edits } from './edits.ts';
import { type Receiver, rootText } from './receiver.ts';
import type { SiteTable } from './site-table.ts';
import { type Node, unwrapped } from './syntax-tree.ts';

/** The innermost function around a node. */
export interface Scope {
  readonly fn: string;
  /** Probes go into its awaits: it is async and not refused. */
  readonly instrumented: boolean;
  /** Its body stands in a `try` of ours (`contract/probe-set.ts`). */
  readonly guarded: boolean;
  /** It is a generator: its `return E` waits, its bare `return` does not. */
  readonly generator: boolean;
  /** It is a callback, and no async function. */
  readonly callback: boolean;
  /** It is a generator that is not async, and instrumented. */
  readonly syncGenerator: boolean;
  /** It may be a coroutine of the library: a sync generator, in a file that imports the library. */
  readonly coroutine: boolean;
  readonly className: string | null;
  /** How many `finally` blocks of the function run when this code is left. */
  readonly protectedBy: number;
  /** How many `finally` blocks of the function this code is in. */
  readonly finallyLevel: number;
  /** A `catch` of the function stands around this code. */
  readonly isInTry: boolean;
  /** The site of the `new Promise` that it is given to, or that stands around it; −1: none. */
  readonly promiseSite: number;
}

export const OUTSIDE: Scope = {
  fn: '<anonymous>',
  instrumented: false,
  guarded: false,
  generator: false,
  callback: false,
  syncGenerator: false,
  coroutine: false,
  className: null,
  protectedBy: 0,
  finallyLevel: 0,
  isInTry: false,
  promiseSite: -1,
};

/** Code of an instrumented async function. */
export const mayAwait = ({ instrumented, syncGenerator }: Scope): boolean => instrumented && !syncGenerator;

/** `() => emitter.emit('open')`, or `const off = emitter.on('open', f)` within a `new Promise`. */
export const isKeptIn = (parent: Node, call: Node, { promiseSite }: Scope): boolean =>
  parent['body'] === call || (parent.type === 'VariableDeclarator' && promiseSite >= 0);

export interface Inserter {
  readonly edits: Edits;
  readonly sites: SiteTable;
  /** The expression that gives the id of the file's first site. */
  readonly base: string;
  /** Every function gets the guarded form. */
  readonly guardAll: boolean;
  /** Awaits in a loop that ask the same each time round. */
  readonly asksAgain: ReadonlySet<Node>;
  /** A call of a plain function that gives back what a `return` above may still need. */
  isLease(call: Node): boolean;
  /** What the parser saw of an await or a function. */
  noteOf(node: Node): SiteNote | undefined;
  /** The callee to which a function is passed that drops its promise; null: none does. */
  droppedBy(node: Node): Node | null;
  /** A stream calls this function to work for it. */
  isStreamMethod(fn: Node): boolean;
  /** What such a function is called there; '': by its own name. */
  streamNameOf(fn: Node): string;
  visit(node: Node, parent: Node, scope: Scope): void;
  visitChildren(node: Node, scope: Scope): void;
  /** The object that a call asks; null: none, or nobody wants to know. */
  receiverOf(operand: Node): Receiver | null;
  /** It tells something of a stream or an emitter, or fills what it is called on. */
  readonly isLookedAt: (call: Node) => boolean;
  /** The same of a call that tells something of a stream or an emitter. */
  receiverOfTelling(call: Node): Receiver | null;
  /** Opens the parenthesis in which an expression becomes the operand of a probe. */
  open(offset: number): void;
}

/**
 * Opens the parenthesis around an operand of the user's.
 * @returns what goes after the operand, before the text of the probe
 */
export function openOperand(inserter: Inserter, operand: Node): string {
  inserter.open(operand.start);
  const { type } = operand;
  const opening = type === 'SequenceExpression' ? `${COMMENT}(` : isNameless(operand) ? `${COMMENT}(0,` : '';
  if (opening === '') return '';
  inserter.edits.insert(operand.start, opening);
  return `${COMMENT})`;
}

/** A function or a class without a name: an assignment would give it the variable's. */
function isNameless(operand: Node): boolean {
  const value = unwrapped(operand);
  return (
    value.type === 'ArrowFunctionExpression' ||
    ((value.type === 'FunctionExpression' || value.type === 'ClassExpression') && value['id'] == null)
  );
}

/*
 * The texts that are inserted. Each is recognized wherever it stands (`remove-probes.ts`): it holds
 * one of our names, or the comment `COMMENT` before a character that could be the user's.
 */
export const COMMENT = `/*${PREFIX}*/`;
export const OPEN = `(${OPERAND}=`;
/** An operand where the user wrote none. */
export const NOTHING = `${OPEN}${COMMENT}void 0`;

/** After an operand: the probe of the activation that takes it. */
export function probeAt(name: string, site: number, receiver: Receiver | null = null): string {
  return `,${SITE}=${site},${name}(${ACTIVATION}${rootOf(receiver)}))`;
}

/** After an operand: the probe of a site outside any activation. */
export function probeOutside(
  name: string,
  site: number,
  base: string,
  receiver: Receiver | null = null,
): string {
  return `,${SITE}=${site},${name}(${base}${rootOf(receiver)}))`;
}

const rootOf = (receiver: Receiver | null): string => (receiver === null ? '' : `,${rootText(receiver)}`);

export const RESUME = `,${PROBE.resume}(${ACTIVATION}))`;
export const SENT = `,${PROBE.sent}(${ACTIVATION}))`;

/** Before a `yield*`: the operand of the probe is the activation itself, for it gives no value. */
export const delegationText = (site: number): string =>
  `${COMMENT}(${SITE}=${site},${OPERAND}=${ACTIVATION},${PROBE.yielding}(${ACTIVATION}),`;

export function callProbe(name: string): string {
  return `${name}(${ACTIVATION});`;
}

export function enterText(name: string, site: number, base: string): string {
  return `const ${ACTIVATION}=(${SITE}=${site},${name}(${base}));`;
}

export { BASE };

/** Sees every node before the inserter. */
export interface TypeStripper {
  /** @returns true when the node is dealt with and its children must not be visited */
  enter(node: Node, parent: Node): boolean;
  leave(node: Node, parent: Node): void;
}

export interface InserterOptions {
  readonly types: TypeStripper | null;
  /** The expression that gives the id of the file's first site. */
  readonly base: string;
  /** Every function gets the guarded form. */
  readonly guardAll: boolean;
  /** Generators that are not async get probes, too. */
  readonly seesGenerators: boolean;
}
