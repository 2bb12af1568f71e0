/**
 * Follows a recording: every part in its folder, from the beginning, as it grows and as
 * new processes appear. Polling, because no watcher tells of an append on every platform
 * sooner than a poll would. The files are the queue: whoever cannot take more says so and reads on later.
 *
 * It holds one buffer, however large the recording. It writes nothing and listens on nothing.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RECORD_BYTES } from '../trace/format/layout.ts';
import { parsePartName, type PartHead } from '../trace/format/part.ts';
import { isAlive } from './is-process-alive.ts';
import { PartTail, type Reading } from './part-tail.ts';
import { describeIoError } from './describe-io-error.ts';

export interface FollowOptions {
  /**
   * Whole records of one part. The bytes are lent: they are overwritten after the call.
   * Answer `false` to be given nothing more until `resume()`.
   */
  onBlock(part: number, records: Uint8Array): void | false;
  /** What was read so far is all there is at this moment; after each round that gave something. */
  onCaughtUp?(): void;
  /** Everything was given, and every process has ended or `finish` was called. Once, and last. */
  onEnd?(): void;
  /** A sentence about a file that is damaged, newer or gone. */
  onTrouble?(words: string): void;
  /**
   * `processes` (the default): it ends when every process that was seen is gone. `finish`: only
   * when told, by somebody who knows; a program's children may begin after their parent's end.
   */
  readonly endsWith?: 'processes' | 'finish';
  /** Default 10. */
  readonly pollMs?: number;
  /** Records in one block at most; default 16,384 (512 KiB). */
  readonly blockRecords?: number;
}

export interface Following {
  /** Heads of the parts found so far, by part number; null: not read yet. */
  heads(): readonly (PartHead | null)[];
  /** Goes on after `onBlock` answered false. */
  resume(): void;
  /** Nothing more will be written: gives the rest (as far as it is taken), then `onEnd`. */
  finish(): void;
  /** Gives nothing more and closes all files; no `onEnd`. */
  stop(): void;
}

/** After so long the event loop gets its turn, however much there is to read. */
const ROUND_MS = 12;

export function follow(folder: string, options: FollowOptions): Following {
  const parts = new PartsOfFolder(folder, (words) => options.onTrouble?.(words));
  let held = false;
  let finishing = false;
  let over = false;
  let timer: NodeJS.Timeout | NodeJS.Immediate | null = null;
  const reading: Reading = {
    buffer: new Uint8Array((options.blockRecords ?? 16_384) * RECORD_BYTES),
    give: (part, records) => {
      if (options.onBlock(part, records) === false) held = true;
    },
    trouble: (words) => options.onTrouble?.(words),
    nowMs: () => performance.now(),
  };

  schedule(0);
  return {
    heads: () => parts.tails.map((tail) => tail.head),
    resume: () => {
      if (!held) return;
      held = false;
      schedule(0);
    },
    finish: () => {
      finishing = true;
      schedule(0);
    },
    stop: () => {
      over = true;
      cancel();
      parts.close();
    },
  };

  function schedule(ms: number): void {
    cancel();
    if (over || held) return;
    timer = ms === 0 ? setImmediate(round) : setTimeout(round, ms);
  }

  function cancel(): void {
    if (timer === null) return;
    clearTimeout(timer as NodeJS.Timeout);
    clearImmediate(timer as NodeJS.Immediate);
    timer = null;
  }

  function round(): void {
    timer = null;
    // Known before the reading: what a process wrote before it ended is then in the files.
    const last = finishing || (options.endsWith !== 'finish' && parts.allEnded());
    const outcome = readRound(last);
    if (over || held) return;
    if (outcome.more) return schedule(0);
    if (outcome.gave) options.onCaughtUp?.();
    if (!last) return schedule(options.pollMs ?? 10);
    over = true;
    parts.close();
    options.onEnd?.();
  }

  function readRound(last: boolean): { readonly gave: boolean; readonly more: boolean } {
    const untilMs = performance.now() + ROUND_MS;
    let gave = false;
    parts.list(last);
    for (const tail of parts.tails) {
      while (tail.read(reading, last)) {
        gave = true;
        if (held || over) return { gave, more: false };
        if (performance.now() > untilMs) return { gave, more: true };
      }
    }
    return { gave, more: false };
  }
}

/** The parts in a folder, in the order of their beginning as far as one look tells. */
export class PartsOfFolder {
  readonly tails: PartTail[] = [];
  readonly #folder: string;
  readonly #trouble: (words: string) => void;
  readonly #bySeries = new Map<string, { readonly tail: PartTail; next: number }>();
  #listedMtimeMs = -1;
  #quietSinceMs = 0;
  #told = false;

  constructor(folder: string, trouble: (words: string) => void) {
    this.#folder = folder;
    this.#trouble = trouble;
  }

  /** Looks for new parts and segments. @param thorough also when the folder's time says that nothing is new */
  list(thorough: boolean): void {
    try {
      const { mtimeMs } = statSync(this.#folder);
      // The clock of a file system ticks in milliseconds: a change within the same tick is looked for a while longer.
      if (mtimeMs !== this.#listedMtimeMs) this.#quietSinceMs = performance.now();
      else if (!thorough && performance.now() - this.#quietSinceMs > 100) return;
      this.#listedMtimeMs = mtimeMs;
      this.#take(readdirSync(this.#folder));
    } catch (error) {
      if (!this.#told)
        this.#trouble(`the recording ${this.#folder} cannot be read: ${describeIoError(error)}`);
      this.#told = true;
    }
  }

  /** Every process that was seen has said so or is gone; false while none was seen. */
  allEnded(): boolean {
    return (
      this.tails.length > 0 &&
      this.tails.every((tail) => tail.ended || (tail.head && !isAlive(tail.head.pid)))
    );
  }

  close(): void {
    for (const tail of this.tails) tail.close();
  }

  #take(names: readonly string[]): void {
    const found = names
      .map((name) => ({ name, it: parsePartName(name) }))
      .filter((entry) => entry.it !== null)
      .map(({ name, it }) => ({ name, series: it!.series, segment: it!.segment }))
      .sort((a, b) => startOf(a.series) - startOf(b.series) || a.segment - b.segment);
    for (const { name, series, segment } of found) {
      let known = this.#bySeries.get(series);
      if (known === undefined) {
        known = { tail: new PartTail(this.tails.length), next: segment };
        this.#bySeries.set(series, known);
        this.tails.push(known.tail);
        if (segment > 0) this.#trouble(`${series}: its first ${segment} segments are missing`);
      }
      if (segment < known.next) continue;
      if (segment > known.next)
        this.#trouble(`${series}: segments ${known.next} to ${segment - 1} are missing`);
      known.next = segment + 1;
      known.tail.addSegment(join(this.#folder, name));
    }
  }
}

const startOf = (series: string): number => Number.parseInt(series.slice(series.indexOf('-') + 1), 16);
