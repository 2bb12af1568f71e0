/** Remembers, over a reload of the window, which recording the panel showed. What is stored is looked at before it is believed. */
import { readdirSync } from 'node:fs';
import type { Memento } from 'vscode';
import { parsePartName } from '../../runtime/trace/format/part.ts';

export interface Recorded {
  readonly name: string;
  readonly folder: string;
  /** Folders whose files the trace may open unasked. */
  readonly folders: readonly string[];
}

const KEY = 'simul.lastRecording';

export class LastRecording {
  readonly #state: Memento;

  constructor(state: Memento) {
    this.#state = state;
  }

  write(recorded: Recorded): void {
    void this.#state.update(KEY, recorded);
  }

  /** null: none, or it is not there any more. */
  read(): Recorded | null {
    const value: unknown = this.#state.get(KEY);
    if (typeof value !== 'object' || value === null) return null;
    const { name, folder, folders } = value as Record<string, unknown>;
    if (typeof name !== 'string' || typeof folder !== 'string' || !Array.isArray(folders)) return null;
    if (!holdsParts(folder)) return null;
    return { name, folder, folders: folders.filter((one) => typeof one === 'string') };
  }
}

function holdsParts(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => parsePartName(name) !== null);
  } catch {
    return false;
  }
}
