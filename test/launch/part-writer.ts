/** Part files for tests, written as an agent writes them: a head, then records. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'mocha';
import { KIND } from '../../runtime/trace/format/kinds.ts';
import { head, RECORD_BYTES, RECORD_WORDS } from '../../runtime/trace/format/layout.ts';
import { encodePartHead, partName } from '../../runtime/trace/format/part.ts';

/** No process has this number: Linux's highest is 2²². */
export const DEAD_PID = 0x7ffffff0;

export interface TestPart {
  readonly path: string;
  /** Whole records, or any bytes. */
  append(...bytes: readonly Uint8Array[]): void;
}

export function newPart(folder: string, { pid = DEAD_PID, startNs = 1000n, segment = 0 } = {}): TestPart {
  const path = join(folder, partName(pid, startNs, segment));
  writeFileSync(path, encodePartHead({ pid, segment, startNs, wallNs: 5n, language: 1 }));
  return { path, append: (...bytes) => bytes.forEach((piece) => appendFileSync(path, piece)) };
}

export function record(
  kind: number,
  t: number,
  task = 0,
  [a = 0, b = 0, c = 0, d = 0]: readonly number[] = [],
  flags = 0,
): Uint8Array {
  const words = new Uint32Array(RECORD_WORDS);
  words.set([t, 0, task, a, b, c, d, head(kind, flags, 0)]);
  return new Uint8Array(words.buffer);
}

export const hole = (records: number): Uint8Array => new Uint8Array(records * RECORD_BYTES);
export const begin = (t: number, id: number, parent = 0): Uint8Array =>
  record(KIND.activationBegin, t, id, [parent], 1);
export const end = (t: number, id: number): Uint8Array => record(KIND.activationEnd, t, id, [], 1);
export const processEnd = (t: number): Uint8Array => record(KIND.processEnd, t, 0, [0], 1);

/** The kinds and times of records, as text: "activationBegin@5". */
export function describeRecords(records: Uint8Array): string[] {
  const names = new Map<number, string>(Object.entries(KIND).map(([name, kind]) => [kind, name]));
  const words = new Uint32Array(records.slice().buffer);
  const lines: string[] = [];
  for (let w = 0; w < words.length; w += RECORD_WORDS) {
    const kind = names.get(words[w + 7]! >>> 24) ?? 'nothing';
    lines.push(kind === 'lost' ? `lost ${words[w + 3]}@${words[w]}` : `${kind}@${words[w]}`);
  }
  return lines;
}

/** Makes folders that are removed after each test. */
export function temporaryFolders(): () => string {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'simul-test-'));
    folders.push(folder);
    return folder;
  };
}
