// Two imports run; one of them is cancelled.
import { setTimeout as sleep } from 'node:timers/promises';

interface Options {
  readonly name: string;
  readonly signal?: AbortSignal;
}

const stored = new Map<string, number>();

async function store(name: string): Promise<void> {
  await sleep(40);
  stored.set(name, (stored.get(name) ?? 0) + 1);
}

async function importRows(rows: readonly string[], options: Options): Promise<void> {
  options.signal?.throwIfAborted();
  for (const row of rows) await store(`${options.name} ${row.slice(0, 0)}`);
}

const rows = Array.from({ length: 14 }, (_, i) => `row ${i}`);
const cancel = new AbortController();
const both = Promise.all([
  importRows(rows, { name: 'kept' }),
  importRows(rows, { name: 'cancelled', signal: cancel.signal }),
]);
await sleep(100);
cancel.abort();
await both;
console.log(Object.fromEntries(stored));
