/**
 * The files of a recording as one listing found them, for a reader that looks at them once or
 * twice. The oldest are held open: the follower may let go of them meanwhile (keep-newest.ts), and
 * an open file stays readable.
 */
import { closeSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parsePartName, type PartName } from '../trace/format/part.ts';
import { ORDINARY_FILES, type PartFiles } from './part-tail.ts';

/** So many of each process: more are never let go of at once. */
const MAX_HELD_SEGMENTS = 24;
const MAX_HELD_FILES = 64;
/** The listing is made anew when a file was gone before it could be opened. */
const MAX_LISTINGS = 5;

export interface HeldFiles extends PartFiles {
  readonly names: readonly string[];
  release(): void;
}

export interface PartFileName extends PartName {
  readonly name: string;
}

/**
 * The files that count, in the order of their processes' start and of their segments: a checkpoint
 * stands for all segments up to its own.
 */
export function liveFiles(names: readonly string[]): PartFileName[] {
  const files: PartFileName[] = [];
  const keptUpTo = new Map<string, number>();
  for (const name of names) {
    const parsed = parsePartName(name);
    if (parsed === null) continue;
    files.push({ name, ...parsed });
    const { series, segment, isKept } = parsed;
    if (isKept && segment > (keptUpTo.get(series) ?? -1)) keptUpTo.set(series, segment);
  }
  return files
    .filter(({ series, segment, isKept }) => {
      const upTo = keptUpTo.get(series) ?? -1;
      return isKept ? segment === upTo : segment > upTo;
    })
    .sort((a, b) => startOfSeries(a.series) - startOfSeries(b.series) || a.segment - b.segment);
}

const startOfSeries = (series: string): number => Number.parseInt(series.slice(series.indexOf('-') + 1), 16);

/** Null: the folder cannot be listed. */
export function holdFiles(folder: string): HeldFiles | null {
  for (let listing = 1; ; listing++) {
    let files: PartFileName[];
    try {
      files = liveFiles(readdirSync(folder));
    } catch {
      return null;
    }
    const held = new Map<string, number>();
    const release = (): void => {
      for (const fd of held.values()) closeSync(fd);
      held.clear();
    };
    if (!holdOldest(folder, files, held) && listing < MAX_LISTINGS) {
      release();
      continue;
    }
    return {
      names: files.map(({ name }) => name),
      open: (path) => held.get(path) ?? ORDINARY_FILES.open(path),
      close: (fd) => {
        if (![...held.values()].includes(fd)) ORDINARY_FILES.close(fd);
      },
      release,
    };
  }
}

/** False: one is gone already. */
function holdOldest(folder: string, files: readonly PartFileName[], held: Map<string, number>): boolean {
  const counts = new Map<string, number>();
  for (const [i, { series, name }] of files.entries()) {
    const count = (counts.get(series) ?? 0) + 1;
    counts.set(series, count);
    // A process's only file is still written.
    if (count === 1 && files[i + 1]?.series !== series) continue;
    if (count > MAX_HELD_SEGMENTS || held.size >= MAX_HELD_FILES) continue;
    const path = join(folder, name);
    try {
      held.set(path, ORDINARY_FILES.open(path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      // What cannot be read is reported when it is.
    }
  }
  return true;
}
