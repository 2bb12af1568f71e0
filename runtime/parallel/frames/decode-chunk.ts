/** The worker's end of a table: a piece of it as rows, columns or a table, over the memory that was sent. */
import { Table, tableFromIPC, tableToIPC } from 'apache-arrow';
import type { Decoded } from '../transport/messages.ts';
import type { FunctionReference } from '../functions/function-reference.ts';
import type { TableSlice } from './table-memory.ts';

const ENCODED = 'simul:table';
/** A table that came back. */
interface EncodedTable {
  readonly [ENCODED]: Uint8Array;
}

/** The one that was opened last: its chunks come one after the other. */
let last: { readonly number: number; readonly table: Table } | null = null;

/** @internal */
export function decodeSlice(packed: unknown): Decoded {
  const { kind, bytes, table: number, from, to } = packed as TableSlice;
  const table = last !== null && number !== 0 && last.number === number ? last.table : tableFromIPC(bytes);
  last = number === 0 ? null : { number, table };
  if (kind === 'columns') return { items: items(from, to, (i) => table.getChildAt(i)) };
  if (kind === 'rows') return { items: items(from, to, (i) => table.get(i)) };
  return { items: [from === 0 && to === table.numRows ? table : table.slice(from, to)], pack: encodeResult };
}

/** How the worker finds it, wherever this module ends up in a bundle. */
export const decoder: FunctionReference = {
  url: import.meta.url,
  name: decodeSlice.name,
  text: String(decodeSlice),
};

function items(from: number, to: number, at: (i: number) => unknown): unknown[] {
  return Array.from({ length: to - from }, (_, i) => at(from + i));
}

/** A table as a result goes as bytes: a clone of it would be none. */
function encodeResult(result: unknown): unknown {
  return result instanceof Table ? ({ [ENCODED]: tableToIPC(result) } satisfies EncodedTable) : result;
}

/** In the thread that asked. */
export function decodeResult(result: unknown): unknown {
  if (typeof result !== 'object' || result === null || !(ENCODED in result)) return result;
  return tableFromIPC((result as EncodedTable)[ENCODED]);
}
