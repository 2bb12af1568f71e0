/**
 * What a pool of processes loses when the system kills its workers, which cannot say anything then:
 * the calls that killed them, and no other.
 */
import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { Pool, WorkerError } from '../../../runtime/index.ts';

const GIVES = ['number', 'object', 'text', 'block', 'later', 'error', 'class', 'death'] as const;
type Gives = (typeof GIVES)[number];

/** It writes down that it began. It is sent as text. */
function answer(log: string, i: number, gives: Gives): unknown {
  const { appendFileSync } = process.getBuiltinModule('node:fs');
  appendFileSync(log, `${i}\n`);
  switch (gives) {
    case 'number':
      return i;
    case 'object':
      return { i };
    case 'text':
      return String(i).repeat(20_000);
    case 'block':
      return new Uint8Array(300_000).fill(i);
    case 'later':
      return Promise.resolve(i);
    case 'error':
      throw new RangeError(`call ${i}`);
    case 'class':
      return new (class Answer {
        readonly i = i;
      })();
    case 'death':
      process.kill(process.pid, 'SIGKILL');
      return undefined;
  }
}

const describeAnswer = (value: unknown): string =>
  value instanceof Uint8Array
    ? `${value.length} × ${value.at(-1)}`
    : value instanceof Error
      ? value.message
      : JSON.stringify(value);

function expected(i: number, gives: Gives): string {
  if (gives === 'death') return 'lost';
  if (gives === 'block') return `300000 × ${i % 256}`;
  if (gives === 'error') return `call ${i}`;
  if (gives === 'text') return JSON.stringify(String(i).repeat(20_000));
  return gives === 'object' || gives === 'class' ? `{"i":${i}}` : String(i);
}

describe('a Pool of processes that are killed', () => {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'simul-killed-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('loses the calls that killed their workers and no other, and runs each call once', async () => {
    await using pool = new Pool({ size: 2, kind: 'processes' });
    // The pool learns that it is a quick call, and puts many into one message.
    for (let i = 0; i < 20; i++) await pool.apply(answer, [join(folder, 'warm-up'), i, 'number']);
    // Most calls are quick and small, so that many answers are under way.
    const gives = fc.constantFrom<Gives>(...Array<Gives>(30).fill('number'), ...GIVES, 'object', 'object');
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(gives, { minLength: 100, maxLength: 400 }), async (list) => {
        const log = join(folder, `log-${runs++}`);
        const outcomes = await Promise.all(
          list.map(async (each, i) => {
            try {
              return describeAnswer(await pool.apply(answer, [log, i, each]));
            } catch (error) {
              return error instanceof WorkerError ? 'lost' : describeAnswer(error);
            }
          }),
        );
        assert.deepEqual(
          outcomes,
          list.map((each, i) => expected(i, each)),
        );
        const began = readFileSync(log, 'utf8').trim().split('\n').map(Number);
        assert.deepEqual(
          began.sort((a, b) => a - b),
          list.map((_, i) => i),
        );
      }),
      { numRuns: 6, seed: 1 },
    );
  });

  it('starts anew only the calls that may be, as often as they may', async () => {
    await using pool = new Pool({ size: 1, kind: 'processes' });
    const log = join(folder, 'log');
    for (let i = 0; i < 20; i++) await pool.apply(answer, [join(folder, 'warm-up'), i, 'number']);
    const results = Array.from({ length: 9 }, (_, i) =>
      pool.apply(answer, [log, i, i === 4 ? 'death' : 'number'], { retries: 2 }),
    );
    await assert.rejects(async () => await results[4], WorkerError);
    for (const [i, result] of results.entries()) if (i !== 4) assert.equal(await result, i);
    const began = readFileSync(log, 'utf8').trim().split('\n').map(Number);
    assert.deepEqual(
      began.sort((a, b) => a - b),
      [0, 1, 2, 3, 4, 4, 4, 5, 6, 7, 8],
    );
  });
});

for (const kind of ['threads', 'processes'] as const)
  describe(`a Pool of ${kind}`, () => {
    it('fails a call whose module ends each worker that imports it', async () => {
      const { exitsElsewhere } = await import('../exits-elsewhere.ts');
      await using pool = new Pool({ size: 1, kind });
      const before = pool.apply((n: number) => n, [1]);
      assert.equal(await before, 1);
      await assert.rejects(async () => await pool.apply(exitsElsewhere), WorkerError);
      assert.equal(await pool.apply((n: number) => n, [2]), 2);
    });
  });
