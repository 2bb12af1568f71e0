/** Run by `publish-probes.test.ts` in a process of its own: what it prints is compared. */
import vm from 'node:vm';
import {
  arePublished,
  publishInThisRealm,
  publishProbes,
} from '../../../../runtime/agent/node/contract/publish-probes.ts';
import type { ProbeSet } from '../../../../runtime/agent/node/contract/probe-set.ts';
import { instrument } from '../../../../runtime/agent/node/instrument/instrument.ts';
import { parse } from '../../../../runtime/agent/node/loader/parser.ts';

const calls: string[] = [];
const files: string[] = [];
const probes = new Proxy({} as ProbeSet, {
  get: (_target, name) => (first: unknown, second: unknown, third: unknown) => {
    calls.push(String(name));
    if (name === 'file') return files.push(String(first)) * 100;
    if (name === 'enter') calls.push(`${String(first)}+${String(second)}`);
    return name === 'iterate' ? third : { id: 1 };
  },
});
const print = (title: string, value: unknown): void => console.log(title, JSON.stringify(value));

function emitted(source: string, kind: 'script' | 'function'): string {
  const outcome = instrument(source, {
    path: '/s.js',
    kind,
    depth: 'full',
    typescript: false,
    jsx: false,
    parse,
  });
  if (outcome.kind !== 'instrumented') throw new Error(JSON.stringify(outcome));
  return outcome.result.code;
}

const globals = Reflect.ownKeys(globalThis).length;
print('published before', arePublished());
publishInThisRealm(probes, '/agent/');
print('published', arePublished());
print('more globals', Reflect.ownKeys(globalThis).length - globals);

// A sandbox that notices whatever is done to its properties.
const traps: string[] = [];
const sandbox = new Proxy(
  {},
  Object.fromEntries(
    ['set', 'defineProperty', 'deleteProperty'].map((trap) => [
      trap,
      (...args: unknown[]): unknown => {
        traps.push(`${trap} ${String(args[1])}`);
        return (Reflect as unknown as Record<string, (...a: unknown[]) => unknown>)[trap]!(...args);
      },
    ]),
  ),
);
const context = vm.createContext(sandbox);
publishProbes(context);
publishProbes(context);
print('traps', traps);
print('keys', vm.runInContext('Reflect.ownKeys(globalThis).filter((k) => /simul/.test(String(k)))', context));

const source = 'let a = 1; async function f() { return await a; } async function g() { await f(); }\nf();';
const script = new vm.Script(emitted(source, 'script'));
print('completion', String(script.runInContext(context)));
print('calls', calls.splice(0));
print('again, in this realm', String(script.runInThisContext()));
print('calls', calls.splice(0));
print('files', files);
print('text', vm.runInContext('String(f)', context));
print('native', vm.runInContext('Function.prototype.toString.toString()', context));
print('own realm', vm.runInContext('Function.prototype.toString instanceof Function', context));
const other = new vm.Script(emitted('var b = 2; async () => b; b', 'script'));
print('another script', other.runInContext(context));
print('nothing', String(new vm.Script(emitted('async function h() { }', 'script')).runInContext(context)));
print(
  'directive',
  new vm.Script(
    emitted('"use strict"; (function () { return this === undefined })(async () => 1)', 'script'),
  ).runInContext(context),
);
const body = vm.compileFunction(emitted('return async () => x', 'function'), ['x'], {
  parsingContext: context,
}) as (x: number) => () => Promise<number>;
body(5)().then((value) => print('function', value), console.log);
