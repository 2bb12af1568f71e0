import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { asCompleted, run, sleep, spawn } from '../../../runtime/index.ts';
import { after, errorOf, virtually } from '../bodies.ts';

describe('asCompleted', () => {
  it('gives results to a `for await`, in the order of ending', async () => {
    const results: string[] = [];
    await run(
      async () => {
        // oxlint-disable-next-line typescript/await-thenable -- the await is tested
        for await (const result of asCompleted([after(3, 'c'), after(1, 'a'), after(2, 'b')]))
          results.push(result);
      },
      { clock: 'virtual' },
    );
    assert.deepEqual(results, ['a', 'b', 'c']);
  });

  it('gives all futures at once when asked, and fills them in the order of ending', async () => {
    await virtually(function* () {
      const all = [...asCompleted([after(3, 'c'), after(1, 'a'), after(2, 'b')])];
      assert.equal(yield* all[2]!, 'c');
      assert.deepEqual(
        all.map((each) => each.result),
        ['a', 'b', 'c'],
      );
    });
  });

  it('gives the next wait what a cancelled one would have got, at whatever step it was cancelled', async () => {
    const ends = new Set<string>();
    for (let steps = 0; steps < 8; steps++) {
      await virtually(function* () {
        const each = asCompleted([after(1, 'a'), after(2, 'b')]);
        const first = spawn(function* () {
          return yield* each.next().value!;
        });
        yield* sleep(1);
        for (let step = 0; step < steps; step++) yield;
        const got: string[] = first.cancel() ? [] : [first.result];
        if (got.length === 0) yield* errorOf(first);
        ends.add(first.state);
        for (const next of each) got.push(yield* next);
        assert.deepEqual(got, ['a', 'b'], `cancelled after ${steps} steps`);
      });
    }
    assert.deepEqual([...ends], ['cancelled', 'done']);
  });

  it('leaves the members alone when the loop is left', async () => {
    await virtually(function* () {
      const slow = spawn(after(5, 'slow'));
      for (const next of asCompleted([slow, after(1, 'quick')])) {
        assert.equal(yield* next, 'quick');
        break;
      }
      assert.equal(yield* slow, 'slow');
    });
  });

  it('yields nothing for an empty list', () => {
    assert.deepEqual([...asCompleted([])], []);
  });
});
