/** `simul dap --stdio` as editors start it, by the protocol's own test client, and by nonsense. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { after, afterEach, beforeEach, describe, it } from 'mocha';
import { encodeFrame, FrameReader } from '../../runtime/debug/message-frames.ts';
import { Random } from '../fuzz/random.ts';
import { tree } from '../machine/tree.ts';
import { SessionDriver } from './session-driver.ts';
import { sourceOf, tracedPrograms } from './traced-programs.ts';

const cli = join(tree, 'dist/cli.js');

describe('the debug adapter, asked by the test client of the protocol', function () {
  this.timeout(60_000);
  const traceOf = tracedPrograms();
  const folder = mkdtempSync(join(tmpdir(), 'simul-adapter-'));
  // The client starts a script without arguments.
  const script = join(folder, 'adapter.mjs');
  writeFileSync(
    script,
    `process.argv.push('dap', '--stdio', '--folder', ${JSON.stringify(tree)});\nawait import(${JSON.stringify(cli)});\n`,
  );
  after(() => rmSync(folder, { recursive: true, force: true }));
  let client: DebugClient;
  beforeEach(async () => {
    client = new DebugClient(process.execPath, script, 'simul', {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    client.defaultTimeout = 30_000;
    await client.start();
  });
  afterEach(() => client.stop());

  const launch = (recording: string): Promise<unknown> => {
    const args = { recording } as DebugProtocol.LaunchRequestArguments;
    return Promise.all([
      client.initializeRequest().then(() => client.launchRequest(args)),
      client.waitForEvent('initialized'),
    ]);
  };

  it('says what it can do, and has an exception filter for each rule and event', async () => {
    const { body } = await client.initializeRequest();
    assert.equal(body!.supportsStepBack, true);
    assert.equal(body!.supportsConfigurationDoneRequest, true);
    const filters = body!.exceptionBreakpointFilters!;
    for (const name of ['deadlock', 'lost-update', 'queue-full', 'unseen-error'])
      assert.ok(
        filters.some(({ filter }) => filter === name),
        name,
      );
    assert.ok(filters.every(({ supportsCondition }) => supportsCondition === true));
  });

  it('stops at the entry after configurationDone, and at a breakpoint', async () => {
    const path = sourceOf('timers');
    await launch(traceOf('timers'));
    const set = await client.setBreakpointsRequest({ source: { path }, breakpoints: [{ line: 17 }] });
    assert.equal(set.body.breakpoints[0]!.verified, true);
    const [entry] = await Promise.all([client.waitForEvent('stopped'), client.configurationDoneRequest()]);
    assert.equal((entry.body as { reason: string }).reason, 'entry');
    const { threadId } = entry.body as { threadId: number };
    const [stopped] = await Promise.all([
      client.assertStoppedLocation('breakpoint', { path, line: 17 }),
      client.continueRequest({ threadId }),
    ]);
    assert.equal(stopped.body.stackFrames[0]!.name, 'ticks');
    await Promise.all([
      client.assertStoppedLocation('step', { path, line: 15 }),
      client.stepBackRequest({ threadId }),
    ]);
  });

  it('opens the folder of a recording while its program runs, and follows it to its end', async () => {
    const recording = join(folder, 'live');
    mkdirSync(recording);
    const program = join(folder, 'live.mjs');
    const lines = [
      'process.stdin.resume();',
      'async function hear() {',
      '  await new Promise((go) => process.stdin.once("data", go));',
      '}',
      'await hear();',
      'process.stdin.destroy();',
    ];
    writeFileSync(program, lines.join('\n'));
    const traced = spawn(process.execPath, [cli, 'trace', '--quiet', '--recording', recording, program], {
      stdio: ['pipe', 'ignore', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const ended = once(traced, 'exit');
    await waitsIn(recording);
    await launch(recording);
    const [entry] = await Promise.all([client.waitForEvent('stopped'), client.configurationDoneRequest()]);
    const { threadId } = entry.body as { threadId: number };
    const stopped = client.waitForEvent('stopped');
    await client.setFunctionBreakpointsRequest({ breakpoints: [] });
    await client.continueRequest({ threadId });
    traced.stdin!.end('go\n');
    const { body } = (await stopped) as DebugProtocol.StoppedEvent;
    assert.equal(body.description, 'End of the recording');
    await ended;
  });

  it('says in one sentence what cannot be opened', async () => {
    const empty = join(folder, 'empty.simul');
    writeFileSync(empty, '');
    await client.initializeRequest();
    const args = { recording: empty } as DebugProtocol.LaunchRequestArguments;
    await assert.rejects(client.launchRequest(args), /empty\.simul cannot be opened: it is empty/);
    const missing = { recording: join(folder, 'missing') } as DebugProtocol.LaunchRequestArguments;
    await assert.rejects(client.launchRequest(missing), /cannot be opened: .*does not exist/);
  });
});

/** Resolves when the recording says that the program waits. */
async function waitsIn(recording: string): Promise<void> {
  for (;;) {
    const driver = new SessionDriver();
    try {
      const entry = await driver.open({ recording, at: 'end' });
      const [top] = await driver.stack(entry.threadId);
      if (top?.name === 'hear') return;
    } catch {
      // Nothing is written yet.
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      await driver.ask('disconnect');
    }
  }
}

describe('the debug adapter, sent anything', function () {
  this.timeout(60_000);
  const traceOf = tracedPrograms();

  it('ends with its input, and needs --stdio', async () => {
    const without = spawn(process.execPath, [cli, 'dap'], { stdio: 'ignore' });
    assert.deepEqual(await once(without, 'exit'), [2, null]);
    const adapter = spawn(process.execPath, [cli, 'dap', '--stdio'], { stdio: ['pipe', 'ignore', 'ignore'] });
    adapter.stdin.end();
    assert.deepEqual(await once(adapter, 'exit'), [0, null]);
  });

  it('skips what is no message, and answers the next one', async () => {
    const adapter = spawn(process.execPath, [cli, 'dap', '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    adapter.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    const answered = nextMessage(adapter);
    const huge = Buffer.alloc(17 * 2 ** 20, 'x');
    adapter.stdin.write('Content-Length: 5\r\n\r\n{bad}');
    adapter.stdin.write('Nothing: here\r\n\r\n');
    adapter.stdin.write(`Content-Length: ${huge.length}\r\n\r\n`);
    adapter.stdin.write(huge);
    adapter.stdin.write(encodeFrame([1, 2, 3]));
    adapter.stdin.write(encodeFrame({ type: 'event', seq: 1 }));
    adapter.stdin.write(encodeFrame({ type: 'request', seq: 7, command: 'threads' }));
    const answer = (await answered) as DebugProtocol.Response;
    assert.equal(answer.request_seq, 7);
    assert.equal(answer.success, true);
    adapter.stdin.end();
    await once(adapter, 'exit');
    assert.match(said, /is no JSON/);
    assert.match(said, /without a Content-Length/);
    assert.match(said, /a message of 17825792 bytes was left out/);
  });

  it('reads frames in whatever pieces they come', () => {
    const messages: unknown[] = [];
    const frame = encodeFrame({ seq: 1, type: 'request', command: 'Straße' });
    const reader = new FrameReader(
      (message) => messages.push(message),
      (words) => assert.fail(words),
    );
    for (const byte of [...frame, ...frame]) reader.push(Uint8Array.of(byte));
    assert.deepEqual(messages, [
      { seq: 1, type: 'request', command: 'Straße' },
      { seq: 1, type: 'request', command: 'Straße' },
    ]);
  });

  it('answers an unknown thread, and the frame of another stop, with an error', async () => {
    const driver = new SessionDriver();
    const { threadId } = await driver.open({ recording: traceOf('queue'), folders: [tree] });
    const [top] = await driver.stack(threadId);
    await driver.move('next', { threadId });
    await assert.rejects(
      driver.request('scopes', { frameId: top!.id }),
      /the frame \d+ belongs to another stop/,
    );
    await assert.rejects(driver.request('stackTrace', { threadId: 77_777 }), /there is no thread 77777/);
    await assert.rejects(driver.request('next', { threadId: -1 }), /there is no thread -1/);
    await assert.rejects(
      driver.request('next', {}),
      /next needs threadId as a whole number, and got nothing/,
    );
    await assert.rejects(driver.request('setVariable', {}), /there is no request "setVariable"/);
    await assert.rejects(driver.request('launch', { recording: 'x' }), /a recording is open already/);
  });

  for (let group = 0; group < 4; group++)
    it(`never fails at requests made by chance (seeds ${group * 10 + 1} to ${group * 10 + 10})`, async () => {
      for (let seed = group * 10 + 1; seed <= group * 10 + 10; seed++) {
        const random = new Random(seed);
        const driver = new SessionDriver();
        await driver.open({
          recording: traceOf(random.pick(['queue', 'timers', 'workers'])),
          folders: [tree],
        });
        for (let i = 0; i < 200; i++) {
          const command = random.pick(COMMANDS);
          const { success, message } = await driver.ask(command, anyArguments(random));
          assert.ok(success || !message!.startsWith('Simul failed'), `seed ${seed}: ${command}: ${message}`);
        }
        // It still works.
        const { threads } = await driver.request<DebugProtocol.ThreadsResponse['body']>('threads');
        assert.ok(threads.length > 0 && threads.length <= 40);
      }
    });
});

const COMMANDS = [
  ...['initialize', 'launch', 'configurationDone', 'restart', 'threads', 'stackTrace', 'scopes', 'variables'],
  ...['setBreakpoints', 'breakpointLocations', 'setFunctionBreakpoints', 'setDataBreakpoints', 'evaluate'],
  ...['setExceptionBreakpoints', 'dataBreakpointInfo', 'locations', 'source', 'loadedSources', 'gotoTargets'],
  ...['stepInTargets', 'exceptionInfo', 'continue', 'reverseContinue', 'pause', 'next', 'stepBack', 'stepIn'],
  ...[
    'stepOut',
    'goto',
    'restartFrame',
    'nextSwitch',
    'previousSwitch',
    'reverseStepOut',
    'toWaker',
    'moment',
  ],
  ...['goToMoment', '__proto__', 'constructor', ''],
];

/** Mostly of the right shape, so that what is behind the first check is asked, too. */
function anyArguments(random: Random): object {
  const any = (): unknown =>
    random.pick<() => unknown>([
      () => random.below(12),
      () => random.below(12),
      () => random.pick([-1, 0.5, 2 ** 31, -(2 ** 53), Number.MAX_SAFE_INTEGER]),
      () =>
        random.pick([
          '',
          'orders',
          'depth(orders)',
          '1 ms',
          'why()',
          'x'.repeat(5000),
          '((((',
          '{}',
          'task ~ "a"',
          '\u0000',
        ]),
      () => random.pick([null, true, [], {}, [null], [[]]]),
    ])();
  const breakpoint = (): object => ({
    line: random.below(30),
    name: random.pick(['consumer', 'orders', any()]),
    dataId: random.pick(['depth:0', 'full:3', 'holders:99', any()]),
    condition: random.pick([undefined, 'wait > 1ms', 'task ~', any()]),
    hitCondition: random.pick([undefined, '2', '% 0', any()]),
    logMessage: random.pick([undefined, '{task} {nothing} {', any()]),
  });
  const source = {
    path: random.pick([sourceOf('queue'), '/nowhere', any()]),
    sourceReference: random.pick([0, 1, any()]),
  };
  return {
    threadId: random.pick([1, 2, 3, random.below(30), 0x40000000, any()]),
    frameId: random.pick([1, random.below(60), any()]),
    variablesReference: random.pick([1, random.below(60), any()]),
    locationReference: any(),
    targetId: random.pick([undefined, any()]),
    source: random.pick([source, source, any()]),
    sourceReference: any(),
    line: random.pick([random.below(30), any()]),
    endLine: any(),
    name: random.pick(['full', 'orders', any()]),
    expression: any(),
    context: random.pick(['hover', 'repl', 'watch', any()]),
    time: random.pick(['400 ms', any()]),
    breakpoints: random.pick<unknown>([[breakpoint(), breakpoint()], any()]),
    filters: random.pick<unknown>([['deadlock', 'queue-full', 'failed'], any()]),
    startFrame: any(),
    levels: any(),
    start: any(),
    count: any(),
  };
}

function nextMessage({ stdout }: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const reader = new FrameReader(resolve, (words) => reject(new Error(words)));
    stdout!.on('data', (bytes: Buffer) => reader.push(bytes));
  });
}
