/**
 * Traces that this window has made of several: where they lie until the user saves them, and what
 * they were made of, since a merged trace is made anew when another recording comes to it. The
 * oldest go when there are too many.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { Memento } from 'vscode';

const KEY = 'simul.mergedTraces';
const MAX_KEPT = 10;
const MAX_NAME = 80;

export class MergedTraces {
  readonly #folder: string;
  readonly #state: Memento;

  /** @param folder of the extension's storage */
  constructor(folder: string, state: Memento) {
    this.#folder = join(folder, 'merged');
    this.#state = state;
  }

  /** The recordings and files that a merged trace was made of; of any other: itself alone. */
  sourcesOf(path: string): readonly string[] {
    return this.#load()[path] ?? [path];
  }

  has(path: string): boolean {
    return this.#load()[path] !== undefined;
  }

  /**
   * A place for a new one, in a folder of its own; the oldest ones go.
   * @param isOpen asked of those that may go
   */
  makePlace(names: readonly string[], isOpen: (file: string) => boolean): string {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const known = readdirSync(this.#folder)
      .map(Number)
      .filter((number) => Number.isSafeInteger(number))
      .sort((a, b) => a - b);
    const closed = known
      .map((number) => join(this.#folder, String(number)))
      .filter((at) => !readdirSync(at).some((name) => isOpen(join(at, name))));
    for (const at of closed.slice(0, Math.max(0, closed.length - MAX_KEPT + 1)))
      rmSync(at, { recursive: true, force: true });
    const folder = join(this.#folder, String((known.at(-1) ?? 0) + 1));
    mkdirSync(folder, { mode: 0o700 });
    return join(folder, `${fileNameOf(names)}.simul`);
  }

  /** It is made. */
  note(file: string, sources: readonly string[]): void {
    const known = Object.entries(this.#load()).filter(([path]) => existsSync(path));
    void this.#state.update(KEY, Object.fromEntries([...known, [file, sources]]));
  }

  /** It could not be made. */
  release(file: string): void {
    rmSync(dirname(file), { recursive: true, force: true });
  }

  /** Stored values are checked. */
  #load(): Readonly<Record<string, readonly string[]>> {
    const value: unknown = this.#state.get(KEY);
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter(
        (entry): entry is [string, string[]] =>
          Array.isArray(entry[1]) && entry[1].every((path) => typeof path === 'string'),
      ),
    );
  }
}

/** `shop.ts + worker.py` */
function fileNameOf(names: readonly string[]): string {
  const short = names.map((name) => (extname(name) === '.simul' ? basename(name, '.simul') : basename(name)));
  return short
    .join(' + ')
    .replaceAll(/[^\p{L}\p{N} .+_-]/gu, '-')
    .slice(0, MAX_NAME);
}
