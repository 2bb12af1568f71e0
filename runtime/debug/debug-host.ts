/** What a session needs of the machine: it opens recordings and reads sources. */
import type { DebugRecording } from './recording.ts';
import type { SourceFiles } from './places.ts';

export interface OpeningEvents {
  /** 0 to 1. */
  onProgress(share: number): void;
  /** Everything that is there by now has been folded. */
  onUpdate(): void;
  /** Records were let go of before they were read: what was folded has a gap. */
  onLetGo(): void;
  /** It cannot be opened, in one sentence. */
  onRefusal(words: string): void;
}

export interface OpenedRecording {
  stop(): void;
}

export interface DebugHost {
  /** Folds a saved trace or a recording, and goes on while that grows. It calls back later. */
  open(path: string, recording: DebugRecording, events: OpeningEvents): OpenedRecording;
  /** @param folders whose files may be read */
  files(folders: readonly string[]): SourceFiles;
  /** A monotonic clock. */
  nowMs(): number;
}
