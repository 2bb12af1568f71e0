/**
 * A table as workers get it: once in Arrow's own format, in memory that threads share. Every worker then has views of the same columns; nothing
 * is copied into it but where it is to look. Processes share no memory: each gets a copy of its own piece, and of nothing else.
 */
import { type Table, tableToIPC } from 'apache-arrow';
import type { Sliceable } from '../pool/chunks.ts';
import type { EncodedChunk } from '../transport/messages.ts';

/** What a piece becomes in the worker: one row after the other, one column after the other, or a table. */
export type TableSliceKind = 'rows' | 'columns' | 'table';

export interface TableSlice {
  readonly kind: TableSliceKind;
  readonly bytes: Uint8Array;
  /** Tells tables of one program apart; 0: the bytes are of this piece alone. */
  readonly table: number;
  readonly from: number;
  readonly to: number;
}

interface Memory {
  readonly bytes: Uint8Array;
  readonly table: number;
}

const memories = new WeakMap<Table, Memory>();
let lastTable = 0;

/** Rows, or columns, that cut themselves into pieces. */
export function sliceableTable(table: Table, kind: TableSliceKind): Sliceable {
  return {
    length: kind === 'columns' ? table.numCols : table.numRows,
    sliceItems: (from, to, shares): EncodedChunk => {
      const packed: TableSlice = shares
        ? { kind, ...memoryOf(table), from, to }
        : ownPiece(table, kind, from, to);
      return { length: to - from, packed };
    },
  };
}

/** In the order of Arrow's format a table lies in one block, which is copied into shared memory once. */
function memoryOf(table: Table): Memory {
  let memory = memories.get(table);
  if (memory === undefined) {
    const written = tableToIPC(table);
    const bytes = new Uint8Array(new SharedArrayBuffer(written.byteLength));
    bytes.set(written);
    memories.set(table, (memory = { bytes, table: ++lastTable }));
  }
  return memory;
}

function ownPiece(table: Table, kind: TableSliceKind, from: number, to: number): TableSlice {
  const columns = Array.from({ length: to - from }, (_, i) => from + i);
  const piece = kind === 'columns' ? table.selectAt(columns) : table.slice(from, to);
  return { kind, bytes: tableToIPC(piece), table: 0, from: 0, to: to - from };
}
