/**
 * Makes one trace of several recordings or trace files, of one machine or of several. Processes of
 * different machines are told apart whatever their pids; their times are brought to the first
 * machine's clock by what jobs say (align-clocks.ts). Nothing else of a record changes.
 */
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { encodeBlock } from '../trace/format/compact.ts';
import { AGENT_NOTICE, AGENT_NOTICES, KIND, KINDS, flagReader } from '../trace/format/kinds.ts';
import { flagsOf, kindOf, RECORD_BYTES, RECORD_WORDS, W } from '../trace/format/layout.ts';
import type { PartHead } from '../trace/format/part.ts';
import { fromText } from '../trace/format/text.ts';
import {
  encodeBlockChunk,
  encodeEndChunk,
  encodePartChunk,
  encodeTraceHead,
  MAX_TRACE_BYTES,
  readTraceFile,
  SAVED_BLOCK_RECORDS,
  tooLarge,
} from '../trace/format/trace-file.ts';
import { type AlignedClock, alignClocks, JobEnds } from './align-clocks.ts';
import { describeIoError } from './describe-io-error.ts';
import { type Identity, parseIdentity, readIdentity } from './identity.ts';
import type { RecordingSink } from './read-recording.ts';
import { readRecording } from './read-recording.ts';
import { readSavedTrace } from './read-saved-trace.ts';
import { findSaveObstacle } from './saved-trace.ts';

export interface MergedMachine extends AlignedClock {
  readonly name: string;
}

export interface MergedTrace {
  readonly records: number;
  readonly bytes: number;
  readonly machines: readonly MergedMachine[];
  /** What could not be read, one sentence each. */
  readonly troubles: readonly string[];
}

/** A recording or trace file that goes into the trace. */
interface Source {
  readonly path: string;
  readonly identity: Identity | null;
  /** By part. */
  readonly heads: ReadonlyMap<number, PartHead>;
  /** Its number in `machines`. */
  machine: number;
}

const noticeOf = flagReader(KINDS.agent.flags.news);

/** @returns one sentence where it cannot be made */
export function mergeTraces(paths: readonly string[], file: string): MergedTrace | string {
  const obstacle = findSaveObstacle(file);
  if (obstacle !== null) return obstacle;
  const troubles: string[] = [];
  const sources: Source[] = [];
  for (const path of paths) {
    const source = openSource(path);
    if (typeof source === 'string') return source;
    const same = sources.find((each) => isSame(each, source));
    if (same !== undefined) return `${path} and ${same.path} are the same recording`;
    sources.push(source);
  }
  const machines = machinesOf(sources);
  const ends = new JobEnds();
  for (const source of sources) {
    const trouble = readSource(source, (_part, block) => ends.add(source.machine, block), troubles);
    if (trouble !== null) return trouble;
  }
  const clocks = alignClocks(machines, ends);
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    const { records, bytes } = writeMerged(sources, machines, clocks, unfinished);
    renameSync(unfinished, file);
    return {
      records,
      bytes,
      troubles,
      machines: clocks.map((clock, i) => ({ ...clock, name: machines[i]!.name })),
    };
  } catch (error) {
    return `the trace cannot be saved as ${file}: ${describeIoError(error)}`;
  } finally {
    rmSync(unfinished, { force: true });
  }
}

function openSource(path: string): Source | string {
  const heads = new Map<number, PartHead>();
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) {
      readRecording(path, {
        onPart: (part, head) => heads.set(part, head),
        onRecords: () => {},
        onTrouble: () => {},
      });
      if (heads.size === 0) return `${path} holds no recording: there is no *.part file in it`;
      return { path, identity: readIdentity(path), heads, machine: 0 };
    }
    if (stat.size > MAX_TRACE_BYTES) return `${path} cannot be opened: ${tooLarge(stat.size)}`;
    const contents = readTraceFile(readFileSync(path));
    if (typeof contents === 'string') return `${path} cannot be opened: ${contents}`;
    for (const { part, head } of contents.parts) heads.set(part, head);
    const identity = contents.identity === null ? null : parseIdentity(contents.identity);
    return { path, identity, heads, machine: 0 };
  } catch (error) {
    return `${path} cannot be opened: ${describeIoError(error)}`;
  }
}

/** The folder of a recording, and what was saved of it, are of one identity. */
const isSame = (one: Source, other: Source): boolean =>
  one.identity === null || other.identity === null
    ? resolve(one.path) === resolve(other.path)
    : one.identity.recording === other.identity.recording;

interface NamedClock {
  readonly name: string;
  readonly boot: string;
  readonly pids: string;
  readonly wallAtZeroNs: bigint;
}

/** Recordings of one machine are of one; each gets its number. */
function machinesOf(sources: Source[]): NamedClock[] {
  const machines: NamedClock[] = [];
  for (const source of sources) {
    const { identity, heads, path } = source;
    const { startNs, wallNs } = heads.values().next().value!;
    const { host = '', boot = '', pids = '' } = identity ?? {};
    const known = machines.findIndex((each) => boot !== '' && each.boot === boot && each.pids === pids);
    source.machine = known >= 0 ? known : machines.length;
    if (known < 0) {
      const name = (host || basename(path)).replaceAll('|', ' ').replaceAll('"', "'");
      machines.push({ name, boot, pids, wallAtZeroNs: wallNs - startNs });
    }
  }
  return machines;
}

/** @returns one sentence where it cannot be a part of a trace */
function readSource(
  { path }: Source,
  onRecords: (part: number, block: Uint8Array) => void,
  troubles: string[],
): string | null {
  let isMerged = false;
  const sink: RecordingSink = {
    onRecords: (part, block) => {
      isMerged ||= holdsMachine(block);
      onRecords(part, block);
    },
    onTrouble: (words) => troubles.push(words),
  };
  if (statSync(path).isDirectory()) readRecording(path, sink);
  else {
    const trouble = readSavedTrace(path, sink);
    if (trouble !== null) return trouble;
  }
  return isMerged ? `${path} is of several machines already: merge what it was made of, all at once` : null;
}

function holdsMachine(block: Uint8Array): boolean {
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  for (let at = 0; at < block.length; at += RECORD_BYTES) {
    const head = view.getUint32(at + W.head * 4, true);
    if (kindOf(head) === KIND.agent && noticeOf(flagsOf(head)) === AGENT_NOTICE.machine) return true;
  }
  return false;
}

function writeMerged(
  sources: readonly Source[],
  machines: readonly NamedClock[],
  clocks: readonly AlignedClock[],
  file: string,
): { records: number; bytes: number } {
  // A reader takes the first time for the trace's start: nothing may lie before it.
  const parts = sources
    .flatMap((source) => [...source.heads].map(([part, head]) => ({ source, part, head, to: 0 })))
    .map((each) => ({ ...each, startNs: each.head.startNs + clocks[each.source.machine]!.offsetNs }))
    .sort((a, b) => (a.startNs < b.startNs ? -1 : a.startNs > b.startNs ? 1 : 0));
  const lowestNs = parts[0]!.startNs;
  const raiseNs = lowestNs < 0n ? -lowestNs : 0n;
  const fd = openSync(file, 'w', 0o600);
  let bytes = 0;
  let records = 0;
  const write = (chunk: Uint8Array): void => {
    for (let at = 0; at < chunk.length;) at += writeSync(fd, chunk, at);
    bytes += chunk.length;
  };
  const writeBlock = (part: number, block: Uint8Array): void => {
    const compact = encodeBlock(block);
    write(encodeBlockChunk(part, block.length / RECORD_BYTES, compact.length, deflateRawSync(compact)));
    records += block.length / RECORD_BYTES;
  };
  try {
    write(encodeTraceHead());
    // In this order, so that a reader has the earliest part first.
    for (const [to, { source, part, head, startNs }] of parts.entries()) {
      const { machine } = source;
      const { offsetNs, uncertaintyNs } = clocks[machine]!;
      const shiftNs = offsetNs + raiseNs;
      write(encodePartChunk(to, { ...head, startNs: startNs + raiseNs }));
      writeBlock(to, machineRecords(machine, machines[machine]!.name, uncertaintyNs, startNs + raiseNs));
      const onRecords = (from: number, block: Uint8Array): void => {
        if (from !== part) return;
        const most = SAVED_BLOCK_RECORDS * RECORD_BYTES;
        const shifted = shift(block, shiftNs);
        for (let at = 0; at < shifted.length; at += most) writeBlock(to, shifted.subarray(at, at + most));
      };
      readSource(source, onRecords, []);
    }
    write(encodeEndChunk(records));
    return { records, bytes };
  } finally {
    closeSync(fd);
  }
}

function machineRecords(machine: number, name: string, uncertaintyNs: number, t: bigint): Uint8Array {
  const known = uncertaintyNs === Infinity ? '' : String(uncertaintyNs);
  const count = machine === 0 ? '' : ` count=${machine}`;
  const news = AGENT_NOTICES[AGENT_NOTICE.machine];
  return fromText(`0 0 agent text="${name}|${known}"${count} news=${news}`, t);
}

/** The same records at times that are so much later. */
function shift(block: Uint8Array, ns: bigint): Uint8Array {
  const bytes = block.slice();
  const view = new DataView(bytes.buffer);
  const add = (at: number): void =>
    view.setBigUint64(at, BigInt.asUintN(64, view.getBigUint64(at, true) + ns), true);
  for (let at = 0; at < bytes.length; at += RECORD_WORDS * 4) {
    const kind = kindOf(view.getUint32(at + W.head * 4, true));
    if (kind === KIND.text || kind === KIND.site || kind === 0) continue;
    add(at);
    // Since when records are missing.
    const hasSince = view.getBigUint64(at + W.c * 4, true) !== 0n;
    if (kind === KIND.lost && hasSince) add(at + W.c * 4);
  }
  return bytes;
}
