import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findCallbacks, mayHoldCallbacks } from '../../../../runtime/agent/node/instrument/callbacks.ts';
import { parse } from '../../../../runtime/agent/node/loader/parser.ts';

/** Each callback as "text of its first line → kind, name". */
function callbacksOf(source: string): string[] {
  const { program, error } = parse('/a.mjs', source, 'js', 'module');
  assert.equal(error, null);
  return [...findCallbacks(program, source)]
    .sort(([a], [b]) => a.start - b.start)
    .map(([node, { kind, name }]) => `${source.slice(node.start, node.end)} → ${kind}, ${name}`);
}

describe('the callbacks of a file', () => {
  for (const [what, source, expected] of [
    ['of an emitter', `e.on('data', (d) => f(d))`, [`(d) => f(d) → event-callback, on('data') callback`]],
    ['of a promise', 'p.then((v) => { f(v) })', ['(v) => { f(v) } → promise-callback, then callback']],
    ['of Node', 'fs.stat(p, function () { f() })', ['function () { f() } → io-callback, stat callback']],
    ['of a tick', 'queueMicrotask(() => f())', ['() => f() → tick-callback, queueMicrotask callback']],
    ['that is assigned', 'port.onmessage = (m) => f(m)', ['(m) => f(m) → event-callback, onmessage']],
    [
      'that is given by name',
      'function handle() { f() }\nhttp.createServer(handle)',
      ['function handle() { f() } → event-callback, '],
    ],
    [
      'that is a method given away',
      'class A { m() { f() } n() { f() } start() { e.on("x", this.m.bind(this)) } }',
      ['() { f() } → event-callback, '],
    ],
    [
      'of an object that is given away',
      'new Transform({ transform(c, e, done) { done() }, a: 1 })',
      ['(c, e, done) { done() } → io-callback, '],
    ],
    [
      'that a base class calls',
      'class T extends Transform { _transform(c) { f(c) } constructor() { super() } other() { f() } }',
      ['(c) { f(c) } → io-callback, _transform'],
    ],
  ] as const) {
    it(`are those ${what}`, () => assert.deepEqual(callbacksOf(source), expected));
  }

  for (const [what, source] of [
    ['what is called at once', 'xs.map((x) => f(x)); xs.sort((a, b) => g(a, b)); new Promise((r) => f(r))'],
    ['what only computes an expression', 'e.on("x", (a) => a.b + 1)'],
    ['async functions and generators', 'e.on("x", async () => f()); e.on("y", function* () { f() })'],
    ['what calls itself', 'const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2)); pool.run(fib)'],
    ['what nobody is given', 'function f() { g() } f()'],
  ] as const) {
    it(`are not ${what}`, () => assert.deepEqual(callbacksOf(source), []));
  }

  it('are looked for where the text names what registers them', () => {
    assert.ok(mayHoldCallbacks('server.on("x", f)'));
    assert.ok(mayHoldCallbacks('class A extends B {}'));
    assert.ok(!mayHoldCallbacks('const double = (xs) => xs.map((x) => 2 * x);'));
  });
});
