/** Functions of one text that use nothing from around them are one function to a pool. */
import { strict as assert } from 'node:assert';
import { runInThisContext } from 'node:vm';
import { describe, it } from 'mocha';
import {
  type AnyFunction,
  referenceFunction,
} from '../../../runtime/parallel/functions/function-reference.ts';
import { FunctionTable } from '../../../runtime/parallel/pool/pooled-function.ts';
import { Pool } from '../../../runtime/index.ts';

const make = (text: string): AnyFunction => runInThisContext(`(${text})`) as AnyFunction;
const isOne = (...[first, second]: [AnyFunction, AnyFunction]): boolean =>
  referenceFunction(first, 'a test') === referenceFunction(second, 'a test');

describe('functions of one text', () => {
  it('are one reference when they use nothing from around them', () => {
    const fresh = (): AnyFunction => (n: number) => n + 1;
    assert.notEqual(fresh(), fresh());
    assert.ok(isOne(fresh(), fresh()));
    assert.ok(!isOne(make('(n) => n + 2'), make('(n) => n + 3')));
    // The name is part of stacks.
    assert.ok(!isOne(make('({ a: (n) => n + 4 }).a'), make('({ b: (n) => n + 4 }).b')));
  });

  it('are several when what they require depends on their file', () => {
    const text = '() => require("node:fs").existsSync("/")';
    assert.ok(!isOne(make(text), make(text)));
  });

  it('are refused each time when they use something', () => {
    const outer = Math.random();
    const uses = (): AnyFunction => () => outer;
    for (let i = 0; i < 2; i++) assert.throws(() => referenceFunction(uses(), 'a test'), /captures "outer"/);
  });

  it('are one function of a pool, whose duration it knows', () => {
    const table = new FunctionTable();
    const add = (): number => table.add(make('(n) => n + 5'), 'a test', null).number;
    assert.equal(add(), add());
    const decoder = referenceFunction(make('(encoded) => ({ items: encoded })'), 'a test');
    assert.notEqual(table.add(make('(n) => n + 5'), 'a test', decoder).number, add());
  });
});

describe('a worker of a Pool', () => {
  it('keeps a bounded number of functions, and gets one again that it forgot', async () => {
    await using pool = new Pool({ size: 1, kind: 'processes', execArgv: ['--expose-gc'] });
    // In one script: Node tells of each script by itself, in some ms.
    const texts = Array.from(
      { length: 1500 },
      (_, n) => `function f${n}(add) {
        (globalThis.kept ??= []).push(new WeakRef(f${n}));
        return ${n} + add;
      }`,
    );
    const functions = make(`() => [${texts.join(',')}]`)() as ((add: number) => number)[];
    const results = await Promise.all(functions.map((fn) => pool.apply(fn, [1])));
    assert.deepEqual(
      results,
      functions.map((_, n) => n + 1),
    );
    const countKept = async (): Promise<number> => {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      const { gc, kept } = globalThis as unknown as { gc(): void; kept: WeakRef<object>[] };
      gc();
      return kept.filter((ref) => ref.deref() !== undefined).length;
    };
    const kept = await pool.apply(countKept);
    assert.ok(kept <= 1024, `${kept} are kept`);
    assert.deepEqual(
      await Promise.all(functions.map((fn) => pool.apply(fn, [2]))),
      functions.map((_, n) => n + 2),
    );
  });

  it('forgets no function that a call on its way uses', async () => {
    await using pool = new Pool({ size: 1, concurrency: 4 });
    const texts = Array.from({ length: 1500 }, (_, n) => `(add) => ${n} + add`);
    const functions = make(`() => [${texts.join(',')}]`)() as ((add: number) => number)[];
    const oldest = functions[0]!;
    for (let i = 0; i < 20; i++) await pool.apply(oldest, [i]);
    const results = await Promise.all(
      functions.flatMap((fn) => [pool.apply(fn, [1]), pool.apply(oldest, [2]), pool.apply(oldest, [3])]),
    );
    assert.deepEqual(
      results,
      functions.flatMap((_, n) => [n + 1, 2, 3]),
    );
    // A worker that does not find a function ends.
    assert.equal(pool.stats().startedWorkers, 1);
  });
});
