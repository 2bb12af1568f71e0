/** Whatever fails without anybody looking at it, in a program of its own, with its exit status. */
import { strict as assert } from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { before, describe, it } from 'mocha';
import { atOnce } from '../../support/at-once.ts';

const LIBRARY = new URL('../../../runtime/index.js', import.meta.url).href;

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const argsOf = (text: string, options: readonly string[]): string[] => {
  const program = `import * as simul from ${JSON.stringify(LIBRARY)};\nconst { Future, gather, race, run, sleep, spawn, timeout } = simul;\nconst boom = async () => { await sleep(1); throw new Error('lost'); };\n${text}`;
  return [...options, '--input-type=module', '-e', program];
};

function runProgram(text: string, ...options: readonly string[]): Ended {
  return spawnSync(process.execPath, argsOf(text, options), { encoding: 'utf8' });
}

/** The same for several at a time. */
async function runProgramApart(program: string): Promise<Ended> {
  const child = spawn(process.execPath, argsOf(program, []), { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}

/** What fails, and how it is called. */
const failing: Record<string, readonly [string, RegExp]> = {
  'a task': ["spawn(boom, { name: 'job' })", /task "job", made at /],
  'a gathering': ['gather([boom, boom])', /gather\(\) of 2 /],
  'a race': ['race([boom])', /race\(\) of 1 /],
  'a timeout': ['timeout(1000, boom)', /timeout\(\) of task "boom" /],
  'a group': ['simul.group(async (g) => { g.spawn(boom); })', /the group /],
  'a callback of then()': [
    "spawn(async () => 1).then(() => { throw new Error('lost'); })",
    /what a then\(\) gave /,
  ],
  'what follows a failure': ['spawn(boom).then(() => 1)', /what a then\(\) gave /],
  'a future that is rejected': ["new Future().reject(new Error('lost'))", /the future /],
  'a future that has failed': ["Future.failed(new Error('lost'))", /the future /],
  'a shield': ['simul.shield(boom)', /task "boom", made at /],
  'an operation of a queue': ['const q = new simul.Queue(); q.get(); q.close()', /get\(\) of the queue /],
};

/** By itself, and below a run. */
const bothWays = (fails: string): readonly string[] => [
  `${fails};`,
  `await run(async () => { ${fails}; await sleep(20); });`,
];

describe('A failure that nobody looks at', () => {
  const ended = new Map<string, Ended>();
  before(async function () {
    this.timeout(60_000);
    const programs = Object.values(failing).flatMap(([fails]) => bothWays(fails));
    await atOnce(programs, async (program) => {
      ended.set(program, await runProgramApart(`${program}\nconsole.log('goes on');`));
    });
  });

  for (const [title, [fails, name]] of Object.entries(failing)) {
    it(`is told with its name, and fails the program: ${title}`, () => {
      for (const program of bothWays(fails)) {
        const { status, stderr } = ended.get(program)!;
        assert.match(stderr, name);
        assert.match(stderr, /failed and nobody looked at it: /);
        assert.equal(stderr.match(/nobody looked at it/g)?.length, 1, stderr);
        assert.equal(status, 1);
      }
    });
  }

  it('is told at process.exit, whose status stands', () => {
    const { status, stderr } = runProgram('spawn(boom); setTimeout(() => process.exit(0), 20);');
    assert.match(stderr, /SIMUL_UNHANDLED_FAILURE.*task "boom"/);
    assert.equal(status, 0);
  });

  it('is left to a program that listens to unhandledRejection', () => {
    const { status, stdout } = runProgram(
      "process.on('unhandledRejection', (error) => console.log('heard', error.message)); spawn(boom);",
    );
    assert.equal(stdout.trim(), 'heard lost');
    assert.equal(status, 0);
  });

  it('gives no status to a program that wants none for rejections', () => {
    const { status, stderr } = runProgram('spawn(boom);', '--unhandled-rejections=warn');
    assert.match(stderr, /nobody looked at it/);
    assert.equal(status, 0);
  });

  it('is taken back by whoever looks at it late', () => {
    const late = 'const task = spawn(boom); await sleep(20); await task.catch(() => console.log("caught"));';
    const { status, stdout, stderr } = runProgram(`${late} await run(async () => { ${late} });`);
    assert.deepEqual([status, stdout, stderr], [0, 'caught\ncaught\n', '']);
  });

  it('is none where another looks at it', async () => {
    const looked = [
      'await gather([boom, boom]).catch(() => {});',
      'await race([boom, async () => sleep(50)]).catch(() => {});',
      'await gather([boom, boom], { returnErrors: true });',
      'const { done } = await simul.wait([boom]); done[0].error;',
      'await simul.group(async (g) => { g.spawn(boom); g.spawn(boom); }).catch(() => {});',
      'await timeout(5, boom).catch(() => {});',
      'await spawn(boom).then(() => 1, () => 2);',
      'await simul.retry(boom, { times: 2 }).catch(() => {});',
      'spawn(boom).finally(() => {}).catch(() => {}); await sleep(20);',
      // The end of the run cancels it.
      'gather([async () => sleep(1000)]).cancel();',
    ];
    const all = await atOnce(looked, async (looks) => {
      const { status, stderr } = await runProgramApart(`${looks} await run(async () => { ${looks} });`);
      return [looks, status, stderr];
    });
    assert.deepEqual(
      all,
      looked.map((looks) => [looks, 0, '']),
    );
  });

  it('is told, and tasks run, where the built-ins are frozen', () => {
    const text =
      "await run(async () => { await Promise.all([sleep(1), sleep(2), new simul.Lock().acquire()]); console.log('fine'); }); spawn(boom, { name: 'job' });";
    const { status, stdout, stderr } = runProgram(text, '--frozen-intrinsics');
    assert.match(stderr, /task "job", made at a line that was not kept, failed and nobody looked at it/);
    assert.deepEqual([stdout, status], ['fine\n', 1]);
  });

  it('fails the program, too, where a callback threw that nobody can catch', () => {
    const { status, stderr } = runProgram("spawn(async () => 1).onDone(() => { throw new Error('lost'); });");
    assert.match(stderr, /a callback of task ".*" threw: Error: lost/);
    assert.equal(status, 1);
  });
});

describe('The signal of a task', () => {
  it('cancels it, whatever error comes of that', () => {
    const { stdout, stderr } = runProgram(`
      const { setTimeout: wait } = await import('node:timers/promises');
      const { once, EventEmitter } = await import('node:events');
      const bodies = {
        timers: (signal) => wait(60_000, null, { signal }),
        events: (signal) => once(new EventEmitter(), 'never', { signal }),
        itself: (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      };
      for (const [name, body] of Object.entries(bodies)) {
        const task = spawn(async () => body(simul.currentTask().signal));
        await sleep(1);
        task.cancel();
        await simul.wait([task]);
        const limit = timeout(1, async () => body(simul.currentTask().signal));
        console.log(name, task.state, await limit.catch((error) => error.name));
      }
      const wraps = spawn(async () => {
        try { await wait(60_000, null, { signal: simul.currentTask().signal }); }
        catch (error) { throw new Error('not saved', { cause: error }); }
      });
      await sleep(1);
      wraps.cancel();
      await simul.wait([wraps]);
      console.log(wraps.state, wraps.error.message);`);
    const lines = ['timers', 'events', 'itself'].map((name) => `${name} cancelled TimeoutError`);
    assert.equal(stdout, `${lines.join('\n')}\nfailed not saved\n`, stderr);
  });
});
