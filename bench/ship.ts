/**
 * How many events a second reach another process without loss, and how soon the events of a stuck
 * program are seen. The recorder runs in one process, the follower in this one. Peer: the same
 * events as JSON lines through a pipe.
 *
 *   node esbuild.mjs && tsc -b bench && node build/bench/ship.js [EVENTS]      default 2,000,000
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startRecording } from '../runtime/recorder/recording.ts';
import { follow } from '../runtime/launch/follow.ts';
import { KIND } from '../runtime/trace/format/kinds.ts';
import { kindOf, RECORD_BYTES, RECORD_WORDS, W } from '../runtime/trace/format/layout.ts';

const [role = '2000000', folderArgument = '', countArgument = ''] = process.argv.slice(2);
const STUCK_EVENTS = 60;

if (role === 'record') writeRecords(folderArgument, Number(countArgument));
else if (role === 'json') writeJson(Number(countArgument));
else if (role === 'stuck') writeWhileStuck(folderArgument);
else await measure(Number(role));

async function measure(events: number): Promise<void> {
  const shipped = await withFolder(async (folder) => {
    const startMs = performance.now();
    const counted = await followWriter(folder, 'record', events, () => {});
    return { ms: performance.now() - startMs, ...counted };
  });
  if (shipped.runs !== events || shipped.lost !== 0) {
    throw new Error(`${shipped.runs} of ${events} events arrived, ${shipped.lost} were recorded as lost`);
  }
  const pipedMs = await measurePipe(events);
  const delays: number[] = [];
  await withFolder((folder) =>
    followWriter(folder, 'stuck', STUCK_EVENTS, (words, w) => {
      const t = (BigInt(words[w + W.tHigh]!) << 32n) + BigInt(words[w + W.tLow]!);
      delays.push(Number(process.hrtime.bigint() - t) / 1e6);
    }),
  );
  delays.sort((a, b) => a - b);
  const rate = (ms: number): string => `${(events / ms / 1000).toFixed(2)} M/s`;
  console.log(
    `${events} events to another process, start-up included: ${rate(shipped.ms)}, none lost; ` +
      `peer, JSON lines through a pipe: ${rate(pipedMs)}; an event of a stuck program is seen after ` +
      `${delays[delays.length >> 1]!.toFixed(1)} ms (median of ${delays.length}, worst ${delays.at(-1)!.toFixed(1)} ms)`,
  );
}

/** Starts this file as a writer and follows what it records; `onRun` gets every `run` record. */
async function followWriter(
  folder: string,
  role: string,
  events: number,
  onRun: (words: Uint32Array, w: number) => void,
): Promise<{ readonly runs: number; readonly lost: number }> {
  let runs = 0;
  let lost = 0;
  const ended = new Promise<void>((resolve) => {
    follow(folder, {
      onEnd: resolve,
      onBlock: (_part, records) => {
        const words = new Uint32Array(records.buffer, records.byteOffset, records.length / 4);
        for (let w = 0; w < (records.length / RECORD_BYTES) * RECORD_WORDS; w += RECORD_WORDS) {
          const kind = kindOf(words[w + W.head]!);
          if (kind === KIND.lost) lost += words[w + W.a]!;
          if (kind !== KIND.run) continue;
          runs++;
          onRun(words, w);
        }
      },
    });
  });
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), role, folder, String(events)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  child.once('error', (error) => {
    throw error;
  });
  await ended;
  return { runs, lost };
}

function writeRecords(folder: string, events: number): void {
  const { recording, writer } = startRecorder(folder);
  for (let i = 1; i <= events; i++) writer.write(KIND.run, 0, i & 0xffff, 0, 0, 0, 0);
  recording.finish(null);
}

/** Writes an event every 23 ms, and never yields the thread in between. */
function writeWhileStuck(folder: string): void {
  const { recording, writer } = startRecorder(folder);
  for (let i = 1; i <= STUCK_EVENTS; i++) {
    const untilMs = performance.now() + 23;
    while (performance.now() < untilMs);
    writer.write(KIND.run, 0, i, 0, 0, 0, 0);
  }
  recording.finish(null);
}

function startRecorder(folder: string) {
  const recording = startRecording({ folder, whenFull: 'wait' });
  if (recording?.writer == null) throw new Error(`nothing can be recorded in ${folder}`);
  recording.startShipper(new URL('../../dist/agent/shipper.cjs', import.meta.url));
  return { recording, writer: recording.writer };
}

function writeJson(events: number): void {
  let lines: string[] = [];
  for (let i = 1; i <= events; i++) {
    lines.push(`{"kind":"run","t":${process.hrtime.bigint()},"task":${i & 0xffff}}\n`);
    if (lines.length === 1000) process.stdout.write(lines.splice(0).join(''));
  }
  process.stdout.write(lines.join(''));
  lines = [];
}

async function measurePipe(events: number): Promise<number> {
  const startMs = performance.now();
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'json', '-', String(events)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let count = 0;
  let rest = '';
  for await (const chunk of child.stdout) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop()!;
    for (const line of lines) if ((JSON.parse(line) as { readonly kind: string }).kind === 'run') count++;
  }
  if (count !== events) throw new Error(`${count} of ${events} JSON lines arrived`);
  return performance.now() - startMs;
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'simul-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
