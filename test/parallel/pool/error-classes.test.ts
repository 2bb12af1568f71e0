/** An error of a function comes back as an instance of its class. */
import { AssertionError, strict as assert } from 'node:assert';
import { types } from 'node:util';
import { describe, it } from 'mocha';
import { type Future, Pool, PoolClosedError } from '../../../runtime/index.ts';
import { findErrorClass } from '../../../runtime/parallel/pool/error-classes.ts';
import * as functions from '../worker-functions.ts';

const Hidden = functions.hiddenClass() as new (part: string) => Error & { describe(): string };
const failure = async (future: Future): Promise<Error> => {
  try {
    await future;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
};

for (const kind of ['threads', 'processes'] as const) {
  describe(`an error of a function in a Pool of ${kind}`, () => {
    it('is of the class that its module has, exported or not', async () => {
      await using pool = new Pool({ size: 1, kind });
      const refused = await failure(pool.apply(functions.refuse, ['milk']));
      assert.ok(refused instanceof functions.Refused);
      assert.ok(types.isNativeError(refused));
      assert.deepEqual([refused.name, refused.code, refused.message], ['Refused', 'E_REFUSED', 'no milk']);
      assert.ok(refused.cause instanceof RangeError);
      assert.match(refused.stack!, /worker-functions/);
      const hidden = await failure(pool.apply(functions.throws, ['hidden']));
      assert.ok(hidden instanceof Hidden);
      assert.ok(hidden instanceof TypeError);
      assert.equal(hidden.describe(), 'door is hidden');
    });

    it('is of its class as a cause and in an AggregateError, too', async () => {
      await using pool = new Pool({ size: 1, kind });
      const many = await failure(pool.map(functions.throws, ['many']));
      assert.ok(many instanceof AggregateError);
      assert.ok(many.errors[0] instanceof Hidden);
      assert.ok(many.errors[1] instanceof RangeError);
      assert.ok(many.cause instanceof Hidden);
    });

    it("is of Node's class or the library's", async () => {
      await using pool = new Pool({ size: 1, kind });
      const aborted = await failure(pool.apply(functions.throws, ['dom']));
      assert.ok(aborted instanceof DOMException);
      assert.deepEqual([aborted.name, aborted.code, aborted.message], ['AbortError', 20, 'over']);
      const failed = await failure(pool.apply(functions.throws, ['assert']));
      assert.ok(failed instanceof AssertionError);
      assert.deepEqual([failed.actual, failed.expected], [1, 2]);
      assert.ok((await failure(pool.apply(functions.throws, ['library']))) instanceof PoolClosedError);
      // Of a text, and without an import: as an Error of its name, as before.
      const local = await failure(pool.apply(functions.throws, ['local']));
      assert.deepEqual([local.constructor, local.message], [RangeError, 'local']);
      const inText = await failure(
        pool.apply(() => {
          throw new (class Text extends Error {
            override name = 'Text';
          })('a text');
        }),
      );
      assert.deepEqual([inText.name, inText.message, inText instanceof Error], ['Text', 'a text', true]);
    });
  });
}

describe('the class of an error around a function', () => {
  it('is found by its name, and is null for what is no class of errors', () => {
    assert.equal(findErrorClass(functions.throws, 'Hidden'), Hidden);
    assert.equal(findErrorClass(functions.throws, 'Refused'), functions.Refused);
    for (const name of ['square', 'factor', 'Nothing', '__proto__'])
      assert.equal(findErrorClass(functions.throws, name), null);
    assert.equal(findErrorClass(Math.max, 'Hidden'), null);
  });
});
