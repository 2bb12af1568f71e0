/** Tables in parallel, compared with what the same functions give in this thread. */
import assert from 'node:assert/strict';
import { makeTable, Table, tableFromArrays } from 'apache-arrow';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { mapColumns, mapPartitions, mapRows } from '../../../runtime/parallel/frames/frames.ts';
import { Pool } from '../../../runtime/parallel/pool/pool.ts';
import { fails, firstHalf, isSharedColumn, labelOf, rowsOf, sumOfRow, total } from './table-functions.ts';

describe('a table in parallel', () => {
  const table = tableFromArrays({
    a: Int32Array.from({ length: 101 }, (_, i) => i),
    b: Float64Array.from({ length: 101 }, (_, i) => i / 2),
  });
  let pool: Pool;
  before(() => {
    pool = new Pool({ size: 2 });
  });
  after(async () => {
    pool.terminate();
    await pool.join();
  });

  it('gives by row what the function gives for each row here, in the order of the rows', async () => {
    const expected = Array.from({ length: 101 }, (_, i) => i * 1000 + i / 2);
    assert.deepEqual(await mapRows(table, sumOfRow, { pool }), expected);
    assert.deepEqual(await mapRows(table, sumOfRow, { pool, chunkSize: 7 }), expected);
  });

  it('reads the texts of a column, also of one with nulls and repeated words', async () => {
    const words = tableFromArrays({
      word: Array.from({ length: 40 }, (_, i) => ['ant', 'bee', null][i % 3] ?? null),
    });
    const labels = await mapRows(words, labelOf, { pool, chunkSize: 9 });
    assert.deepEqual(
      labels,
      Array.from({ length: 40 }, (_, i) => ['ANT', 'BEE', 'none'][i % 3]),
    );
  });

  it("gives by column a result under each column's name", async () => {
    assert.deepEqual(await mapColumns(table, total, { pool }), { a: 5050, b: 2525 });
  });

  it('shares the columns with threads, without copying them', async () => {
    assert.deepEqual(await mapColumns(table, isSharedColumn, { pool }), { a: true, b: true });
  });

  it('cuts parts that differ by one row at the most, whatever their number', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 130 }), async (partitions) => {
        const rows = await mapPartitions(table, rowsOf, { pool, partitions });
        assert.equal(rows.length, Math.min(partitions, 101));
        assert.equal(
          rows.reduce((sum, n) => sum + n, 0),
          101,
        );
        assert.ok(Math.max(...rows) - Math.min(...rows) <= 1, `${rows.join(' ')}`);
      }),
      { numRuns: 20 },
    );
  });

  it('returns tables as tables, and makes one part a worker without `partitions`', async () => {
    const halves = await mapPartitions(table, firstHalf, { pool });
    assert.ok(halves.every((half) => half instanceof Table));
    assert.deepEqual(
      halves.map((half) => [half.numRows, half.get(0)!.a]),
      [
        [25, 0],
        [25, 51],
      ],
    );
  });

  it('gives no results for an empty table', async () => {
    const empty = makeTable({ a: new Int32Array(0), b: new Float64Array(0) });
    assert.deepEqual(await mapRows(empty, sumOfRow, { pool }), []);
    assert.deepEqual(await mapPartitions(empty, rowsOf, { pool }), []);
  });

  it('fails with the function’s own error', async () => {
    await assert.rejects(async () => await mapRows(table, fails, { pool }), {
      name: 'RangeError',
      message: 'seven is too much',
    });
  });

  it('works in processes, each of which gets its own slice', async () => {
    const processes = new Pool({ size: 2, kind: 'processes' });
    assert.deepEqual(await mapPartitions(table, rowsOf, { pool: processes }), [51, 50]);
    assert.deepEqual(await mapColumns(table, total, { pool: processes }), { a: 5050, b: 2525 });
    assert.deepEqual((await mapRows(table, sumOfRow, { pool: processes })).at(-1), 100_050);
    processes.terminate();
    await processes.join();
  });

  it('makes a pool and ends it when it is given none', async () => {
    assert.deepEqual(await mapColumns(table, total), { a: 5050, b: 2525 });
  });

  it('refuses at once what is not a table, a function or a number of parts', () => {
    assert.throws(() => mapRows([1, 2] as never, rowsOf as never), {
      name: 'TypeError',
      message: 'mapRows() needs a Table of apache-arrow, not another object',
    });
    assert.throws(() => mapColumns(table, 5 as never), {
      message: 'mapColumns() needs a function, not number 5',
    });
    assert.throws(() => mapPartitions(table, rowsOf, { partitions: 0 }), {
      name: 'RangeError',
      message: 'mapPartitions() needs a whole number from 1 up for partitions, not 0',
    });
  });
});
