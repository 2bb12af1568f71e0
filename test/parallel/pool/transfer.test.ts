/** What is moved to a worker or back is not copied, and is empty where it came from. */
import { strict as assert } from 'node:assert';
import { MessageChannel } from 'node:worker_threads';
import { describe, it } from 'mocha';
import { move, Pool, WorkerError } from '../../../runtime/index.ts';
import * as functions from '../worker-functions.ts';

const sum = (bytes: Uint8Array): number => bytes.reduce((all, byte) => all + byte, 0);
const bytesOf = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

describe('a Pool', () => {
  it('moves what of the arguments it is told to, and copies the rest', async () => {
    await using pool = new Pool({ size: 2 });
    const [moved, copied] = [bytesOf(1, 2, 3), bytesOf(4, 5)];
    const both = (a: Uint8Array, b: Uint8Array): number[] => [a.length, b.length];
    assert.deepEqual(await pool.apply(both, [moved, copied], { transfer: [moved.buffer] }), [3, 2]);
    assert.deepEqual([moved.length, copied.length], [0, 2]);
    const many = Array.from({ length: 50 }, (_, i) => bytesOf(i, 1));
    const sums = await Promise.all(many.map((each) => pool.apply(sum, [each], { transfer: [each.buffer] })));
    assert.deepEqual(
      sums,
      many.map((_, i) => i + 1),
    );
    assert.ok(many.every(({ length }) => length === 0));
  });

  it('moves the items of a map with their chunks', async () => {
    await using pool = new Pool({ size: 2 });
    const items = Array.from({ length: 10 }, (_, i) => bytesOf(i));
    const transfer = items.slice(0, 5).map(({ buffer }) => buffer);
    assert.deepEqual(
      await pool.map(sum, items, { chunkSize: 3, transfer }),
      items.map((_, i) => i),
    );
    assert.deepEqual(
      items.map(({ length }) => length),
      [0, 0, 0, 0, 0, 1, 1, 1, 1, 1],
    );
    const lists = [[bytesOf(1)], [bytesOf(2)]] as [Uint8Array<ArrayBuffer>][];
    const options = { transfer: lists.map(([each]) => each.buffer) };
    assert.deepEqual(await pool.starmap(sum, lists, options), [1, 2]);
    assert.deepEqual(
      lists.map(([{ length }]) => length),
      [0, 0],
    );
  });

  it('moves a port, through which the caller and the worker speak', async () => {
    await using pool = new Pool({ size: 1 });
    const { port1, port2 } = new MessageChannel();
    const answer = (port: import('node:worker_threads').MessagePort): void => port.postMessage('hello');
    const heard = new Promise((resolve) => port1.once('message', resolve));
    await pool.apply(answer, [port2], { transfer: [port2] });
    assert.equal(await heard, 'hello');
    port1.close();
  });

  it('moves a result, or a part of it', async () => {
    await using pool = new Pool({ size: 1 });
    assert.deepEqual(await pool.apply(functions.movedNumbers, [3]), Float64Array.of(1, 1, 1));
    assert.equal(await pool.apply(functions.movedNumbersLeft), 0);
    assert.deepEqual(await pool.apply(functions.movedPart), { moved: bytesOf(1, 2), copied: bytesOf(3, 1) });
    const results = await pool.map(functions.movedNumbers, [1, 2, 3], { chunkSize: 3 });
    assert.deepEqual(
      results.map(({ length }) => length),
      [1, 2, 3],
    );
    assert.equal(await pool.apply(functions.movedNumbersLeft), 0);
    const twice = pool.apply(functions.movedTwice);
    assert.equal((await twice).length, 1);
    const second = pool.apply(functions.movedTwice);
    await assert.rejects(async () => await second, /the result cannot be sent back/);
  });

  it('copies a result of a process that was moved', async () => {
    await using pool = new Pool({ size: 1, kind: 'processes' });
    assert.deepEqual(await pool.apply(functions.movedNumbers, [2]), Float64Array.of(1, 1));
    assert.equal(await pool.apply(functions.movedNumbersLeft), 2);
  });

  it('starts no call anew whose arguments were moved', async () => {
    await using pool = new Pool({ size: 1 });
    const bytes = bytesOf(1);
    const exits = ({ length }: Uint8Array): never => process.exit(length + 2);
    const lost = pool.apply(exits, [bytes], { transfer: [bytes.buffer] });
    await assert.rejects(async () => await lost, WorkerError);
    assert.equal(await pool.apply(sum, [bytesOf(5)]), 5);
  });

  it('refuses what cannot be moved, naming it', async () => {
    await using pool = new Pool({ size: 1 });
    await using processes = new Pool({ size: 1, kind: 'processes' });
    const bytes = bytesOf(1, 2);
    const call =
      (options: object, where = pool) =>
      () =>
        where.apply(sum, [bytes], options);
    const cases: [() => unknown, RegExp][] = [
      [call({ transfer: bytes.buffer }), /pool.apply\(\) needs a list for transfer, not object/],
      [call({ transfer: [bytes] }), /transfers the buffer of a Uint8Array: give its `buffer`/],
      [call({ transfer: [1] }), /pool.apply\(\) cannot transfer a number/],
      [
        call({ transfer: [new SharedArrayBuffer(1)] }),
        /cannot transfer a SharedArrayBuffer: threads share it/,
      ],
      [call({ transfer: [bytes.buffer], retries: 1 }), /whose arguments were transferred: retries must be 0/],
      [call({ transfer: [bytes.buffer] }, processes), /can transfer only to threads; a process gets copies/],
      [() => move(5 as never), /move\(\) needs an object, not number/],
      [() => move(new Uint8Array(new SharedArrayBuffer(1))), /move\(\) cannot transfer a SharedArrayBuffer/],
    ];
    for (const [refused, message] of cases) assert.throws(refused, message);
    assert.equal(bytes.length, 2);
    assert.equal(await pool.apply(sum, [bytes], { transfer: [bytes.buffer] }), 3);
    const again = pool.apply(sum, [bytes], { transfer: [bytes.buffer] });
    await assert.rejects(async () => await again, /cannot send the arguments: .* was transferred before/);
    assert.equal(await pool.apply(sum, [bytesOf(7)]), 7);
  });
});
