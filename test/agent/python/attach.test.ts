/** `simul trace --pid`: a Python program that runs already. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, afterEach, describe, it } from 'mocha';
import type { TraceJson } from '../../../runtime/launch/json/trace-json.ts';
import { tree } from '../../machine/tree.ts';
import { isAtLeast, PYTHON, VERSION } from './trace-python.ts';

const cli = join(tree, 'dist/cli.js');

/** Runs until a line comes in; then it says what stands in its `__main__`. */
const PROGRAM = `
import asyncio, sys
async def worker(queue):
    while await queue.get() is not None:
        await asyncio.sleep(0.002)
async def ask(queue):
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    for _ in range(2): await queue.put(None)
async def feed(queue):
    while True:
        await queue.put(1)
        await asyncio.sleep(0.005)
async def main():
    queue = asyncio.Queue()
    feeding = asyncio.create_task(feed(queue))
    await asyncio.gather(worker(queue), worker(queue), ask(queue))
    feeding.cancel()
    print(sorted(name for name in globals() if not name.startswith("__")), len(sys.path))
asyncio.run(main())
`;

describe('attaching to a Python program', function () {
  this.timeout(60_000);
  if (VERSION === null) return;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-attach-')));
  const file = join(folder, 'program.py');
  writeFileSync(file, PROGRAM);
  const children: ChildProcess[] = [];
  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  interface Running {
    readonly child: ChildProcess;
    /** Lets the program end. @returns what it printed */
    end(): Promise<string>;
  }

  async function start(env: NodeJS.ProcessEnv = {}): Promise<Running> {
    const child = spawn(PYTHON, [file], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    children.push(child);
    const lines: string[] = [];
    const reader = createInterface({ input: child.stdout });
    const isReady = once(reader, 'line');
    reader.on('line', (line: string) => lines.push(line));
    await isReady;
    return {
      child,
      end: async () => {
        const ended = once(child, 'close');
        child.stdin.write('\n');
        await ended;
        return lines.slice(1).join('\n');
      },
    };
  }

  const refusal = (pid: number): string => {
    const { status, stderr } = spawnSync(process.execPath, [cli, 'trace', '--pid', String(pid)], {
      encoding: 'utf8',
    });
    assert.equal(status, 126);
    return stderr.trim();
  };

  it('is refused in one sentence of what is no Python, or is not there', () => {
    assert.match(refusal(process.pid), /^simul: process \d+ runs \S+node, which is no Python$/);
    assert.equal(refusal(0x3ffffff), 'simul: there is no process 67108863');
  });

  if (!isAtLeast(3, 14)) {
    it('is refused in one sentence before 3.14, and the program goes on', async () => {
      const running = await start();
      assert.match(
        refusal(running.child.pid!),
        /^simul: process \d+ runs Python 3\.\d+\.\d+; only 3\.14 and newer can be attached to, so start it under trace instead: simul trace -- COMMAND$/,
      );
      assert.match(await running.end(), /^\['ask'/);
    });
    return;
  }

  it('shows its tasks as they stand and what they do from then on, until it ends', async () => {
    const untraced = await (await start()).end();
    const running = await start();
    const recording = join(folder, 'whole');
    const tracer = spawn(
      process.execPath,
      [cli, 'trace', '--pid', String(running.child.pid), '--recording', recording],
      {
        stdio: ['ignore', 'inherit', 'pipe'],
      },
    );
    children.push(tracer);
    const ended = once(tracer, 'close');
    const [first] = (await once(createInterface({ input: tracer.stderr }), 'line')) as [string];
    assert.match(
      first,
      /^simul: attached to process \d+; Ctrl-C ends the recording, and the program goes on$/,
    );
    assert.equal(await running.end(), untraced, 'the program finds its names and paths as they were');
    assert.deepEqual(await ended, [0, null]);
    const json = traceOf(recording);
    const outcomes = (name: string): unknown[] =>
      json.tasks.filter((task) => task.name === name).map(({ outcome }) => outcome);
    assert.deepEqual(outcomes('worker'), ['ok', 'ok']);
    assert.deepEqual(
      [outcomes('feed'), outcomes('main'), outcomes('program.py')],
      [['cancelled'], ['ok'], ['ok']],
    );
    assert.ok(
      json.tasks.some(
        ({ name, waits }) => name === 'worker' && waits.some(({ reason }) => reason === 'queue-get'),
      ),
    );
    assert.match(
      json.processes[0]!.news.map(({ text }) => text).join(),
      /before the instrument was attached/,
    );
  });

  it('ends at Ctrl-C, and the program goes on', async () => {
    const running = await start();
    const recording = join(folder, 'left');
    const tracer = spawn(
      process.execPath,
      [cli, 'trace', '--pid', String(running.child.pid), '--recording', recording],
      {
        stdio: ['ignore', 'inherit', 'pipe'],
      },
    );
    children.push(tracer);
    const ended = once(tracer, 'close');
    await once(createInterface({ input: tracer.stderr }), 'line');
    assert.ok(readdirSync(recording).some((name) => !name.startsWith('attach-')));
    tracer.kill('SIGINT');
    assert.deepEqual(await ended, [0, null]);
    assert.match(await running.end(), /^\['ask'/);
    assert.ok(traceOf(recording).tasks.some(({ name }) => name === 'worker'));
  });

  it('is refused where remote debugging is switched off', async () => {
    const running = await start({ PYTHON_DISABLE_REMOTE_DEBUG: '1' });
    assert.match(
      refusal(running.child.pid!),
      /was started with remote debugging switched off, so nothing can be attached to it$/,
    );
    assert.match(await running.end(), /^\['ask'/);
  });

  function traceOf(recording: string): TraceJson {
    const { stdout, stderr } = spawnSync(process.execPath, [cli, 'show', '--json', recording], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    assert.notEqual(stdout, '', stderr);
    return JSON.parse(stdout) as TraceJson;
  }
});
