/**
 * A table in the form in which workers get it: in Arrow's own format, once, in memory that threads
 * share. Every worker then has views of the same columns, and no worker copies them. Processes
 * share no memory: each gets a copy of its own slice, and of nothing else.
 */
import { type Table, tableToIPC } from 'apache-arrow';
import type { Sliceable } from '../pool/chunks.ts';
import type { EncodedChunk } from '../transport/messages.ts';

/** What a slice becomes in the worker: its rows one by one, its columns one by one, or a table. */
export type TableSliceKind = 'rows' | 'columns' | 'table';

export interface TableSlice {
  readonly kind: TableSliceKind;
  readonly bytes: Uint8Array;
  /** Number of the table that `bytes` holds; 0: `bytes` holds this slice alone. */
  readonly table: number;
  /** Rows, or columns, of the table in `bytes`. */
  readonly from: number;
  readonly to: number;
}

interface TableMemory {
  readonly bytes: Uint8Array;
  readonly table: number;
}

const memories = new WeakMap<Table, TableMemory>();
let lastTable = 0;

/** A table whose rows or columns encode themselves in slices. */
export function sliceableTable(table: Table, kind: TableSliceKind): Sliceable {
  return {
    length: kind === 'columns' ? table.numCols : table.numRows,
    encodeSlice: (from, to, sharesMemory): EncodedChunk => {
      const encoded: TableSlice = sharesMemory
        ? { kind, ...shareTable(table), from, to }
        : copySlice(table, kind, from, to);
      return { length: to - from, encoded };
    },
  };
}

/** In Arrow's format a table is one block of memory, which is copied into shared memory once. */
function shareTable(table: Table): TableMemory {
  let memory = memories.get(table);
  if (memory === undefined) {
    const ipc = tableToIPC(table);
    const bytes = new Uint8Array(new SharedArrayBuffer(ipc.byteLength));
    bytes.set(ipc);
    memories.set(table, (memory = { bytes, table: ++lastTable }));
  }
  return memory;
}

function copySlice(table: Table, kind: TableSliceKind, from: number, to: number): TableSlice {
  const indices = Array.from({ length: to - from }, (_, i) => from + i);
  const slice = kind === 'columns' ? table.selectAt(indices) : table.slice(from, to);
  return { kind, bytes: tableToIPC(slice), table: 0, from: 0, to: to - from };
}
