/**
 * Apache Arrow tables in parallel, `simul/frames`: a function called for each row, for each column,
 * or for each of some parts of a table, in the workers of a pool. Threads see the same columns,
 * which are put into shared memory once. It needs the package `apache-arrow`, which the program
 * chooses itself. After `DataFrame.apply` of pandas by rows and by columns, and `Pool.map` over
 * `numpy.array_split` of a frame.
 */
import { Table, type TypeMap, type Vector } from 'apache-arrow';
import type { Future } from '../../tasks/core/future.ts';
import type { AnyFunction, CallResult } from '../functions/function-reference.ts';
import { checkInteger, type MapOptions } from '../pool/pool-options.ts';
import { Pool, type SliceableMapRequest } from '../pool/pool.ts';
import { MODE } from '../transport/messages.ts';
import { decoder, decodeResult, decodeSlice } from './decode-chunk.ts';
import { sliceableTable } from './table-memory.ts';

/** The worker imports it from here by its name, where this module is bundled. */
export { decodeSlice };

/**
 * A row as `table.get(i)` gives it: its values by the names of the columns. It is a view: copy the
 * values that are to be kept.
 */
export type Row<T extends TypeMap> = NonNullable<ReturnType<Table<T>['get']>>;

/** The pool whose workers call the function, and how the table is cut for them. */
export interface FrameOptions extends MapOptions {
  /** It stays open. Without it: a pool of threads for this call alone. */
  readonly pool?: Pool;
}

/** The pool whose workers call the function, and into how many parts the table is cut. */
export interface PartitionOptions extends Omit<FrameOptions, 'chunkSize'> {
  /** How many parts; without it one for each worker of the pool. */
  readonly partitions?: number;
}

/**
 * Calls the function with each row. The results are in the order of the rows. After
 * `DataFrame.apply(…, axis=1)` of pandas.
 * @throws TypeError at once for what is not a table, or for a function that cannot run elsewhere.
 *   @throws (fails with) the first error.
 * @example
 * import { tableFromArrays } from 'apache-arrow';
 * const sizes = tableFromArrays({ width: Float64Array.of(2, 3), height: Float64Array.of(5, 7) });
 * await mapRows(sizes, ({ width, height }) => width * height); // → [10, 21]
 */
export function mapRows<T extends TypeMap, R>(
  table: Table<T>,
  fn: (row: Row<T>) => R,
  options: FrameOptions = {},
): Future<CallResult<R>[]> {
  const source = sliceableTable(checkTable(table, 'mapRows()'), 'rows');
  return mapInPool(fn, { api: 'mapRows()', mode: MODE.map, source, decoder }, options);
}

/**
 * Calls the function with each column, a Vector. The results have the names of the columns. After
 * `DataFrame.apply` of pandas.
 * @throws TypeError at once for what is not a table, or for a function that cannot run elsewhere.
 *   @throws (fails with) the first error.
 * @example
 * import { tableFromArrays } from 'apache-arrow';
 * const sizes = tableFromArrays({ width: Float64Array.of(2, 3), height: Float64Array.of(5, 7) });
 * await mapColumns(sizes, (column) => Math.max(...column)); // → { width: 3, height: 7 }
 */
export function mapColumns<T extends TypeMap, R>(
  table: Table<T>,
  fn: (column: Vector<T[keyof T]>) => R,
  options: FrameOptions = {},
): Future<Record<keyof T & string, CallResult<R>>> {
  const source = sliceableTable(checkTable(table, 'mapColumns()'), 'columns');
  const names = table.schema.fields.map(({ name }) => name as string);
  const finish = (results: ArrayLike<unknown>): unknown =>
    Object.fromEntries(names.map((name, i) => [name, results[i]]));
  const request = { api: 'mapColumns()', mode: MODE.map, source, decoder, finish };
  return mapInPool(fn, request, { chunkSize: 1, ...options });
}

/**
 * Calls the function with each of some parts of the table. The parts are tables, and their numbers
 * of rows differ by one at the most. The results are in the order of the parts; a Table comes back
 * as a Table. After `Pool.map` over `numpy.array_split` of a frame.
 * @throws TypeError or RangeError at once, naming the wrong argument or option.
 *   @throws (fails with) the first error.
 * @example
 * import { tableFromArrays } from 'apache-arrow';
 * const sizes = tableFromArrays({ width: Float64Array.of(2, 3, 4, 5, 6) });
 * await mapPartitions(sizes, (part) => part.numRows, { partitions: 2 }); // → [3, 2]
 */
export function mapPartitions<T extends TypeMap, R>(
  table: Table<T>,
  fn: (part: Table<T>) => R,
  options: PartitionOptions = {},
): Future<CallResult<R>[]> {
  const api = 'mapPartitions()';
  const source = sliceableTable(checkTable(table, api), 'table');
  const { partitions } = options;
  if (partitions !== undefined) checkInteger(partitions, api, 'partitions', 1);
  const finish = (results: ArrayLike<unknown>): unknown => Array.from(results, decodeResult);
  const request = { api, mode: MODE.wholeChunk, source, decoder, finish };
  return mapInPool(fn, request, options, (size) => evenPartitions(source.length, partitions ?? size));
}

/**
 * Cuts the rows into parts; the first ones get one row more when the rows cannot be cut evenly.
 * @returns where the part ends that begins there.
 */
function evenPartitions(rows: number, parts: number): (from: number) => number {
  const smallSize = Math.floor(rows / parts);
  const largeParts = rows % parts;
  const largeEnd = largeParts * (smallSize + 1);
  return (from) => from + (from < largeEnd ? smallSize + 1 : Math.max(1, smallSize));
}

/** @param chunkEnds makes `chunkEnd` of the request, for a pool of that size. */
function mapInPool<R>(
  fn: AnyFunction,
  request: SliceableMapRequest,
  options: FrameOptions,
  chunkEnds?: (size: number) => (from: number) => number,
): Future<R> {
  const { pool = new Pool({ name: request.api }), ...mapOptions } = options;
  const isOwnPool = options.pool === undefined;
  try {
    const chunkEnd = chunkEnds?.(pool.size);
    const sized = chunkEnd === undefined ? request : { ...request, chunkEnd };
    const result = pool.mapSliceable<R>(fn, sized, mapOptions);
    if (isOwnPool) result.onDone(() => pool.terminate());
    return result;
  } catch (error) {
    if (isOwnPool) pool.terminate();
    throw error;
  }
}

/** Accepts a Table of any copy of the package, as `instanceof` does. @throws TypeError else. */
function checkTable<T extends TypeMap>(table: Table<T>, api: string): Table<T> {
  if (table instanceof Table) return table;
  const given = table === null ? 'null' : typeof table === 'object' ? 'another object' : typeof table;
  throw new TypeError(`${api} needs a Table of apache-arrow, not ${given}`);
}
