/** The programs of test/programs/debugger, traced once, and their records as text. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'mocha';
import { readSavedTrace } from '../../runtime/launch/read-saved-trace.ts';
import { KIND } from '../../runtime/trace/format/kinds.ts';
import { kindOf, RECORD_WORDS, W } from '../../runtime/trace/format/layout.ts';
import { toText } from '../../runtime/trace/format/text.ts';
import { tree } from '../machine/tree.ts';

export const PROGRAMS = ['queue', 'lock', 'race', 'timers', 'workers', 'deadlock'] as const;
export type ProgramName = (typeof PROGRAMS)[number];

export const sourceOf = (name: ProgramName): string => join(tree, 'test/programs/debugger', `${name}.mts`);

/** @returns the trace of a program; it is made at the first call, and removed after the tests */
export function tracedPrograms(): (name: ProgramName) => string {
  const folder = mkdtempSync(join(tmpdir(), 'simul-debug-'));
  const traced = new Map<ProgramName, string>();
  after(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => {
    let file = traced.get(name);
    if (file !== undefined) return file;
    file = join(folder, `${name}.simul`);
    const args = [join(tree, 'dist/cli.js'), 'trace', '--quiet', '--out', file, sourceOf(name)];
    const env = { ...process.env, NODE_OPTIONS: '', SIMUL_RECORDINGS: join(folder, 'recordings') };
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    // A deadlock ends with Node's own status for it.
    if (status !== 0 && status !== 13) throw new Error(`${name} ended with ${status}: ${stderr}`);
    traced.set(name, file);
    return file;
  };
}

export interface TextRecord {
  readonly t: number;
  readonly kind: string;
  readonly id: number;
  readonly fields: ReadonlyMap<string, string>;
  /** 0: the record has no site. */
  readonly line: number;
}

/** The bytes of the one part of a trace. */
function partOf(file: string): Uint8Array {
  const parts = new Map<number, Buffer[]>();
  const refusal = readSavedTrace(file, {
    onRecords: (part, records) => void parts.set(part, [...(parts.get(part) ?? []), Buffer.from(records)]),
    onTrouble: (words) => {
      throw new Error(words);
    },
  });
  if (refusal !== null) throw new Error(refusal);
  if (parts.size !== 1) throw new Error('one process, one part');
  return new Uint8Array(Buffer.concat([...parts.values()][0]!));
}

/** By number of the record − 1: its time, ns from the first timed record. */
export function recordTimesOf(file: string): number[] {
  const words = new Uint32Array(partOf(file).buffer);
  const times: number[] = [];
  let base = Number.NaN;
  for (let at = 0; at < words.length; at += RECORD_WORDS) {
    const kind = kindOf(words[at + W.head]!);
    const hasTime = kind !== KIND.text && kind !== KIND.site;
    const t = words[at + W.tHigh]! * 2 ** 32 + words[at + W.tLow]!;
    if (hasTime && Number.isNaN(base)) base = t;
    times.push(hasTime ? t - base : Number.NaN);
  }
  return times;
}

/** The records of a trace, read from their text form: nothing of the fold is in between. */
export function recordsOf(file: string): TextRecord[] {
  const text = toText(partOf(file));
  return text.split('\n').flatMap((line): TextRecord[] => {
    const head = /^(\d+) \d+ (\w+) (.*)$/.exec(line);
    if (head === null) return [];
    const fields = new Map(
      [...head[3]!.matchAll(/(\w+)(?:=("(?:[^"\\]|\\.)*"|\S+))?/g)].map(([, name, value]) => [
        name!,
        value ?? '',
      ]),
    );
    const site = /^"(?:[^"]*?):(\d+):\d+ /.exec(fields.get('site') ?? '');
    const id = Number(fields.get('id') ?? 0);
    return [{ t: Number(head[1]), kind: head[2]!, id, fields, line: Number(site?.[1] ?? 0) }];
  });
}
