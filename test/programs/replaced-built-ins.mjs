// Every built-in function is replaced, one by one, by one that throws, while tasks run. What the
// tasks do and how often the replacement is called is the same traced and untraced.
import { EventEmitter, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const log = console.log.bind(console);
const keys = Reflect.ownKeys;
const describe = Object.getOwnPropertyDescriptor;
const define = Object.defineProperty;
const later = setImmediate;

const source = new EventEmitter().setMaxListeners(0);
async function callee(x) { await null; return x; }
async function* items() { yield 1; yield 2; }
async function fails() { throw 1; }
async function work() {
  let sum = await callee(1);
  for await (const item of items()) sum += item;
  try { await fails(); } catch (error) { sum += error; } finally { await null; }
  sum += await new Promise((resolve) => later(resolve, 1));
  return sum;
}
async function waits() {
  const event = once(source, 'x');
  process.nextTick(() => source.emit('x', 1));
  await event;
  await Promise.all([callee(1), delay(1), readFile(process.argv[1])]);
  await new Promise((resolve) => setTimeout(resolve, 1));
  queueMicrotask(() => {});
  return 'waited';
}
const outcome = (make) => { try { return make().then((v) => String(v), (e) => 'rejected ' + e); } catch (e) { return 'threw ' + e; } };

const hosts = { Object, Reflect, Math, JSON, Number, String, Boolean, Array, Symbol, BigInt, Promise, Function, Error, Date, Map, Set,
  WeakMap, WeakSet, WeakRef, RegExp, Proxy, Atomics, ArrayBuffer, SharedArrayBuffer, Int32Array, Uint8Array, BigInt64Array,
  Float64Array, TypedArray: Object.getPrototypeOf(Int8Array), TextEncoder, TextDecoder, EventEmitter, Buffer, URL, process,
  MapIterator: { prototype: Object.getPrototypeOf(new Map().keys()) }, ArrayIterator: { prototype: Object.getPrototypeOf([].keys()) } };
const kept = new Set(['prototype', 'constructor', 'caller', 'arguments', 'callee', 'Symbol(Symbol.species)', 'stdout', 'stderr', 'stdin', '_tickCallback', 'reallyExit', 'exit',
  // Node itself dies of these.
  'pop', 'next', 'Symbol(Symbol.iterator)',
  // The agent has one of its own on `process`, and an accessor on `Error`.
  'emit', 'prepareStackTrace']);
const list = [];
for (const [name, host] of Object.entries(hosts)) {
  for (const [label, holder] of [[name, host], [`${name}.prototype`, host.prototype]]) {
    if (holder === undefined || holder === null) continue;
    for (const key of keys(holder)) {
      const found = describe(holder, key);
      if (kept.has(String(key)) || typeof found.value !== 'function' || !found.configurable) continue;
      list[list.length] = [`${label}.${String(key)}`, holder, key, found];
    }
  }
}
let hits = 0;
for (let i = 0; i < list.length; i++) {
  const [label, holder, key, found] = list[i];
  hits = 0;
  const stand = function () { hits++; throw 'replaced'; };
  define(holder, key, { value: stand, writable: true, configurable: true });
  const result = outcome(work);
  const settled = typeof result === 'string' ? result : await result;
  define(holder, key, found);
  log(label, settled, hits);
}
log(await outcome(waits));
// What Node does later is not the program's: only the calls themselves are watched.
const results = [];
for (let i = 0; i < list.length; i++) {
  const [label, holder, key, found] = list[i];
  hits = 0;
  define(holder, key, { value: function () { hits++; throw 'replaced'; }, writable: true, configurable: true });
  try { results[i] = waits(); } catch {}
  define(holder, key, found);
  log('at the call', label, hits);
}
process.on('unhandledRejection', () => {});
