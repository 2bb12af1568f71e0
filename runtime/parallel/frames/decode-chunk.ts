/**
 * The worker's end of a table: a slice of it as rows, columns or a table, over the memory that was
 * sent; and how a table travels back as a result.
 */
import { Table, tableFromIPC, tableToIPC } from 'apache-arrow';
import type { FunctionReference } from '../functions/function-reference.ts';
import type { DecodedChunk } from '../transport/messages.ts';
import type { TableSlice } from './table-memory.ts';

const ENCODED = 'simul:table';
/** A table that is a function's result. */
interface EncodedTable {
  readonly [ENCODED]: Uint8Array;
}

/** The table that was decoded last: its slices come one after the other. */
let last: { readonly number: number; readonly table: Table } | null = null;

/** @internal */
export function decodeSlice(encoded: unknown): DecodedChunk {
  const { kind, bytes, table: number, from, to } = encoded as TableSlice;
  const table = last !== null && number !== 0 && last.number === number ? last.table : tableFromIPC(bytes);
  last = number === 0 ? null : { number, table };
  if (kind === 'columns') return { items: itemsBetween(from, to, (i) => table.getChildAt(i)) };
  if (kind === 'rows') return { items: itemsBetween(from, to, (i) => table.get(i)) };
  const slice = from === 0 && to === table.numRows ? table : table.slice(from, to);
  return { items: [slice], encodeResult };
}

/** How the worker finds `decodeSlice`, wherever this module is in a bundle. */
export const decoder: FunctionReference = {
  url: import.meta.url,
  name: decodeSlice.name,
  text: String(decodeSlice),
};

function itemsBetween(from: number, to: number, itemAt: (i: number) => unknown): unknown[] {
  return Array.from({ length: to - from }, (_, i) => itemAt(from + i));
}

/** A table that is a result travels as bytes: a clone of it would not be a table. */
function encodeResult(result: unknown): unknown {
  return result instanceof Table ? ({ [ENCODED]: tableToIPC(result) } satisfies EncodedTable) : result;
}

/** In the thread that asked: what `encodeResult` was given. */
export function decodeResult(result: unknown): unknown {
  if (typeof result !== 'object' || result === null || !(ENCODED in result)) return result;
  return tableFromIPC((result as EncodedTable)[ENCODED]);
}
