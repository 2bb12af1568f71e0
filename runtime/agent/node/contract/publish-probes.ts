/**
 * Puts the probes where instrumented text finds them: constants in the script scope of a realm (a
 * V8 context). They are no properties of the global object. So they cannot be listed, replaced or
 * deleted, and modules, CommonJS, scripts, `eval` and `new Function` of the realm all see them.
 *
 * The variables that carry operand and site belong to the realm as well, so the functions that read
 * them are made in it. They let go of the operand at once: it must not live longer than untraced.
 */
import vm from 'node:vm';
import { convertTexts, putToString, shownTextOf } from '../builtins/function-text.ts';
import { OPERAND, PREFIX, PROBE, SITE } from './emitted-names.ts';
import type { ProbeSet } from './probe-set.ts';
import { removeProbes } from './remove-probes.ts';

const { runInContext, runInThisContext } = vm;

/** What the functions of a realm take from the probe set. */
const MEMBERS = [
  'file',
  'enter',
  'enterGuarded',
  'suspend',
  'resume',
  'resumeLater',
  'caught',
  'finallyIn',
  'finallyOut',
  'finallyLeave',
  'ret',
  'leave',
  'done',
  'end',
  'exit',
  'enterCallback',
  'leaveCallback',
  'yielding',
  'enterGenerator',
  'sent',
  'made',
  'given',
  'streamCalled',
  'asked',
  'at',
  'iterate',
  'stepped',
  'held',
] as const satisfies readonly (keyof ProbeSet)[];

/** What an activation awaits in place of its operand, while any may be held back. */
export interface Holding {
  readonly isOn: boolean;
  holding(activation: { readonly id: number }, operand: unknown): unknown;
}

type BaseOfScript = (hash: string, path?: string, table?: string) => number;

export type Realm = {
  /** Its constants, by name. */
  readonly [name: string]: ((...args: unknown[]) => unknown) | undefined;
} & {
  /** @param holding gives what an activation awaits in place of an operand; see `HOLDING` */
  install(probes: ProbeSet, baseOfScript: BaseOfScript, holding: Holding | null): void;
  readonly errors: ErrorConstructor;
  /** Replaces `Function.prototype.toString` of the realm. */
  replaceToString(shown: typeof shownTextOf, put: typeof putToString): void;
};

/** Takes the operand out of its variable. */
const TAKE = `const v=${OPERAND};${OPERAND}=void 0;`;

const SUSPEND = `(a,r)=>{${TAKE}suspend(a,${SITE},v,r);return v}`;
/** In a program that is debugged, what is awaited may be held back (stops/held-tasks.ts). */
const HOLDING = `(a,r)=>{${TAKE}const held=holding.isOn?holding.holding(a,v):v;suspend(a,${SITE},v,r);return held}`;

/**
 * What the transformer calls for experimental decorators, as TypeScript's own helpers do. Metadata
 * come from a package of the program's, which may add them later.
 */
const DECORATOR_HELPERS = [
  '{decorate(list,target,key,property){const simple=arguments.length<3;',
  'let result=simple?target:property===null?getOwnPropertyDescriptor(target,key):property;',
  'for(let i=list.length-1;i>=0;i--){if(list[i]){result=(simple?list[i](result)',
  ':arguments.length>3?list[i](target,key,result):list[i](target,key))||result;}}',
  'if(arguments.length>3&&result)defineProperty(target,key,result);return result},',
  "decorateMetadata(key,value){if(typeof reflect.metadata==='function')return reflect.metadata(key,value)},",
  'decorateParam(index,decorator){return(target,key)=>decorator(target,key,index)}}',
].join('');

const CONSTANTS: readonly (readonly [name: string, text: string])[] = [
  [PROBE.file, '(path,table,hash)=>{if(hash===void 0)return file(path,table);baseOfScript(hash,path,table)}'],
  [PROBE.baseOfScript, '(hash)=>baseOfScript(hash)'],
  [PROBE.enter, `(b)=>enter(b,${SITE})`],
  [PROBE.enterGuarded, `(b)=>enterGuarded(b,${SITE})`],
  [PROBE.suspend, SUSPEND],
  [PROBE.resume, `(a)=>{${TAKE}resume(a,v);return v}`],
  [PROBE.resumeLater, '(a)=>resumeLater(a)'],
  [PROBE.resumeInCall, '(a)=>{resumeLater(a);return nothing}'],
  [PROBE.caught, `(a)=>{${TAKE}caught(a,v)}`],
  [PROBE.finallyIn, '(a,l)=>finallyIn(a,l)'],
  [PROBE.finallyOut, '(a,l)=>finallyOut(a,l)'],
  [PROBE.finallyLeave, '(a,l)=>finallyLeave(a,l)'],
  [PROBE.ret, `(a,r)=>{${TAKE}ret(a,${SITE},v,r);return v}`],
  [PROBE.leave, `(a,r)=>{${TAKE}leave(a,${SITE},v,r);return v}`],
  [PROBE.done, '(a)=>done(a)'],
  [PROBE.end, '(a)=>end(a)'],
  [PROBE.exit, '(a)=>exit(a)'],
  [PROBE.enterCallback, `(b)=>enterCallback(b,${SITE})`],
  [PROBE.returnFromCallback, `(a)=>{${TAKE}done(a);return v}`],
  [PROBE.leaveCallback, '(a)=>leaveCallback(a)'],
  [PROBE.yielding, `(a)=>{${TAKE}yielding(a,${SITE},v);return v}`],
  [PROBE.enterGenerator, `(b)=>enterGenerator(b,${SITE})`],
  [PROBE.sent, `(a)=>{${TAKE}sent(a,v);return v}`],
  [PROBE.made, `(b,r)=>{${TAKE}made(b,${SITE},v,r);return v}`],
  [PROBE.given, '(r,j)=>given(r,j)'],
  [PROBE.streamCalled, `(b,o)=>streamCalled(b,${SITE},o)`],
  [PROBE.asked, `(b,r)=>{${TAKE}asked(b,${SITE},v,r);return v}`],
  [PROBE.at, `(b)=>{${TAKE}at(b,${SITE});return v}`],
  [PROBE.iterate, `(a)=>{${TAKE}return iterate(a,${SITE},v)}`],
  [PROBE.stepped, '(a)=>stepped(a)'],
  [PROBE.held, '(ns,at,ran)=>held(ns,at,ran)'],
  [PROBE.decoratorHelpers, DECORATOR_HELPERS],
];

const REALM = `${PREFIX}realm`;

const REALM_TEXT = [
  `let ${OPERAND},${SITE}=0;const ${REALM}=(()=>{let baseOfScript,holding,${MEMBERS.join(',')};`,
  // It is spread without the program's array iterator. No array: one with an iterator of its own
  // makes V8 ask every array of the program for its iterator from then on.
  'const over={done:true},steps={next(){return over}},nothing={[Symbol.iterator]:()=>steps};',
  'const {getOwnPropertyDescriptor,defineProperty}=Object,reflect=Reflect;return {errors:Error,',
  ...CONSTANTS.map(([name, text]) => `${name}:${text},`),
  `install(p,base,hold){baseOfScript=base;holding=hold;${MEMBERS.map((name) => `${name}=p.${name};`).join('')}},`,
  'replaceToString(shown,put){const native=Function.prototype.toString;',
  'put(Function.prototype,native,{toString(){return shown(this,native)}}.toString)}}})();',
  `const ${CONSTANTS.map(([name]) => `${name}=${REALM}.${name}`).join(',')};`,
  REALM,
].join('');
const DEBUGGED_REALM_TEXT = REALM_TEXT.split(`${PROBE.suspend}:${SUSPEND},`).join(
  `${PROBE.suspend}:${HOLDING},`,
);

/** The file name of the realm's functions in a stack: the agent's, which stacks leave out. */
let filename = '';
let published: ProbeSet | null = null;
let publishedHolding: Holding | null = null;
const bases = new Map<string, number>();
const { get, set } = Map.prototype;
const { apply } = Reflect;

/**
 * Puts the probes into the realm of this thread, before the program's first line.
 * @param agentFolder the folder whose files no stack of the user's shows
 * @param holding in a program that is debugged: what is awaited in place of an operand
 */
export function publishInThisRealm(
  probes: ProbeSet,
  agentFolder: string,
  holding: Holding | null = null,
): Realm {
  filename = `${agentFolder}probes.js`;
  published = probes;
  publishedHolding = holding;
  convertTexts(removeProbes);
  const realm = runInThisContext(holding === null ? REALM_TEXT : DEBUGGED_REALM_TEXT, { filename }) as Realm;
  realm.install(probes, baseOfScript, holding);
  return realm;
}

/** Whether this thread has its probes: an agent that is loaded twice begins once. */
export function arePublished(): boolean {
  return runInThisContext(`typeof ${REALM}`, { filename: '' }) !== 'undefined';
}

/**
 * Puts the probes of this thread into another realm. The second time it does nothing. It changes no
 * property of the context, so a sandbox with traps does not notice.
 * @returns the realm's `Error`; null: the probes were there
 */
export function publishProbes(context: vm.Context): ErrorConstructor | null {
  if (published === null) return null;
  if (runInContext(`typeof ${REALM}`, context, { filename }) !== 'undefined') return null;
  const realm = runInContext(publishedHolding === null ? REALM_TEXT : DEBUGGED_REALM_TEXT, context, {
    filename,
  }) as Realm;
  realm.install(published, baseOfScript, publishedHolding);
  realm.replaceToString(shownTextOf, putToString);
  return realm.errors;
}

/**
 * Base of the sites of a plain script. A declaration at its top level would become one of the
 * realm, so the table is kept here, by the hash of path and text: the script's first statement
 * brings it, with each run. 0 while it has not run: its functions may be called by a setter of the
 * sandbox.
 */
const baseOfScript: BaseOfScript = (hash, path, table) => {
  const known = apply(get, bases, [hash]) as number | undefined;
  if (known !== undefined || path === undefined) return known ?? 0;
  const base = published!.file(path, table ?? '');
  apply(set, bases, [hash, base]);
  return base;
};
