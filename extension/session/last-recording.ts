/** Remembers the panel's recording over a reload of the window. Stored values are checked. */
import { readdirSync } from 'node:fs';
import type { Memento } from 'vscode';
import { parsePartName } from '../../runtime/trace/format/part.ts';

export interface RecordingInfo {
  readonly name: string;
  readonly folder: string;
  /** Folders whose files the trace may open without asking. */
  readonly folders: readonly string[];
}

const KEY = 'simul.lastRecording';

export class LastRecording {
  readonly #state: Memento;

  constructor(state: Memento) {
    this.#state = state;
  }

  store(recording: RecordingInfo): void {
    void this.#state.update(KEY, recording);
  }

  /** null: there was none, or its files are gone. */
  load(): RecordingInfo | null {
    const value: unknown = this.#state.get(KEY);
    if (typeof value !== 'object' || value === null) return null;
    const { name, folder, folders } = value as Record<string, unknown>;
    if (typeof name !== 'string' || typeof folder !== 'string' || !Array.isArray(folders)) return null;
    if (!holdsParts(folder)) return null;
    return { name, folder, folders: folders.filter((path) => typeof path === 'string') };
  }
}

function holdsParts(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => parsePartName(name) !== null);
  } catch {
    return false;
  }
}
