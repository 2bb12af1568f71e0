/**
 * Reads a recording or a saved trace several times over, each time the same records: what the
 * program writes after the first time is left out, and the follower may let go of nothing in
 * between.
 */
import type { PartHead } from '../trace/format/part.ts';
import { holdFiles, type HeldFiles } from './held-files.ts';
import { readSavedTrace } from './read-saved-trace.ts';
import { readRecording, type RecordingSink } from './read-recording.ts';

export interface Passes {
  /** @returns the heads of the parts; null: damaged, and reported as trouble */
  read(sink: RecordingSink): readonly (PartHead | null)[];
  close(): void;
}

/** Of a saved trace, which does not change. */
export class SavedPasses implements Passes {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  read(sink: RecordingSink): readonly (PartHead | null)[] {
    const heads: (PartHead | null)[] = [];
    const refusal = readSavedTrace(this.#path, {
      ...sink,
      onPart: (part, head) => {
        while (heads.length < part) heads.push(null);
        heads[part] = head;
        sink.onPart?.(part, head);
      },
    });
    if (refusal !== null) sink.onTrouble(refusal);
    return heads;
  }

  close(): void {}
}

export class RecordPasses implements Passes {
  readonly #folder: string;
  readonly #held: HeldFiles | null;
  /** Bytes of each part's records; null: not read yet. */
  #lengths: Map<number, number> | null = null;

  constructor(folder: string) {
    this.#folder = folder;
    this.#held = holdFiles(folder);
  }

  read(sink: RecordingSink): readonly (PartHead | null)[] {
    const lengths = new Map<number, number>();
    const most = this.#lengths;
    const heads = readRecording(
      this.#folder,
      {
        ...sink,
        onRecords: (part, block) => {
          const before = lengths.get(part) ?? 0;
          const known = most === null ? block : block.subarray(0, (most.get(part) ?? 0) - before);
          lengths.set(part, before + known.length);
          if (known.length > 0) sink.onRecords(part, known);
        },
      },
      this.#held,
    );
    this.#lengths ??= lengths;
    return heads;
  }

  close(): void {
    this.#held?.release();
  }
}
