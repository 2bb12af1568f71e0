/**
 * Emitted texts by the hash of everything they depend on, one file each: a line of JSON, then the
 * text. Each is written under another name and renamed, so a reader sees a whole file or none. A
 * file that does not parse is a miss.
 *
 * The folder is bounded: at most once an hour, the entries unused for longest are removed until
 * three quarters of the limit are left.
 */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const MAX_BYTES = 64 * 1024 * 1024;
const SWEEP_INTERVAL_MS = 60 * 60 * 1000;
const TOUCH_INTERVAL_MS = 24 * 60 * 60 * 1000;

export interface CacheEntry {
  readonly outcome: 'instrumented' | 'unchanged' | 'refused';
  /** Why it was refused; otherwise the kind of module it is. */
  readonly why: string;
  /**
   * Mappings (as in a source map) from the emitted text to the file on disk; '' unless
   * instrumented.
   */
  readonly positions: string;
  /** How many functions hold probes; 0 where only types were removed. */
  readonly sites: number;
  readonly code: string;
}

export class CodeCache {
  readonly #folder: string;
  #isPrepared = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get(key: string): CacheEntry | null {
    try {
      const path = join(this.#folder, key);
      const text = readFileSync(path, 'utf8');
      const end = text.indexOf('\n');
      const { outcome, why, positions, sites, length } = JSON.parse(text.slice(0, end)) as Record<
        string,
        unknown
      >;
      const code = text.slice(end + 1);
      if (code.length !== length || typeof positions !== 'string' || typeof why !== 'string') return null;
      if (typeof sites !== 'number') return null;
      if (outcome !== 'instrumented' && outcome !== 'unchanged' && outcome !== 'refused') return null;
      touch(path);
      return { outcome, why, positions, sites, code };
    } catch {
      return null;
    }
  }

  put(key: string, { outcome, why, positions, sites, code }: CacheEntry): void {
    try {
      if (!this.#isPrepared) this.#prepare();
      const path = join(this.#folder, key);
      const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
      writeFileSync(
        draft,
        `${JSON.stringify({ outcome, why, positions, sites, length: code.length })}\n${code}`,
        {
          mode: 0o600,
        },
      );
      renameSync(draft, path);
    } catch {
      // The disk is full or read-only: the next run instruments anew.
    }
  }

  #prepare(): void {
    this.#isPrepared = true;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const marker = join(this.#folder, 'swept');
    const sweptMs = statSync(marker, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - sweptMs < SWEEP_INTERVAL_MS) return;
    writeFileSync(marker, '', { mode: 0o600 });
    sweep(this.#folder);
  }
}

function sweep(folder: string): void {
  const entries = readdirSync(folder)
    .filter((name) => name !== 'swept')
    .flatMap((name) => {
      const path = join(folder, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat?.isFile() ? [{ path, bytes: stat.size, usedMs: stat.mtimeMs }] : [];
    })
    .sort((a, b) => a.usedMs - b.usedMs);
  let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= MAX_BYTES) return;
  for (const { path, bytes } of entries) {
    if (total <= MAX_BYTES * 0.75) return;
    rmSync(path, { force: true });
    total -= bytes;
  }
}

/** Keeps a used entry from growing old, with one write a day. */
function touch(path: string): void {
  const now = Date.now();
  if (now - statSync(path).mtimeMs > TOUCH_INTERVAL_MS) utimesSync(path, now / 1000, now / 1000);
}
