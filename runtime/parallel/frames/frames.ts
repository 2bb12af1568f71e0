/**
 * Apache Arrow tables in parallel, `simul/frames`: a function called for each row, for each column, or for each of some parts of a table, in the
 * workers of a pool. Threads look at the same columns, which are put into shared memory once. Needs the package `apache-arrow`, which is the program's own
 * to choose. After `DataFrame.apply` of pandas by rows and by columns, and `Pool.map` over `numpy.array_split` of a frame.
 */
import { Table, type TypeMap, type Vector } from 'apache-arrow';
import type { Future } from '../../tasks/core/future.ts';
import type { AnyFunction, Whole } from '../functions/name-function.ts';
import { MAP, WHOLE_CHUNK } from '../transport/messages.ts';
import type { MapOptions } from '../pool/pool-options.ts';
import { type SliceablePlan, Pool } from '../pool/pool.ts';
import { decoder, decodeSlice, decodeResult } from './decode-chunk.ts';
import { sliceableTable } from './table-memory.ts';

export { decodeSlice };

/** A row as `table.get(i)` gives it: its values by the names of the columns. It is a view: take out what is to be kept. */
export type Row<T extends TypeMap> = NonNullable<ReturnType<Table<T>['get']>>;

/** Whose workers call the function, and how the table is cut for them. */
export interface FrameOptions extends MapOptions {
  /** Whose workers do it; it stays open. Without it: a pool of threads of its own, for this call. */
  readonly pool?: Pool;
}

/** Whose workers call the function, and into how many parts the table is cut. */
export interface PartitionOptions extends Omit<FrameOptions, 'chunkSize'> {
  /** How many parts; without it as many as the pool has workers. */
  readonly partitions?: number;
}

/**
 * Calls the function with each row. The results are in the order of the rows. After `DataFrame.apply(…, axis=1)` of pandas.
 * @throws TypeError at once for what is no table, or for a function that cannot run elsewhere. @throws (fails with) the first error.
 * @example
 * import { tableFromArrays } from 'apache-arrow';
 * const sizes = tableFromArrays({ width: Float64Array.of(2, 3), height: Float64Array.of(5, 7) });
 * await mapRows(sizes, ({ width, height }) => width * height); // → [10, 21]
 */
export function mapRows<T extends TypeMap, R>(
  table: Table<T>,
  fn: (row: Row<T>) => R,
  options: FrameOptions = {},
): Future<Whole<R>[]> {
  const source = sliceableTable(checked(table, 'mapRows()'), 'rows');
  return inPool(fn, { who: 'mapRows()', mode: MAP, source, decoder: decoder }, options);
}

/**
 * Calls the function with each column, a Vector. The results bear the names of the columns. After `DataFrame.apply` of pandas.
 * @throws TypeError at once for what is no table, or for a function that cannot run elsewhere. @throws (fails with) the first error.
 * @example
 * import { tableFromArrays } from 'apache-arrow';
 * const sizes = tableFromArrays({ width: Float64Array.of(2, 3), height: Float64Array.of(5, 7) });
 * await mapColumns(sizes, (column) => Math.max(...column)); // → { width: 3, height: 7 }
 */
export function mapColumns<T extends TypeMap, R>(
  table: Table<T>,
  fn: (column: Vector<T[keyof T]>) => R,
  options: FrameOptions = {},
): Future<Record<keyof T & string, Whole<R>>> {
  const source = sliceableTable(checked(table, 'mapColumns()'), 'columns');
  const names = table.schema.fields.map(({ name }) => name as string);
  const finish = (results: ArrayLike<unknown>): unknown =>
    Object.fromEntries(names.map((name, i) => [name, results[i]]));
  return inPool(
    fn,
    { who: 'mapColumns()', mode: MAP, source, decoder: decoder, finish },
    { chunkSize: 1, ...options },
  );
}

/**
 * Calls the function with each of some parts of the table, themselves tables, whose numbers of rows differ by one at the most. The results are in the
 * order of the parts; a Table comes back as a Table. After `Pool.map` over `numpy.array_split` of a frame.
 * @throws TypeError or RangeError at once, naming what cannot be. @throws (fails with) the first error.
 * @example
 * import { tableFromArrays } from 'apache-arrow';
 * const sizes = tableFromArrays({ width: Float64Array.of(2, 3, 4, 5, 6) });
 * await mapPartitions(sizes, (part) => part.numRows, { partitions: 2 }); // → [3, 2]
 */
export function mapPartitions<T extends TypeMap, R>(
  table: Table<T>,
  fn: (part: Table<T>) => R,
  options: PartitionOptions = {},
): Future<Whole<R>[]> {
  const who = 'mapPartitions()';
  const source = sliceableTable(checked(table, who), 'table');
  const { partitions } = options;
  if (partitions !== undefined && (!Number.isSafeInteger(partitions) || partitions < 1))
    throw new RangeError(`${who} needs a whole number from 1 up for partitions, not ${String(partitions)}`);
  const finish = (results: ArrayLike<unknown>): unknown => Array.from(results, decodeResult);
  return inPool(fn, { who, mode: WHOLE_CHUNK, source, decoder: decoder, finish }, options, (size) =>
    evenly(source.length, partitions ?? size),
  );
}

/** The first so many parts get one row more. */
function evenly(rows: number, parts: number): (from: number) => number {
  const least = Math.floor(rows / parts);
  const more = rows % parts;
  const large = more * (least + 1);
  return (from) => from + (from < large ? least + 1 : Math.max(1, least));
}

function inPool<R>(
  fn: AnyFunction,
  plan: SliceablePlan,
  options: FrameOptions,
  endsOf?: (size: number) => (from: number) => number,
): Future<R> {
  const { pool = new Pool({ name: plan.who }), ...rest } = options;
  const own = options.pool === undefined;
  try {
    const endOf = endsOf?.(pool.size);
    const call = pool.mapSliceable<R>(fn, endOf === undefined ? plan : { ...plan, endOf }, rest);
    if (own) call.onDone(() => pool.terminate());
    return call;
  } catch (error) {
    if (own) pool.terminate();
    throw error;
  }
}

/** Whatever copy of the package made it. */
function checked<T extends TypeMap>(table: Table<T>, who: string): Table<T> {
  if (table instanceof Table) return table;
  const given = table === null ? 'null' : typeof table === 'object' ? 'another object' : typeof table;
  throw new TypeError(`${who} needs a Table of apache-arrow, not ${given}`);
}
