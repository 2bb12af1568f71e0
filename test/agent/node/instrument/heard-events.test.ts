/** Events whose listeners alone can settle a promise, as the parser finds them. */
import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { instrument } from '../../../../runtime/agent/node/instrument/instrument.ts';
import { parse } from '../../../../runtime/agent/node/loader/parser.ts';

/** Of the only `new Promise`: the events. */
function heard(executor: string): readonly string[] {
  const source = `async function f(socket, signal) { await new Promise(${executor}); }`;
  const how = { path: '/f.js', kind: 'commonjs', typescript: false, jsx: false, depth: 'full' } as const;
  const outcome = instrument(source, { ...how, parse });
  if (outcome.kind !== 'instrumented') throw new Error(JSON.stringify(outcome));
  return outcome.result.sites.flatMap(({ hears }) => hears ?? []);
}

describe('events whose listeners alone can settle a promise', () => {
  const found: readonly (readonly [title: string, executor: string, events: readonly string[]])[] = [
    ['one listener', '(resolve) => socket.once("data", resolve)', ['data']],
    [
      'several, and other calls',
      '(resolve, reject) => { socket.once("data", (d) => resolve(d.trim())); socket.on("error", reject); socket.write("x"); }',
      ['data', 'error'],
    ],
    [
      'in a chain',
      '(resolve, reject) => { socket.on("data", resolve).once("error", reject); }',
      ['data', 'error'],
    ],
    [
      'functions with names, which take each other away',
      `(resolve, reject) => {
        const onData = (d) => { socket.off("error", onError); resolve(d); };
        function onError(error) { clean(); reject(error); }
        const clean = () => socket.removeListener("data", onData);
        socket.on("data", onData);
        socket.on("error", onError);
      }`,
      ['data', 'error'],
    ],
    [
      'one that adds another',
      '(resolve) => { socket.once("connect", () => { socket.once("data", resolve); }); }',
      ['connect', 'data'],
    ],
  ];
  for (const [title, executor, events] of found)
    it(`are found: ${title}`, () => deepEqual(heard(executor), events));

  const silent: readonly (readonly [title: string, executor: string])[] = [
    [
      'a timer may settle it',
      '(resolve, reject) => { socket.once("data", resolve); setTimeout(() => reject(1), 9); }',
    ],
    ['a timer may, by name', '(resolve, reject) => { socket.once("data", resolve); setTimeout(reject, 9); }'],
    [
      'a timer calls what a listener calls',
      '(resolve) => { const end = () => { resolve(); }; socket.once("data", end); setTimeout(end, 9); }',
    ],
    ['it is kept', '(resolve) => { socket.pending = resolve; socket.once("data", resolve); }'],
    ['it is kept in an object', '(resolve) => { queue.push({ resolve }); socket.once("data", resolve); }'],
    ['the listener awaits', '(resolve) => { socket.once("data", async () => { await g(); resolve(); }); }'],
    [
      'a function in the listener settles it',
      '(resolve) => { socket.once("data", () => { setTimeout(() => resolve(), 9); }); }',
    ],
    ['of two emitters', '(resolve, reject) => { socket.once("data", resolve); signal.once("x", reject); }'],
    ['any event', '(resolve) => { socket.once(name, resolve); }'],
    ['another `resolve`', '(resolve) => { socket.once("data", (resolve) => resolve()); }'],
    [
      'a signal may end it',
      '(resolve, reject) => { socket.once("data", resolve); signal.addEventListener("abort", reject); }',
    ],
  ];
  for (const [title, executor] of silent) it(`are not told: ${title}`, () => deepEqual(heard(executor), []));
});
