/** The shapes of awaited values, where the person asked for them, in both depths. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

interface Row {
  readonly title: string;
  /** The body of an async function. */
  readonly program: string;
  /** What is recorded of its awaits, in their order. */
  readonly values: readonly string[];
  readonly output?: string;
}

const ROWS: readonly Row[] = [
  {
    title: 'of primitives: the type, and of a string its length',
    program: `await 'secret'; await Promise.resolve(''); await 1; await 2n; await true; await Symbol('secret');
      await undefined; await null; await (() => {}); await new Promise((f) => setTimeout(f, 1, 'later'));`,
    values: [
      'string 6 characters',
      'string 0 characters',
      ...['number', 'bigint', 'boolean', 'symbol', 'undefined', 'null', 'function'],
      'string 5 characters',
    ],
  },
  {
    title: 'of what holds others: the class and how many',
    program: `class Orders extends Array {}
      const many = [[1, 2, 3], Orders.from([1]), new Map([[1, 2]]), new Set('abc'), new Float64Array(5),
        Buffer.from('abcd'), new ArrayBuffer(8), new SharedArrayBuffer(16), new DataView(new ArrayBuffer(3))];
      for (const one of many) await one;`,
    values: [
      'Array 3 items',
      'Orders 1 items',
      'Map 1 entries',
      'Set 3 entries',
      'Float64Array 5 items',
      'Buffer 4 bytes',
      'ArrayBuffer 8 bytes',
      'SharedArrayBuffer 16 bytes',
      'DataView',
    ],
  },
  {
    title: 'of objects: the class alone',
    program: `class Order { constructor() { this.secret = 'secret' } }
      for (const one of [new Order(), { a: 1 }, Object.create(null), new Date(0), /secret/]) await one;`,
    values: ['Order', 'Object', 'object', 'Date', 'RegExp'],
  },
  {
    title: 'of an error that a catch takes: its name, and never its message',
    program: `class Refused extends Error {}
      const named = new Error('secret'); named.name = 'NamedError';
      const aborted = AbortSignal.abort().reason;
      for (const error of [new TypeError('secret'), new Refused('secret'), named, aborted, 'secret', new Error('x')])
        try { await Promise.reject(error) } catch {}
      await new Error('secret');`,
    values: [
      ...['TypeError', 'Refused', 'NamedError', 'AbortError', 'string 6 characters', 'Error'].map(
        (name) => `threw ${name}`,
      ),
      'Error',
    ],
  },
  {
    title: 'where the awaited value is called, constructed or taken apart at once',
    program: `const promise = (value) => new Promise((f) => setImmediate(f, value));
      const { length } = await promise([1, 2]);
      let [a] = await promise(new Set([1])); ({ a } = await promise(new Map()));
      (await promise('abc')).slice(0); (await promise([3])).map(String); await (await promise(() => 4))();
      const [x] = await [7];
      try { const { y } = await promise(undefined) } catch (error) { console.log(error.constructor.name) }
      try { const { y } = await Promise.reject(new RangeError('secret')) } catch {}`,
    // A primitive that a promise gave is not handed out there: nothing is claimed.
    values: [
      ...['Array 2 items', 'Set 1 entries', 'Map 0 entries', 'Array 1 items', 'function', 'number'],
      ...['Array 1 items', 'threw RangeError'],
    ],
    output: 'TypeError\n',
  },
  {
    title: 'and none of the program runs for it',
    program: `let ran = 0;
      const trap = () => { ran++; throw new Error('ran') };
      const traps = new Proxy({}, { get: () => trap });
      const proxy = (target) => new Proxy(target, traps);
      const { proxy: revoked, revoke } = Proxy.revocable({}, {}); revoke();
      const getter = (object, ...keys) => {
        for (const key of keys) Object.defineProperty(object, key, { get: trap });
        return object;
      };
      const listed = getter([1, 2], Symbol.toStringTag, 'toString', Symbol.iterator, 'constructor');
      const mapped = getter(new Map([[1, 1]]), 'size', 'constructor', Symbol.toStringTag);
      const typed = getter(new Uint8Array(2), 'length', 'byteLength', 'constructor', Symbol.toStringTag);
      const plain = getter({}, 'constructor', 'name', Symbol.toStringTag, 'size', 'length');
      const ofProxy = Object.setPrototypeOf({}, proxy({}));
      const bare = Object.setPrototypeOf([1], null);
      const error = getter(new Error('secret'), 'name', 'constructor', 'toString');
      const classed = Object.create(getter({}, 'constructor'));
      const nameless = Object.create({ constructor: getter(class {}, 'name') });
      const huge = Object.create({ constructor: class { static name = 'N'.repeat(5000) } });
      const nested = (value) => ({ value });
      for (const one of [listed, mapped, typed, plain, bare, error, classed, nameless, huge])
        await one;
      for (const { value } of [proxy([]), proxy(() => {}), revoked, ofProxy].map(nested))
        await { then: (f) => f.call(undefined, [value]) };
      const [first] = await Promise.resolve([proxy([])]);
      try { await Promise.reject(proxy(new Error('secret'))) } catch {}
      try { await Promise.reject(revoked) } catch {}
      console.log(ran);`,
    values: [
      ...['Array 2 items', 'Map 1 entries', 'Uint8Array 2 items', 'Object', 'Array 1 items', 'Error'],
      ...['object', 'object', 'N'.repeat(100)],
      ...Array.from({ length: 4 }, () => 'Array 1 items'),
      'Array 1 items',
      ...['threw Proxy', 'threw Proxy'],
    ],
    output: '0\n',
  },
  {
    title: 'of what is returned at once, and of a call of the own function',
    program: `const inner = async () => { await null; return 'abcdef' };
      const outer = async () => { return await inner() };
      await outer();`,
    values: ['null', 'string 6 characters', 'string 6 characters'],
  },
];

/** "TYPE SIZE UNIT" of each record, in their order; "threw" before it, where the wait ended so. */
function valuesIn(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => / value id=/.test(line))
    .map((line) => {
      const field = (name: string): string =>
        new RegExp(` ${name}=(?:"([^"]*)"|(\\S+))`).exec(line)?.slice(1).join('') ?? '';
      const size = field('unit') === '' ? '' : ` ${field('size') || '0'} ${field('unit')}`;
      return `${/ threw\b/.test(line) ? 'threw ' : ''}${field('type')}${size}`;
    });
}

const programOf = (body: string): string => `async function run() { ${body} }\nrun();\n`;

for (const { name, path: node } of NODES)
  for (const depth of ['full', 'light'])
    describe(`awaited values on request, on ${name}, ${depth}`, () => {
      for (const { title, program, values, output = '' } of ROWS)
        it(title, async () => {
          const { text, stdout, stderr } = await traceProgram(programOf(program), {
            node,
            env: { SIMUL_VALUES: '1', SIMUL_DEPTH: depth },
          });
          assert.equal(stderr, '');
          assert.equal(stdout, output);
          assert.deepEqual(valuesIn(text), values, text);
          // What stands in the source's own lines is no value.
          const texts = text.split('\n').filter((line) => !/site=|argv/.test(line));
          assert.deepEqual(
            texts.filter((line) => line.includes('secret')),
            [],
          );
        });
    });

/** A task of the library that is a generator; one that is an async function has the probes. */
const LIBRARY = `import { Queue, run, sleep, spawn } from 'simul';
class Order {}
run(function* main() {
  const orders = new Queue();
  spawn(function* producer() { yield* sleep(1); yield* orders.put([new Order()]); });
  yield* orders.get();
  yield* spawn(function* () { yield* sleep(1); return 'secret'; });
  try { yield* spawn(function* () { yield* sleep(1); throw new RangeError('secret'); }) } catch {}
  console.log('done');
});\n`;

describe('awaited values of the library’s tasks', () => {
  it('are recorded on request', async () => {
    const { text, stdout } = await traceProgram(LIBRARY, { env: { SIMUL_VALUES: '1' } });
    assert.equal(stdout, 'done\n');
    const values = valuesIn(text).filter((value) => value !== 'undefined');
    assert.deepEqual(values, ['Array 1 items', 'string 6 characters', 'threw RangeError'], text);
  });

  it('and not without one', async () => {
    assert.deepEqual(valuesIn((await traceProgram(LIBRARY)).text), []);
  });
});

describe('awaited values without a request', () => {
  it('leave no record', async () => {
    const { text } = await traceProgram(programOf(ROWS[0]!.program));
    assert.deepEqual(valuesIn(text), []);
  });
});
