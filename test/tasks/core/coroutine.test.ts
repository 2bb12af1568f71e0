import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { coroutine, StopIteration } from '../../../runtime/index.ts';

function* echo(notes: string[] = []): Generator<string, string, string | undefined> {
  try {
    let got = yield 'ready';
    while (got !== 'end') got = yield `got ${String(got)}`;
    return 'ended';
  } finally {
    notes.push('cleaned up');
  }
}

describe('coroutine', () => {
  it('is driven by next, send and throw, and reports its state', () => {
    const driven = coroutine(() => echo());
    assert.equal(driven.state, 'created');
    assert.equal(driven.next(), 'ready');
    assert.equal(driven.send('a'), 'got a');
    assert.equal(driven.state, 'suspended');
    assert.throws(
      () => driven.send('end'),
      (error) => error instanceof StopIteration && error.value === 'ended',
    );
    assert.equal(driven.state, 'ended');
  });

  it('is at its first yield when it is primed', () => {
    assert.equal(coroutine(() => echo(), { prime: true }).send('a'), 'got a');
    assert.throws(() => coroutine(function* () {}, { prime: true }), StopIteration);
  });

  it('refuses use after its end, naming itself', () => {
    const driven = coroutine(echo, { prime: true });
    driven.close();
    assert.equal(driven.state, 'closed');
    for (const call of ['next', 'send'] as const)
      assert.throws(() => driven[call]('x'), {
        name: 'StopIteration',
        message: `coroutine "echo" is closed; ${call}() needs one that goes on`,
      });
  });

  it('cleans up once when it is closed, also by `using`', () => {
    const notes: string[] = [];
    {
      using driven = coroutine(() => echo(notes));
      driven.next();
    }
    const driven = coroutine(() => echo(notes), { prime: true });
    driven.close();
    driven.close();
    assert.deepEqual(notes, ['cleaned up', 'cleaned up']);
  });

  it('passes errors through as the same object, from its body and from its clean-up', () => {
    const error = new Error('bad');
    const same = (thrown: unknown): boolean => thrown === error;
    assert.throws(() => coroutine(echo, { prime: true }).throw(error), same);
    assert.throws(() => coroutine(echo).throw(error), same);
    const driven = coroutine(
      function* () {
        try {
          yield;
        } finally {
          // eslint-disable-next-line no-unsafe-finally
          throw error;
        }
      },
      { prime: true },
    );
    assert.throws(() => driven.close(), same);
    assert.equal(driven.state, 'closed');
  });

  it('is closed no less when it yields in its clean-up, and says so', () => {
    const driven = coroutine(
      function* stubborn() {
        try {
          yield 1;
        } finally {
          yield 2;
        }
      },
      { prime: true },
    );
    assert.throws(() => driven.close(), {
      message: 'coroutine "stubborn" yielded while it was being closed; a finally block must not yield',
    });
    assert.equal(driven.state, 'closed');
  });

  it('cannot be driven from inside of itself, and goes on after the attempt', () => {
    const driven = coroutine(function* self(): Generator<string, void, unknown> {
      for (const call of ['next', 'close'] as const) {
        try {
          driven[call]();
        } catch (error) {
          yield (error as Error).message;
        }
      }
    });
    assert.equal(driven.next(), 'coroutine "self" is running; next() cannot be called from inside of it');
    assert.equal(driven.next(), 'coroutine "self" is running; close() cannot be called from inside of it');
  });

  it('takes a generator, and refuses anything else', () => {
    assert.equal(coroutine(echo()).next(), 'ready');
    assert.throws(
      () => coroutine(3 as never),
      new TypeError('coroutine() needs a generator or a function that makes one (function*), not 3'),
    );
    assert.throws(() => coroutine((() => 3) as never), /needs a generator or a function that makes one/);
  });
});
