/**
 * Random programs of groups, gatherings, races, timeouts, retries and shields, in a random order of
 * steps, cancelled at a random moment. In each, no task is left running, every clean-up runs once,
 * and a group ends its tasks in reverse order.
 */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  allTasks,
  CancelledError,
  type Future,
  gather,
  group,
  race,
  retry,
  run,
  sleep,
  spawn,
  TimeoutError,
  timeout,
} from '../../runtime/index.ts';
import { warningsOf } from './warnings.ts';

type Program =
  | { readonly kind: 'leaf'; readonly ms: number; readonly cleanUpMs: number; readonly fails: boolean }
  | { readonly kind: 'group' | 'gather' | 'race' | 'async group'; readonly members: readonly Program[] }
  | { readonly kind: 'timeout'; readonly ms: number; readonly member: Program }
  | { readonly kind: 'retry'; readonly member: Program };

const ms = fc.integer({ min: 0, max: 20 });
const { program } = fc.letrec<{ program: Program; leaf: Program }>((tie) => ({
  leaf: fc.record({
    kind: fc.constant('leaf' as const),
    ms,
    cleanUpMs: fc.oneof(fc.constant(0), ms),
    fails: fc.oneof({ arbitrary: fc.constant(false), weight: 4 }, fc.boolean()),
  }),
  program: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    tie('leaf'),
    fc.record({
      kind: fc.constantFrom('group' as const, 'gather' as const, 'race' as const, 'async group' as const),
      members: fc.array(tie('program'), { minLength: 1, maxLength: 4 }),
    }),
    fc.record({ kind: fc.constant('timeout' as const), ms, member: tie('program') }),
    fc.record({ kind: fc.constant('retry' as const), member: tie('program') }),
  ),
}));

/** The log of a program. */
class Account {
  begun = 0;
  cleanedUp = 0;
  living = 0;
  readonly wrong: string[] = [];
  readonly #ends = new Map<object, number[]>();

  /** A member that its group cancelled has cleaned up; no older one may have before it. */
  endedByGroup(of: object, index: number): void {
    const before = this.#ends.get(of) ?? [];
    if (before.some((each) => each < index)) this.wrong.push(`${index} ended behind ${before.join()}`);
    this.#ends.set(of, [...before, index]);
  }
}

/** Throws on purpose. */
class Planned extends Error {}

function* leaf(program: Extract<Program, { kind: 'leaf' }>, account: Account) {
  account.begun++;
  account.living++;
  try {
    yield* sleep(program.ms);
    if (program.fails) throw new Planned('planned');
    return 'fine';
  } finally {
    account.cleanedUp++;
    try {
      // A clean-up that waits can itself be cancelled.
      if (program.cleanUpMs > 0) yield* sleep(program.cleanUpMs);
    } finally {
      account.living--;
    }
  }
}

function* play(program: Program, account: Account): Generator<Future, unknown, unknown> {
  const each = (member: Program) => () => play(member, account);
  switch (program.kind) {
    case 'leaf':
      return yield* leaf(program, account);
    case 'group':
      return yield* group(function* (g) {
        for (const [index, member] of program.members.entries())
          g.spawn(noted(each(member), g, index, account));
        yield* sleep(1);
      });
    case 'async group':
      return yield* group(async (g) => {
        for (const [index, member] of program.members.entries())
          g.spawn(noted(each(member), g, index, account));
        await sleep(1);
      });
    case 'gather': {
      const results = yield* gather(program.members.map(each), { returnErrors: true });
      for (const result of results) if (result instanceof Error) unplanned(result, account);
      return results;
    }
    case 'race':
      return yield* race(program.members.map(each));
    case 'timeout':
      return yield* timeout(program.ms, each(program.member));
    case 'retry':
      return yield* retry(each(program.member), { times: 2, delay: 1 });
  }
}

/** Logs when its group ended it. */
const noted = (
  body: () => Generator<Future, unknown, unknown>,
  of: object,
  index: number,
  account: Account,
) =>
  function* () {
    try {
      return yield* body();
    } catch (error) {
      if (error instanceof CancelledError) account.endedByGroup(of, index);
      throw error;
    }
  };

function unplanned(error: unknown, account: Account): void {
  if (error instanceof AggregateError) for (const each of error.errors) unplanned(each, account);
  else if (!(error instanceof Planned || error instanceof TimeoutError || error instanceof CancelledError))
    account.wrong.push(String((error as Error).stack ?? error));
}

describe('Groups, gatherings, races, timeouts and retries', () => {
  it('leave nothing behind, clean up once and end groups in reverse, wherever they are cancelled', async () => {
    // A loser of a race that fails beside the member that decided gets a warning.
    await warningsOf(() =>
      fc.assert(
        fc.asyncProperty(
          program,
          fc.integer(),
          fc.integer({ min: 0, max: 40 }),
          fc.boolean(),
          async (it, seed, cancelMs, twice) => {
            const account = new Account();
            await run(
              function* main() {
                const task = spawn(() => play(it, account));
                const cancelling = spawn(function* () {
                  yield* sleep(cancelMs);
                  task.cancel('now');
                  if (twice) {
                    yield* sleep(1);
                    task.cancel('again');
                  }
                });
                try {
                  yield* task;
                } catch (error) {
                  unplanned(error, account);
                }
                assert.equal(account.living, 0, 'all of it has ended with it');
                assert.deepEqual(
                  allTasks()
                    .filter((each) => each !== cancelling)
                    .map((each) => each.name),
                  ['main'],
                );
                yield* cancelling;
              },
              { clock: 'virtual', seed },
            );
            assert.equal(account.cleanedUp, account.begun);
            assert.deepEqual(account.wrong, []);
          },
        ),
        { numRuns: 300 },
      ),
    );
  }).timeout(20_000);
});
