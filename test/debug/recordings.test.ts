import assert from 'node:assert/strict';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, it } from 'mocha';
import { hashLine } from '../../runtime/trace/format/hash.ts';
import { tree } from '../machine/tree.ts';
import { SessionDriver, writtenSession } from './session-driver.ts';
import { recordTimesOf, tracedPrograms } from './traced-programs.ts';

const MS = 1_000_000;
const MAIN = 1;
const GROWING = `
  0 0 processBegin pid=100
  0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
  ${MS} 0 wait id=1 site="a.ts:2:3 await! main | step()" reason=future
`;
const GROWN = `
  ${2 * MS} 0 run id=1
  ${3 * MS} 0 wait id=1 site="a.ts:3:3 await! main | again()" reason=future
`;
const LAST = `
  ${4 * MS} 0 run id=1
  ${5 * MS} 0 activationEnd id=1 outcome=ok
  ${5 * MS} 0 processEnd how=exit
`;

/** Gives everything that is under way its turn, and says whether the session stopped meanwhile. */
async function hasStopped(driver: SessionDriver): Promise<boolean> {
  const before = driver.events.length;
  await driver.request('threads');
  return driver.events.slice(before).some(({ event }) => event === 'stopped');
}

describe('a debug session over a recording that grows', () => {
  it('waits at the end for the next event of the task', async () => {
    const { driver, recording } = writtenSession([GROWING], { isOver: false });
    await driver.open({ recording: 'written', at: 'end' });
    const stopped = driver.event<{ threadId: number }>('stopped');
    await driver.request('next', { threadId: MAIN });
    assert.equal(await hasStopped(driver), false);
    recording.grow(0, GROWN);
    await stopped;
    assert.deepEqual(await driver.request('moment'), { timeNs: 2 * MS, task: '0:1' });
  });

  it('begins with the first that is recorded, where it was opened before that', async () => {
    const { driver, recording } = writtenSession([''], { isOver: false });
    const said = driver.event<{ output: string }>('output');
    const entered = driver.open({ recording: 'written' });
    assert.equal((await said).output, 'Nothing is recorded yet: it begins with the first that is.\n');
    recording.grow(0, '0 0 processBegin pid=100');
    assert.equal(await hasStopped(driver), false);
    recording.grow(0, GROWING.replace(/.*processBegin.*\n/, ''));
    assert.equal((await entered).reason, 'entry');
    assert.deepEqual(await driver.request('moment'), { timeNs: 0, task: '0:1' });
  });

  it('says that there is nothing, where nothing was recorded', async () => {
    const { driver } = writtenSession(['0 0 processBegin pid=100']);
    assert.equal((await driver.open({ recording: 'written' })).description, 'Nothing is recorded');
  });

  it('runs on to a breakpoint in what is written later, and to the end at last', async () => {
    const { driver, recording } = writtenSession([GROWING], { isOver: false });
    await driver.open({ recording: 'written' });
    const breakpoints = [{ name: 'late' }];
    const set = await driver.request<{ breakpoints: DebugProtocol.Breakpoint[] }>('setFunctionBreakpoints', {
      breakpoints,
    });
    assert.equal(set.breakpoints[0]!.verified, false);
    let stopped = driver.event<{ reason: string; description: string }>('stopped');
    await driver.request('continue', { threadId: MAIN });
    recording.grow(0, GROWN);
    assert.equal(await hasStopped(driver), false);
    recording.grow(
      0,
      `${4 * MS} 0 activationBegin id=2 name="late" site="a.ts:9:1 function late" kind=async-function`,
    );
    assert.equal((await stopped).reason, 'function breakpoint');
    stopped = driver.event('stopped');
    await driver.request('continue', { threadId: MAIN });
    recording.grow(0, '', true);
    assert.equal((await stopped).description, 'End of the recording');
  });

  it('is paused where the recording is by then', async () => {
    const { driver, recording } = writtenSession([GROWING], { isOver: false });
    await driver.open({ recording: 'written' });
    const stopped = driver.event<{ reason: string }>('stopped');
    await driver.request('continue', { threadId: MAIN });
    recording.grow(0, GROWN);
    await driver.request('pause', { threadId: MAIN });
    assert.equal((await stopped).reason, 'pause');
    assert.deepEqual(await driver.request('moment'), { timeNs: 3 * MS, task: '0:1' });
  });

  it('keeps its place while records of another thread come late, and steps back through them', async () => {
    const late = `
      ${1.5 * MS} 1 activationBegin id=50 name="other" site="a.ts:20:1 function other" kind=async-function
    `;
    const { driver, recording } = writtenSession([GROWING + GROWN], { isOver: false });
    await driver.open({ recording: 'written', at: 'end' });
    recording.grow(0, late + LAST, true);
    assert.deepEqual(await driver.request('moment'), { timeNs: 3 * MS, task: '0:1' });
    const back = await driver.move('previousSwitch', { threadId: MAIN });
    assert.equal((await driver.stack(back.threadId))[0]!.name, 'other');
  });

  it('knows a frame for what it is once its caller awaits it, also behind the cursor', async () => {
    const begun = `
      0 0 processBegin pid=100
      0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
      ${MS} 0 activationBegin id=2 parent=1 name="load" site="a.ts:9:1 function load" kind=async-function
    `;
    const awaited = `
      ${2 * MS} 0 wait id=2 site="a.ts:10:3 await! load | sleep(1)" reason=timer
      ${2 * MS} 0 wait id=1 site="a.ts:2:3 await! main | load()" for=2 reason=task direct
    `;
    const { driver, recording } = writtenSession([begun], { isOver: false });
    const entry = await driver.open({ recording: 'written', at: 'end' });
    assert.deepEqual((await driver.stack(entry.threadId)).map(({ name }) => name).slice(0, 1), ['load']);
    recording.grow(0, awaited);
    const next = await driver.move('next', { threadId: MAIN });
    const lines = (await driver.stack(next.threadId)).map(({ name, line }) => `${name} ${line}`);
    assert.deepEqual(lines.slice(0, 2), ['load 10', 'main 2']);
  });
});

describe('the sources of a debug session', () => {
  const source = ['async function main() {', '  await step();', '}'];
  const text = `
    0 0 processBegin pid=100
    0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
    ${MS} 0 wait id=1 site="a.ts:2:3 await! main | step()" reason=future
  `;
  /** The text form of records has no hashes: they are given to the sites here. */
  const stackWith = async (
    lines: readonly string[] | null,
  ): Promise<[SessionDriver, DebugProtocol.StackFrame]> => {
    const { driver } = writtenSession([text], {
      sources: lines === null ? {} : { '/work/a.ts': lines.join('\n') },
      hashes: new Map(source.map((line, i) => [i + 1, hashLine(line)])),
    });
    const { threadId } = await driver.open({ recording: 'written', at: 'end' });
    return [driver, (await driver.stack(threadId))[0]!];
  };

  it('are the files on the disk, with the awaited text marked', async () => {
    const [, top] = await stackWith(source);
    assert.deepEqual(top.source, { name: 'a.ts', path: '/work/a.ts' });
    assert.deepEqual([top.line, top.column, top.endColumn], [2, 3, 15]);
  });

  it('are followed where lines have moved', async () => {
    const [, top] = await stackWith(['// new', '', ...source]);
    assert.equal(top.source!.path, '/work/a.ts');
    assert.equal(top.line, 4);
  });

  for (const [what, lines, words] of [
    ['gone', null, /The file is gone, or lies outside/],
    ['changed', ['async function main() {', '  await other();', '}'], /The file has changed since/],
  ] as const)
    it(`are shown as they were recorded where the file is ${what}`, async () => {
      const [driver, top] = await stackWith(lines);
      assert.equal(top.line, 2);
      const { sourceReference } = top.source!;
      const { content } = await driver.request<{ content: string }>('source', { sourceReference });
      const shown = content.split('\n');
      assert.deepEqual(shown.slice(0, 2), ['// main', '  step()']);
      assert.match(shown.at(-1)!, words);
      const { sources } = await driver.request<{ sources: DebugProtocol.Source[] }>('loadedSources');
      assert.deepEqual(
        sources.map(({ name, sourceReference: reference }) => [name, reference]),
        [['a.ts', sourceReference]],
      );
      await assert.rejects(driver.request('source', { sourceReference: 99 }), /no recorded source 99/);
    });

  it('outside the folders that may be opened are shown as they were recorded', async () => {
    const traceOf = tracedPrograms();
    const driver = new SessionDriver();
    const { threadId } = await driver.open({ recording: traceOf('race'), folders: ['/nowhere'] });
    const [top] = await driver.stack(threadId);
    assert.ok(top!.source!.sourceReference! > 0);
    assert.ok(!top!.source!.path!.startsWith('/'));
  });
});

describe('a debug session over several processes', () => {
  const process = (pid: number, parent: number, name: string): string => `
    ${pid} 0 processBegin pid=${pid} parentPid=${parent} argv="node\\n/work/${name}.mjs"
    ${pid} 0 activationBegin id=1 name="${name}" site="${name}.ts:1:1 function ${name}" kind=async-function
    ${pid + 10} 0 wait id=1 site="${name}.ts:2:3 await! ${name} | go()" reason=future
  `;
  const parts = [process(100, 1, 'parent'), process(200, 100, 'child')];

  it('asks the editor for a session each', async () => {
    const { driver } = writtenSession(parts);
    await driver.open({ recording: 'written' }, { supportsStartDebuggingRequest: true });
    assert.deepEqual(
      driver.requests.map(({ command, arguments: args }) => [command, args]),
      [
        [
          'startDebugging',
          {
            configuration: {
              type: 'simul',
              name: 'child.mjs (200)',
              recording: 'written',
              at: 'start',
              folders: [],
              process: 1,
            },
            request: 'launch',
          },
        ],
      ],
    );
    const { threads } = await driver.request<DebugProtocol.ThreadsResponse['body']>('threads');
    assert.deepEqual(
      threads.map(({ name }) => name),
      ['parent: runs at parent.ts:1'],
    );
  });

  it('shows one of them when it is asked for that', async () => {
    const { driver } = writtenSession(parts);
    const entry = await driver.open(
      { recording: 'written', process: 1 },
      { supportsStartDebuggingRequest: true },
    );
    assert.deepEqual(driver.requests, []);
    assert.equal((await driver.stack(entry.threadId))[0]!.name, 'child');
  });

  it('shows all of them in one session where the editor starts none', async () => {
    const { driver } = writtenSession(parts);
    await driver.open({ recording: 'written', at: 'end' });
    const { threads } = await driver.request<DebugProtocol.ThreadsResponse['body']>('threads');
    assert.deepEqual(threads.map(({ name }) => name).sort(), [
      'child: waits at child.ts:2',
      'parent: waits at parent.ts:2',
    ]);
  });
});

describe('findings of a debug session', function () {
  this.timeout(60_000);
  const traceOf = tracedPrograms();

  for (const [program, rule, line] of [['race', 'lost-update', 10]] as const)
    it(`of ${program}.mts stop at the first event of ${rule}, and come back to it`, async () => {
      const driver = new SessionDriver();
      await driver.open({ recording: traceOf(program), folders: [tree] });
      await driver.request('setExceptionBreakpoints', { filters: [rule] });
      const stopped = await driver.move('continue', { threadId: MAIN });
      assert.equal(stopped.reason, 'exception');
      const moment = await driver.request<{ timeNs: number }>('moment');
      const [top] = await driver.stack(stopped.threadId);
      assert.equal(top!.line, line);
      const info = await driver.request<DebugProtocol.ExceptionInfoResponse['body']>('exceptionInfo', {
        threadId: stopped.threadId,
      });
      assert.equal(info.exceptionId, rule);
      assert.ok(info.description!.length > 20);
      assert.match(info.details!.stackTrace!, /^proven by the records 0:\d+/);
      assert.equal(moment.timeNs, firstTimeOf(traceOf(program), info.details!.stackTrace!));
      await driver.move('continue', { threadId: MAIN });
      await driver.move('reverseContinue', { threadId: MAIN });
      assert.deepEqual(await driver.request('moment'), moment);
      await driver.request('setExceptionBreakpoints', { filters: [] });
      assert.equal(
        (await driver.move('reverseContinue', { threadId: MAIN })).description,
        'Beginning of the recording',
      );
      await assert.rejects(driver.request('exceptionInfo', { threadId: MAIN }), /at no finding or event/);
    });

  it('stop where the first task of a deadlock came to wait, and not at what it waited for before', async () => {
    const driver = new SessionDriver();
    await driver.open({ recording: traceOf('deadlock'), folders: [tree] });
    await driver.request('setExceptionBreakpoints', { filters: ['deadlock'] });
    const stopped = await driver.move('continue', { threadId: MAIN });
    assert.equal(stopped.reason, 'exception');
    const lines = (await driver.stack(stopped.threadId))
      .slice(0, 2)
      .map(({ name, line }) => `${name} ${line}`);
    assert.deepEqual(lines, ['Mutex.acquire 10', 'forwards 27']);
  });
});

/** The time of the earliest of the records that are named as "0:N", ns from the first record. */
function firstTimeOf(file: string, proof: string): number {
  const times = recordTimesOf(file);
  return Math.min(...[...proof.matchAll(/0:(\d+)/g)].map(([, number]) => times[Number(number) - 1]!));
}
