/** The functions that the tests of frames call in workers. */
import type { Table, Vector } from 'apache-arrow';

export function sumOfRow({ a, b }: { a: number; b: number }): number {
  return a * 1000 + b;
}

export function labelOf({ word }: { word: string | null }): string {
  return word?.toUpperCase() ?? 'none';
}

export function total(column: Iterable<number | null>): number {
  let sum = 0;
  for (const value of column) sum += value ?? 0;
  return sum;
}

export function rowsOf(part: Table): number {
  return part.numRows;
}

export function isSharedColumn(column: Vector): boolean {
  return column.data[0]!.values.buffer instanceof SharedArrayBuffer;
}

export function firstHalf(part: Table): Table {
  return part.slice(0, part.numRows / 2);
}

export function fails({ a }: { a: number }): number {
  if (a === 7) throw new RangeError('seven is too much');
  return a;
}
