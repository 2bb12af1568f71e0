/**
 * How long the debug adapter takes over a large recording, as an editor asks it: by its pipe, with
 * all that the editor asks for before it shows a line. No peer steps through tasks: there is none
 * to be measured beside.
 *
 *   node build/bench/debugger.js [TASKS] [AWAITS]      default 10,000 tasks, 20 awaits each
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { encodeFrame, FrameReader } from '../runtime/debug/message-frames.ts';
import { fromText } from '../runtime/trace/format/text.ts';
import { encodePartHead, partName } from '../runtime/trace/format/part.ts';
import { isRecord } from '../runtime/debug/arguments.ts';

const tasks = Number(process.argv[2] ?? 10_000);
const awaits = Number(process.argv[3] ?? 20);
const STEPS = 300;

const folder = mkdtempSync(join(tmpdir(), 'simul-bench-'));
const cli = join(dirname(fileURLToPath(import.meta.url)), '../../dist/cli.js');
const adapter = spawn(process.execPath, [cli, 'dap', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
try {
  const head = { pid: 1, segment: 0, startNs: 5n, wallNs: 5n, language: 1 };
  const records = fromText(recordingText());
  writeFileSync(join(folder, partName(1, 5n, 0)), Buffer.concat([encodePartHead(head), records]));
  await measure(records.length / 32);
} finally {
  adapter.kill();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(records: number): Promise<void> {
  const editor = connect();
  await editor.ask('initialize', {});
  const openMs = await timed(async () => {
    const initialized = editor.event('initialized');
    await editor.ask('launch', { recording: folder, at: 'end' });
    await initialized;
  });
  const stopped = editor.event('stopped');
  await editor.ask('configurationDone', {});
  let { threadId } = (await stopped) as { threadId: number };

  /** From the key to the line: the step, its stop, the threads and the stack. */
  const step = async (command: string): Promise<void> => {
    const stop = editor.event('stopped');
    await editor.ask(command, { threadId });
    ({ threadId } = (await stop) as { threadId: number });
    await Promise.all([
      editor.ask('threads', {}),
      editor.ask('stackTrace', { threadId, startFrame: 0, levels: 20 }),
    ]);
  };
  const figures: Record<string, number[]> = {};
  for (const [name, command, count] of [
    ['step back of the task', 'stepBack', STEPS / 10],
    ['step back to another task', 'previousSwitch', STEPS],
    ['step over of the task', 'next', STEPS / 10],
  ] as const) {
    figures[name] = [];
    for (let i = 0; i < count; i++) figures[name].push(await timed(() => step(command)));
  }
  figures['threads'] = [];
  for (let i = 0; i < STEPS; i++) figures['threads'].push(await timed(() => editor.ask('threads', {})));
  figures['reverse continue to the beginning'] = [await timed(() => step('reverseContinue'))];
  figures['continue to the end'] = [await timed(() => step('continue'))];
  console.log(`${records} records, ${tasks} tasks that live: opened in ${openMs.toFixed(0)} ms`);
  for (const [name, ms] of Object.entries(figures)) {
    const sorted = ms.toSorted((a, b) => a - b);
    const at = (share: number): string => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(1);
    console.log(
      `  ${name.padEnd(36)} median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms (${ms.length})`,
    );
  }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
}

function connect(): {
  ask(command: string, args: object): Promise<unknown>;
  event(name: string): Promise<unknown>;
} {
  const answers = new Map<number, (body: unknown) => void>();
  const listeners: { readonly name: string; readonly go: (body: unknown) => void }[] = [];
  let seq = 1;
  const take = (message: unknown): void => {
    if (!isRecord(message)) return;
    if (message['type'] === 'response') {
      const response = message as unknown as DebugProtocol.Response;
      if (!response.success) throw new Error(response.message);
      answers.get(response.request_seq)?.(response.body);
    } else {
      const index = listeners.findIndex(({ name }) => name === message['event']);
      if (index >= 0) listeners.splice(index, 1)[0]!.go(message['body']);
    }
  };
  const reader = new FrameReader(take, (words) => console.error(words));
  adapter.stdout.on('data', (bytes: Buffer) => reader.push(bytes));
  return {
    ask: (command, args) =>
      new Promise((resolve) => {
        answers.set(seq, resolve);
        adapter.stdin.write(encodeFrame({ seq: seq++, type: 'request', command, arguments: args }));
      }),
    event: (name) => new Promise((go) => listeners.push({ name, go })),
  };
}

/** All tasks live to the end; each waits for a lock or a timer, in turn. */
function recordingText(): string {
  const lines = [
    '0 0 processBegin pid=1',
    '1 0 resourceBegin id=1 name="door" capacity=1 kind=lock bounded',
    '2 0 resourceBegin id=2 name="setTimeout 1 ms" kind=timer',
  ];
  let t = 10;
  for (let i = 0; i < tasks; i++)
    lines.push(
      `${(t += 100)} 0 activationBegin id=${i + 10} name="task" site="a.ts:${10 + (i % 90)}:1 function task" kind=async-function`,
    );
  for (let round = 0; round < awaits; round++)
    for (let i = 0; i < tasks; i++) {
      if (round > 0) lines.push(`${(t += 300)} 0 wake woken=${i + 10}`, `${(t += 100)} 0 run id=${i + 10}`);
      const [resource, reason] = (i + round) % 2 === 0 ? [1, 'lock'] : [2, 'timer'];
      lines.push(
        `${(t += 500)} 0 wait id=${i + 10} site="a.ts:${100 + ((i + round) % 90)}:3 await! task | go()" for=${resource} reason=${reason}`,
      );
    }
  // Else the adapter would wait at the end for more.
  lines.push(`${t} 0 processEnd how=exit`);
  return `${lines.join('\n')}\n`;
}
