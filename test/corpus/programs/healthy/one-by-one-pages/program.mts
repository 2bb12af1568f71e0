// Pages of a list: each tells where the next begins.
import { setTimeout as delay } from 'node:timers/promises';

interface Page {
  readonly items: readonly number[];
  readonly next: number | null;
}
async function fetchPage(cursor: number): Promise<Page> {
  await delay(25);
  return { items: [cursor, cursor + 1], next: cursor < 10 ? cursor + 2 : null };
}
async function all(): Promise<number[]> {
  const items: number[] = [];
  for (let cursor: number | null = 0; cursor !== null;) {
    const page: Page = await fetchPage(cursor);
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}
console.log((await all()).length);
