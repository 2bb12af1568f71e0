/**
 * Programs that are run beside each other: most of them wait nearly all of their time, and two have
 * a processor each. Not for what measures how fast something is.
 */

/** Runs for each item, `limit` at a time. @returns the results in the order of the items */
export async function atOnce<T, R>(
  items: readonly T[],
  run: (item: T) => Promise<R>,
  limit = 3,
): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of left) results[index] = await run(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
