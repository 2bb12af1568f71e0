/**
 * Calls of a pool share no object, however they travel: neither arguments in the worker nor results
 * in the caller. Within a call, what was one object stays one.
 */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Pool } from '../../../runtime/index.ts';

/** Any value of a graph: `part` refers to an earlier object of the graph. */
type Recipe = { readonly kind: number; readonly parts: readonly number[]; readonly filler: number };

/** Objects that refer to each other, also in circles: small ones, and too large to be copied. */
function build(recipes: readonly Recipe[]): object[] {
  const made = recipes.map(({ kind, filler }): object => {
    switch (kind) {
      case 0:
        return { n: 0 };
      case 1:
        return [0];
      case 2:
        return new Map<unknown, unknown>([['n', 0]]);
      case 3:
        return new Set<unknown>([0]);
      case 4:
        return new Uint8Array(filler === 2 ? 9000 : 8);
      case 5:
        return new (class Basket {
          n = 0;
        })();
      case 6:
        return new Date(0);
      default:
        return Object.assign(new Error('an item'), { stack: '' });
    }
  });
  recipes.forEach(({ kind, parts, filler }, i) => {
    const object = made[i] as Record<string, unknown>;
    const refer = (part: unknown, key: string): void => {
      if (kind === 1) (object as unknown as unknown[]).push(part);
      else if (kind === 2) (object as unknown as Map<unknown, unknown>).set(key, part);
      else if (kind === 3) (object as unknown as Set<unknown>).add(part);
      else if (kind === 0 || kind === 5) object[key] = part;
    };
    parts.forEach((part, k) => refer(made[part % made.length], `part${k}`));
    // More parts than are copied, and more than are looked at.
    for (let k = 0; k < [0, 80, 400][filler]!; k++) refer({ k }, `filler${k}`);
  });
  return made;
}

const recipe = fc.record({
  kind: fc.nat({ max: 7 }),
  parts: fc.array(fc.nat(), { maxLength: 3 }),
  filler: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1, 2),
});
const graph = fc.record({
  recipes: fc.array(recipe, { minLength: 1, maxLength: 6 }),
  calls: fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 12 }),
});

/**
 * Adds 1 everywhere in its arguments, and gives them back with what it saw: how often it met each
 * object before. It is sent as text.
 */
function increase(...args: unknown[]): { readonly args: unknown[]; readonly seen: string[] } {
  const seen: string[] = [];
  const visited = new Set<unknown>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (visited.has(value)) return void seen.push(`again ${[...visited].indexOf(value)}`);
    visited.add(value);
    const record = value as Record<string, number>;
    if (Array.isArray(value)) {
      seen.push(`array ${value[0]}`);
      value[0]++;
      value.slice(1).forEach(visit);
    } else if (value instanceof Map) {
      seen.push(`map ${value.get('n')}`);
      value.set('n', (value.get('n') as number) + 1);
      [...value.values()].forEach(visit);
    } else if (value instanceof Set) {
      seen.push(`set ${[...value].filter((item) => typeof item === 'number').length}`);
      value.add(value.size + 1000);
      [...value].forEach(visit);
    } else if (ArrayBuffer.isView(value)) {
      seen.push(`bytes ${(value as Uint8Array)[0]}`);
      (value as Uint8Array)[0]!++;
    } else if (value instanceof Date) {
      seen.push(`date ${value.getTime()}`);
      value.setTime(value.getTime() + 1);
    } else if (value instanceof Error) {
      seen.push(`error ${value.message}`);
      value.message += '!';
    } else {
      seen.push(`object ${record['n']}`);
      record['n'] = (record['n'] ?? 0) + 1;
      Object.values(value).forEach(visit);
    }
  };
  args.forEach(visit);
  return { args, seen };
}

for (const kind of ['threads', 'processes'] as const) {
  describe(`calls of a Pool of ${kind}`, () => {
    it('share no object, whatever graphs of objects they are given', async () => {
      await using pool = new Pool({ size: 1, kind });
      // The pool learns that it is a quick call, and puts many into one message.
      for (let i = 0; i < 20; i++) await pool.apply(increase, [{ n: 0 }]);
      await fc.assert(
        fc.asyncProperty(graph, async ({ recipes, calls }) => {
          const objects = build(recipes);
          const given = calls.map((indices) => indices.map((i) => objects[i % objects.length]));
          const expected = given.map((args) => increase(...structuredClone(args)));
          const results = await Promise.all(given.map((args) => pool.apply(increase, args)));
          for (const [i, { seen }] of results.entries()) assert.deepEqual(seen, expected[i]!.seen);
          // The results share no object with each other either.
          const again = results.map(({ args }) => increase(...args).seen);
          assert.deepEqual(
            again,
            expected.map(({ args }) => increase(...args).seen),
          );
        }),
        { numRuns: kind === 'threads' ? 150 : 60, seed: 1 },
      );
    });

    it('share none in chunks of a map; the items of one chunk stay one object, as in Python', async () => {
      await using pool = new Pool({ size: 1, kind });
      const count = (item: { n: number }): number => ++item.n;
      const basket = { n: 0 };
      for (let i = 0; i < 20; i++) await pool.map(count, [basket]);
      assert.deepEqual(
        await pool.map(count, Array(8).fill(basket), { chunkSize: 1 }),
        Array.from({ length: 8 }, () => 1),
      );
      assert.deepEqual(await pool.map(count, Array(4).fill(basket), { chunkSize: 2 }), [1, 2, 1, 2]);
    });

    it('give what each returned, though later calls change the same object', async () => {
      await using pool = new Pool({ size: 1, kind });
      const keep = (item: number, size: number): unknown => {
        const shelf = ((globalThis as { shelf?: Record<number, number[]> }).shelf ??= {});
        const kept = (shelf[size] ??= Array.from({ length: size }, () => 0));
        kept.push(item);
        return kept;
      };
      for (let i = 0; i < 20; i++) await pool.apply(keep, [i, 1]);
      for (const size of [2, 200]) {
        const results = await Promise.all([1, 2, 3, 4].map((item) => pool.apply(keep, [item, size])));
        assert.deepEqual(
          results.map((result) => (result as number[]).slice(size)),
          [[1], [1, 2], [1, 2, 3], [1, 2, 3, 4]],
        );
      }
    });

    it('share memory that was shared, and nothing but that', async () => {
      if (kind === 'processes') return;
      await using pool = new Pool({ size: 2, kind });
      const words = new Int32Array(new SharedArrayBuffer(4));
      const add = ({ view }: { view: Int32Array }): number => Atomics.add(view, 0, 1);
      await pool.apply(add, [{ view: words }]);
      await Promise.all(Array.from({ length: 50 }, () => pool.apply(add, [{ view: words }])));
      assert.equal(words[0], 51);
    });
  });
}
