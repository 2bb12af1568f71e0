/**
 * A table of measurements is worked on in parallel in three ways: by row, by column, and in parts
 * that are tables themselves.
 *
 * What to look for: the number of chunks, the rows (or columns) of each, and how evenly the two
 * workers were busy. The columns are in memory that both workers see; none is copied to them.
 */
import { type Table, tableFromArrays } from 'apache-arrow';
import { isMain, Pool, run } from 'simul';
import { mapColumns, mapPartitions, mapRows } from 'simul/frames';

export function area({ width, height }: { width: number; height: number }): number {
  return width * height;
}

export function mean(column: Iterable<number | null>): number {
  let sum = 0;
  let count = 0;
  for (const value of column) {
    sum += value ?? 0;
    count++;
  }
  return sum / count;
}

export function tallest(part: Table): number {
  return Math.max(...(part.getChild('height') as Iterable<number>));
}

if (isMain) {
  const sizes = tableFromArrays({
    width: Float64Array.from({ length: 10_000 }, (_, i) => i % 100),
    height: Float64Array.from({ length: 10_000 }, (_, i) => (i * 7) % 1000),
  });
  await run(async function main() {
    const pool = new Pool({ size: 2, name: 'frames' });
    const areas = await mapRows(sizes, area, { pool });
    console.log(`by row: ${areas.length} areas, the last is ${areas.at(-1)}`);
    const means = await mapColumns(sizes, mean, { pool });
    console.log(`by column: the mean width is ${means.width}, the mean height ${means.height}`);
    const highest = await mapPartitions(sizes, tallest, { pool, partitions: 4 });
    console.log(`in parts: the tallest of each is ${highest.join(', ')}`);
    pool.close();
    await pool.join();
  });
}
