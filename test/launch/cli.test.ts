import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'mocha';
import type { AnswerJson } from '../../runtime/trace/queries/answer-json.ts';
import type { AttributionJson } from '../../runtime/launch/summary/attribution-lines.ts';
import type { TraceJson } from '../../runtime/launch/json/trace-json.ts';
import { tree } from '../machine/tree.ts';
import { atOnce } from '../support/at-once.ts';
import { temporaryFolders } from './part-writer.ts';

const cli = join(tree, 'dist/cli.js');
const folder = temporaryFolders();

const ASYNC = `
  import { setTimeout as sleep } from 'node:timers/promises';
  async function inner(ms) { await sleep(ms); return ms; }
  async function outer() { return (await inner(3)) + (await inner(2)); }
  const sum = await Promise.all([outer(), outer()]);
  console.log(sum.join());
`;

/** Recordings and cache stay in the test's folder, apart from the user's. */
const environmentIn = (at: string): NodeJS.ProcessEnv => ({
  ...process.env,
  SIMUL_RECORDINGS: join(at, 'recordings'),
  SIMUL_CACHE: join(at, 'cache'),
});

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly said: string;
}

function simul(at: string, args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}): Ran {
  const ran = spawnSync(process.execPath, [cli, ...args], {
    cwd: at,
    input,
    encoding: 'utf8',
    env: { ...environmentIn(at), ...env },
  });
  return { status: ran.status, out: ran.stdout, said: ran.stderr };
}

/** The same for several at a time. */
async function simulApart(at: string, args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [cli, ...args], { cwd: at, env: environmentIn(at) });
  child.stdin.end();
  const [out, said, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status, out, said };
}

function program(at: string, source: string, name = 'program.mjs'): string {
  writeFileSync(join(at, name), source);
  return name;
}

/** Simul said one sentence, marked as its own: no stack, no internals. */
function assertOneSentence(said: string): void {
  assert.match(said, /^simul: [^\n]+\n$/);
}

describe('simul trace', () => {
  it('leaves input, output, arguments and exit status to the program', () => {
    const at = folder();
    const name = program(
      at,
      `for await (const chunk of process.stdin) process.stdout.write(String(chunk).toUpperCase());
       console.error('on stderr'); console.log(process.argv.slice(2).join(' ')); process.exitCode = 7;`,
    );
    const ran = simul(at, ['trace', '--quiet', name, '--out', 'x', '--', '-v'], 'some input\n');
    assert.deepEqual(ran, { status: 7, out: 'SOME INPUT\n--out x -- -v\n', said: 'on stderr\n' });
  });

  it('says what ran, who waited longest and where the recording is, on stderr alone', () => {
    const at = folder();
    // Each of its waits is of two: on a busy machine a timer may end late.
    const slow = ASYNC.replace('inner(3)', 'inner(300)').replace('inner(2)', 'inner(300)');
    const { status, out, said } = simul(at, ['trace', program(at, slow)]);
    assert.equal(status, 0);
    assert.equal(out, '600,600\n');
    assert.match(said, /^simul: node program\.mjs \(node v[\d.]+\) ran .* and ended with exit code 0\.$/m);
    assert.match(said, /^simul: Longest wait: /m);
    assert.match(said, /^simul: Longest wait: .* at program\.mjs:5 for Promise\.all of 2 promises\./m);
    assert.match(said, /^simul: Who ended a wait is known for \d+ % of /m);
    const recording = /^simul: recorded in (.*)$/m.exec(said)?.[1];
    assert.ok(
      said.includes(`\nsimul: look at it with: node ${cli} show ${recording}, or in VS Code: `),
      said,
    );
    assert.ok(recording !== undefined && existsSync(recording));
    assert.equal(statSync(recording).mode & 0o777, 0o700);
  });

  it('says no word of where to look when the panel shows the recording already', () => {
    const at = folder();
    const { said } = simul(at, ['trace', '--in-panel', '--recording', 'mine', program(at, ASYNC)]);
    assert.match(said, /ended with exit code 0\.$/m);
    assert.doesNotMatch(said, /recorded in|look at it with/);
  });

  it('saves what the recording holds, and both show the same', () => {
    const at = folder();
    const { said } = simul(at, ['trace', '--out', 'saved.simul', '--recording', 'mine', program(at, ASYNC)]);
    assert.match(said, /^simul: saved as saved\.simul \(\d+ records, \d+ bytes\)$/m);
    const ofFile = simul(at, ['show', '--json', 'saved.simul']).out;
    assert.equal(ofFile, simul(at, ['show', '--json', 'mine']).out);
    assert.deepEqual(
      readdirSync(at).filter((name) => name.includes('tmp')),
      [],
    );
    const json = JSON.parse(ofFile) as TraceJson;
    const outers = json.tasks.filter(({ name }) => name === 'outer');
    assert.deepEqual(
      outers.map(({ kind, state, outcome }) => [kind, state, outcome]),
      [
        ['async-function', 'ended', 'ok'],
        ['async-function', 'ended', 'ok'],
      ],
    );
    for (const outer of outers) {
      assert.match(outer.id, /^0:\d+$/);
      assert.equal(outer.site?.line, 4);
      assert.ok(outer.site?.file.endsWith('program.mjs'));
      assert.deepEqual(
        outer.waits.map((wait) => [wait.reason, wait.resourceName, wait.site?.text]),
        [
          ['timer', 'setTimeout 3 ms', 'sleep(ms)'],
          ['timer', 'setTimeout 2 ms', 'sleep(ms)'],
        ],
      );
      // Node counts from the loop's time, which may lag: a timer can be earlier than its name.
      assert.ok(outer.waitNs > 0);
    }
    assert.equal(json.lost, 0);
    assert.deepEqual(json.troubles, []);
  });

  it('ends with 128 + the signal that ended the program', () => {
    const at = folder();
    const name = program(at, `process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);`);
    assert.equal(simul(at, ['trace', '--quiet', name]).status, 137);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`passes ${signal} on to the program and ends as the program does`, async () => {
      const at = folder();
      const name = program(
        at,
        `process.on('${signal}', () => { console.log('asked to end'); process.exit(9); });
         setInterval(() => {}, 1000); console.log('up');`,
      );
      const child = spawn(process.execPath, [cli, 'trace', '--quiet', name], {
        cwd: at,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: environmentIn(at),
      });
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => {
        if (out === '') child.kill(signal);
        out += String(chunk);
      });
      const [status] = (await once(child, 'close')) as [number | null];
      assert.equal(status, 9);
      assert.equal(out, 'up\nasked to end\n');
    });
  }

  it('opens the recording of a killed program, and calls its tasks lost', () => {
    const at = folder();
    const name = program(
      at,
      `import { setTimeout as sleep } from 'node:timers/promises';
       let steps = 0;
       async function forever() { for (;;) { await sleep(1); steps++; } }
       void forever(); while (steps < 20) await sleep(1); await sleep(60); process.kill(process.pid, 'SIGKILL');`,
    );
    const { status, said } = simul(at, ['trace', '--recording', 'cut', name]);
    assert.equal(status, 137);
    assert.match(said, /was ended by SIGKILL, which it sent to itself at program\.mjs:4\.$/m);
    const json = JSON.parse(simul(at, ['show', '--json', 'cut']).out) as TraceJson;
    const task = json.tasks.find((it) => it.name === 'forever');
    assert.equal(task?.outcome, 'lost');
    assert.notEqual(task?.state, 'ended');
    assert.ok(task!.waits.length > 5);
    assert.equal(json.processes[0]?.ended, 'signal');
  });

  it('traces every Node process of a command', () => {
    const at = folder();
    program(at, ASYNC);
    const { status, out } = simul(at, [
      'trace',
      '--quiet',
      '--recording',
      'two',
      '--',
      'sh',
      '-c',
      `"${process.execPath}" program.mjs && "${process.execPath}" program.mjs; exit 4`,
    ]);
    assert.equal(status, 4);
    assert.equal(out, '5,5\n5,5\n');
    const json = JSON.parse(simul(at, ['show', '--json', 'two']).out) as TraceJson;
    assert.equal(json.processes.length, 2);
    assert.deepEqual(
      [...new Set(json.tasks.filter(({ name }) => name === 'outer').map(({ id }) => id.split(':')[0]))],
      ['0', '1'],
    );
  });

  it('runs several copies at once, into one recording', () => {
    const at = folder();
    const name = program(
      at,
      `import { existsSync, writeFileSync } from 'node:fs';
       import { setTimeout as sleep } from 'node:timers/promises';
       writeFileSync(process.pid + '.here', '');
       const { readdirSync } = await import('node:fs');
       // Each waits until it sees the others: only at once can this end.
       while (readdirSync('.').filter((it) => it.endsWith('.here')).length < 3) await sleep(1);
       console.log('all here');`,
    );
    const { status, out } = simul(at, ['trace', '--quiet', '--copies', '3', '--recording', 'three', name]);
    assert.equal(status, 0);
    assert.equal(out, 'all here\n'.repeat(3));
    const json = JSON.parse(simul(at, ['show', '--json', 'three']).out) as TraceJson;
    assert.equal(json.processes.length, 3);
    assert.deepEqual(
      json.processes.map(({ exitCode }) => exitCode),
      [0, 0, 0],
    );
  });

  it('passes on no signal that the whole group got, and every one that came to it alone', async () => {
    const at = folder();
    const name = program(
      at,
      `let got = 0;
       for (const name of ['SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGINT', 'SIGHUP'])
         process.on(name, () => { console.log(name); if (++got === 5) setTimeout(() => process.exit(3), 100); });
       setInterval(() => {}, 1000); console.log('up');`,
    );
    for (const isGroup of [false, true]) {
      const child = spawn(process.execPath, [cli, 'trace', '--quiet', name], {
        cwd: at,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: environmentIn(at),
      });
      const signals = ['SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGINT', 'SIGHUP'] as const;
      let out = '';
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
      child.stdout.on('data', (chunk: Buffer) => {
        out += String(chunk);
        // One after another: signals that are pending together come in no order.
        const seen = out.split('\n').length - 2;
        const next = signals[seen];
        if (next !== undefined) process.kill(isGroup ? -child.pid! : child.pid!, next);
      });
      const [status] = (await once(child, 'close')) as [number | null];
      assert.deepEqual([status, out, said], [3, `up\n${signals.join('\n')}\n`, '']);
    }
  });

  it('leaves no orphan when it is killed', async () => {
    const at = folder();
    const name = program(at, `setInterval(() => {}, 1000); console.log(process.pid);`);
    const child = spawn(process.execPath, [cli, 'trace', '--quiet', name], {
      cwd: at,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: environmentIn(at),
    });
    child.stdout.once('data', () => child.kill('SIGKILL'));
    // The program holds the pipe too: it closes when both are gone.
    await once(child.stdout, 'close');
  });

  it('ends as the program does when nobody reads what it says', () => {
    const at = folder();
    const name = program(at, `await new Promise((done) => setTimeout(done, 5)); process.exitCode = 6;`);
    const ran = spawnSync(
      'sh',
      ['-c', `("${process.execPath}" "${cli}" trace ${name} 2>&1; echo $? > status) | true`],
      { cwd: at, env: environmentIn(at) },
    );
    assert.equal(ran.status, 0);
    assert.equal(readFileSync(join(at, 'status'), 'utf8'), '6\n');
  });

  it('ends as the first of several copies that failed', () => {
    const at = folder();
    const name = program(at, `process.exitCode = 6;`);
    assert.equal(simul(at, ['trace', '--quiet', '--copies', '2', name]).status, 6);
    const { status, said } = simul(at, ['trace', '--copies', '0', name]);
    assert.equal(status, 2);
    assert.match(said, /--copies takes a number from 1 to 256/);
  });

  it('appends to NODE_OPTIONS and replaces nothing', () => {
    const at = folder();
    const name = program(
      at,
      `console.log(process.env.NODE_OPTIONS.startsWith('--no-deprecation --require='));`,
    );
    const ran = spawnSync(process.execPath, [cli, 'trace', '--quiet', name], {
      cwd: at,
      encoding: 'utf8',
      env: { ...environmentIn(at), NODE_OPTIONS: '--no-deprecation' },
    });
    assert.equal(ran.stdout, 'true\n');
  });

  it('says why a trace is thin', () => {
    const at = folder();
    const { said } = simul(at, ['trace', program(at, `console.log('hi');`)]);
    assert.match(said, /^simul: No task of the program was seen/m);
    const none = simul(at, ['trace', '--', 'true']);
    assert.match(none.said, /^simul: nothing was recorded: no Node or Python process/m);
  });

  it('says that a program does not parse, and in which line', () => {
    const at = folder();
    const { status, said } = simul(at, [
      'trace',
      program(at, 'let a;\nasync function x( {\n  await 1;\n}\n'),
    ]);
    assert.equal(status, 1);
    const ours = said.split('\n').filter((line) => line.startsWith('simul: '));
    assert.match(
      ours[1]!,
      /^simul: Not traced: .*program\.mjs could not be instrumented: does not parse: line 3: /,
    );
    assert.match(ours[2]!, /^simul: error: Nobody caught SyntaxError/);
    assert.match(ours[3]!, /^simul: recorded in /);
    assert.equal(ours.length, 5);
  });

  it('runs the program untraced where it cannot record, and says so in one sentence', () => {
    const at = folder();
    const name = program(at, `console.log('ran', process.env.SIMUL_RECORDING);`);
    const { status, out, said } = simul(at, ['trace', '--recording', join(name, 'x'), name]);
    assert.equal(status, 0);
    assert.equal(out, 'ran undefined\n');
    assertOneSentence(said);
    assert.match(said, /cannot be written: a part of its path is not a folder; the program runs untraced$/m);
  });

  it('goes on in another file where one may not grow further', () => {
    const at = folder();
    const many = `${ASYNC}; for (let i = 0; i < 5000; i++) await inner(0).then(() => {}); console.log('done');`;
    program(at, many.replaceAll('sleep(ms)', 'null'));
    // A file may not be larger than the limit: the recording goes on in another one.
    const ran = spawnSync(
      'sh',
      ['-c', `ulimit -f 64; exec "${process.execPath}" "${cli}" trace --recording full program.mjs`],
      { cwd: at, encoding: 'utf8', env: environmentIn(at) },
    );
    assert.equal(ran.status, 0);
    assert.equal(ran.stdout, '5,5\ndone\n');
    assert.match(ran.stderr, /^simul: .* tasks?, .* events?/m);
    const parts = readdirSync(join(at, 'full'));
    assert.ok(parts.length > 3 && parts.every((name) => statSync(join(at, 'full', name)).size <= 64 * 1024));
    const { out } = simul(at, ['show', '--json', '--limit', '10', 'full']);
    const json = JSON.parse(out) as TraceJson;
    assert.deepEqual([json.lost, json.troubles, json.processes[0]?.ended], [0, [], 'exit']);
  });

  it('refuses to write into a folder that holds a recording', () => {
    const at = folder();
    const name = program(at, ASYNC);
    simul(at, ['trace', '--quiet', '--recording', 'mine', name]);
    const before = readdirSync(join(at, 'mine'));
    const { status, said } = simul(at, ['trace', '--recording', 'mine', name]);
    assert.equal(status, 0);
    assert.match(said, /mine already holds a recording; the program runs untraced/);
    assert.deepEqual(readdirSync(join(at, 'mine')), before);
  });

  it('keeps the last ten recordings', () => {
    const at = folder();
    const name = program(at, '');
    for (let i = 0; i < 12; i++) {
      // No Node process in it: fast.
      simul(at, ['trace', '--quiet', '--', 'true']);
    }
    simul(at, ['trace', '--quiet', name]);
    assert.equal(readdirSync(join(at, 'recordings')).length, 10);
  }).timeout(20_000);

  it('refuses wrong usage in one sentence, each with its exit status', async () => {
    const at = folder();
    program(at, '', 'text.txt');
    program(at, `console.log('it ran');`, 'run.mjs');
    const cases: readonly (readonly [args: readonly string[], status: number, said: RegExp])[] = [
      [['trace', 'none.ts'], 127, /none\.ts does not exist/],
      [['trace', 'text.txt'], 2, /text\.txt is no program that Node runs/],
      [['trace', '.'], 127, /is a folder/],
      [['trace'], 2, /trace needs a program/],
      [['trace', '--'], 2, /needs a command/],
      [['trace', '--wrong', 'x.js'], 2, /^simul: there is no option --wrong \(--help tells/],
      [['trace', '--out', 'no/x.simul', 'run.mjs'], 73, /x\.simul: the folder \S+no does not exist$/m],
      [['trace', '--out', '.', 'run.mjs'], 73, /cannot be saved as \.: it is a folder$/m],
      [['trace', '--out'], 2, /--out needs a value/],
      [['show', '--bogus', 'x'], 2, /there is no option --bogus/],
      [
        ['show', '--limit', '-1', 'x'],
        2,
        /--limit needs a value; one that begins with a dash is written --limit=-…/,
      ],
      [['show', '--limit=-1', 'x'], 2, /--limit takes a whole number; it got "-1"/],
      [['show', '--json=yes', 'x'], 2, /--json takes no value/],
      [['--version', '--nothing'], 2, /there is no option --nothing/],
      [['trace', '--', './no-such-command'], 127, /cannot be started: it does not exist/],
      [['trace', '--', './text.txt'], 126, /cannot be started: permission is missing/],
      [['unknown'], 2, /there is no command "unknown"/],
      [['show'], 2, /show takes one/],
      [['show', '--json', '--limit', 'many', 'x'], 2, /--limit takes a whole number/],
      [['save', 'x'], 2, /save takes/],
      [['save', 'none', 'x.simul'], 66, /none cannot be saved: it does not exist/],
      [['save', 'text.txt', 'x.simul'], 66, /text\.txt is a file; save takes the folder of a recording/],
      [['save', '.', 'x.simul'], 66, /holds no recording/],
      [['save', '--last', '0', '.', 'x.simul'], 2, /--last takes a number of seconds, at least 1/],
      [['trace', '--copies', 'run.mjs'], 2, /--copies takes a whole number; it got "run\.mjs"/],
      [['try', 'run.mjs'], 2, /try runs an example of its own; to trace yours: simul trace run\.mjs/],
    ];
    const all = await atOnce(cases, ([args]) => simulApart(at, args));
    for (const [index, [args, status, said]] of cases.entries()) {
      const ran = all[index]!;
      assertOneSentence(ran.said);
      assert.match(ran.said, said);
      assert.equal(ran.status, status, `simul ${args.join(' ')}`);
      assert.equal(ran.out, '');
    }
  }).timeout(20_000);

  it('says where the CPU time went with --cpu, and leaves that option to the program behind its name', () => {
    const at = folder();
    const work = `function crunch(ms) {
      for (const until = process.cpuUsage().user + ms * 1000; process.cpuUsage().user < until;)
        for (let i = 0, x = 1; i < 1e5; i++) x = Math.sqrt(x + i);
    }
    console.log(process.argv.slice(2).join());
    crunch(Number(process.argv[2]));`;
    const name = program(at, work);
    const { status, out, said } = simul(at, ['trace', '--cpu', '--recording', 'r', name, '300', '--cpu']);
    assert.deepEqual([status, out], [0, '300,--cpu\n']);
    assert.match(said, /^simul: Where the CPU time went, from \d+ looks of a profiler:$/m);
    assert.match(said, /^simul: .* % {2}program\.mjs:1 in crunch, its own code$/m);
    const { cpu } = JSON.parse(simul(at, ['why', '--json', 'r']).out) as AnswerJson;
    assert.ok(cpu!.some(({ site, resource }) => site?.function === 'crunch' && resource === 'its own code'));
    assert.match(simul(at, ['show', '--attribution', 'r']).out, /; a profiler says of .* what worked\.$/m);
    const without = simul(at, ['trace', '--recording', 'w', name, '1', '--cpu']);
    assert.deepEqual([without.status, without.out], [0, '1,--cpu\n']);
    assert.doesNotMatch(without.said, /CPU time/);
  }).timeout(60_000);

  it('knows with --cpu what works outside of tasks, as in callbacks of a package', async () => {
    const at = folder();
    const folderOfPackage = join(at, 'node_modules', 'burner');
    mkdirSync(folderOfPackage, { recursive: true });
    writeFileSync(join(folderOfPackage, 'package.json'), '{ "name": "burner", "main": "index.js" }');
    const burner = `const { stat } = require('node:fs');
      exports.start = () => stat('.', () => {
        let times = 0;
        const timer = setInterval(() => {
          const until = process.cpuUsage().user + 20_000;
          while (process.cpuUsage().user < until) for (let i = 0, x = 1; i < 1e5; i++) x = Math.sqrt(x + i);
          if (++times === 30) clearInterval(timer);
        }, 5);
      });`;
    writeFileSync(join(folderOfPackage, 'index.js'), burner);
    const name = program(at, `require('burner').start();`, 'a.cjs');
    const unknownShare = async (recording: string, ...options: readonly string[]): Promise<number> => {
      const traced = await simulApart(at, ['trace', ...options, '--recording', recording, name]);
      assert.equal(traced.status, 0);
      const shown = await simulApart(at, ['show', '--attribution', '--json', recording]);
      const { lanes } = JSON.parse(shown.out) as AttributionJson;
      return lanes[0]!.unseenNs / lanes[0]!.cpuNs;
    };
    const [without, profiled] = await Promise.all([unknownShare('without'), unknownShare('with', '--cpu')]);
    assert.ok(without > 0.4, String(without));
    assert.ok(profiled < 0.15, String(profiled));
    assert.match(simul(at, ['why', 'with']).out, / % {2}code of burner$/m);
  }).timeout(60_000);

  it('takes the options of trace for its example', () => {
    const at = folder();
    const { status, said } = simul(at, ['try', '--recording', 'r', '--quiet']);
    assert.equal(status, 0, said);
    assert.equal(simul(at, ['show', '--summary', 'r']).status, 0);
  });

  it('says that its size limit is none, and takes the usual one', () => {
    const at = folder();
    const args = ['trace', '--quiet', '--recording', 'r', program(at, 'console.log(1)')];
    const { status, out, said } = simul(at, args, '', { SIMUL_LIMIT: '2 GB' });
    assert.deepEqual([status, out], [0, '1\n']);
    assert.equal(said, 'simul: SIMUL_LIMIT takes a number of bytes; it got "2 GB", and the limit is 2 GiB\n');
  });
});

describe('simul show', () => {
  it('refuses a file that is missing, empty, foreign or newer in one sentence each', () => {
    const at = folder();
    program(at, '', 'empty.simul');
    program(at, '{"traceEvents":[]}', 'chrome.json');
    const newer = Buffer.alloc(64);
    newer.write('SIMULTRC');
    newer.writeUInt16LE(7, 8);
    writeFileSync(join(at, 'newer.simul'), newer);
    for (const [name, words] of [
      ['none.simul', /none\.simul cannot be opened: it does not exist/],
      ['empty.simul', /empty\.simul cannot be opened: it is empty/],
      ['chrome.json', /chrome\.json cannot be opened: it is not a Simul trace/],
      ['newer.simul', /newer\.simul cannot be opened: it was saved by a newer Simul \(format 7/],
      ['.', /holds no recording/],
    ] as const) {
      const { status, out, said } = simul(at, ['show', '--json', name]);
      assert.equal(status, 66, name);
      assert.equal(out, '');
      assertOneSentence(said);
      assert.match(said, words);
    }
  });

  it('opens a cut trace as far as it is whole, and says at which byte it was cut', () => {
    const at = folder();
    simul(at, ['trace', '--quiet', '--out', 'whole.simul', program(at, ASYNC)]);
    const whole = readFileSync(join(at, 'whole.simul'));
    writeFileSync(join(at, 'cut.simul'), whole.subarray(0, whole.length - 3));
    const json = JSON.parse(simul(at, ['show', '--json', 'cut.simul']).out) as TraceJson;
    assert.match(json.troubles.join(), new RegExp(`cut\\.simul: it was cut at byte ${whole.length - 3}`));
    assert.ok(json.tasks.some(({ name }) => name === 'outer'));
    writeFileSync(join(at, 'short.simul'), whole.subarray(0, 300));
    for (const args of [['--json'], ['--summary'], []]) {
      const { status, out, said } = simul(at, ['show', ...args, 'short.simul']);
      assert.deepEqual([status, out], [66, '']);
      assertOneSentence(said);
      assert.match(said, /0 records before that are whole/);
    }
  });

  it('shows a recording as a table that says at least what the JSON says of each task', () => {
    const at = folder();
    simul(at, ['trace', '--quiet', '--recording', 'mine', program(at, ASYNC)]);
    const { status, out } = simul(at, ['show', 'mine']);
    assert.equal(status, 0);
    const json = JSON.parse(simul(at, ['show', '--json', 'mine']).out) as TraceJson;
    for (const task of json.tasks) {
      assert.match(out, new RegExp(`^${task.id} +${task.name}`, 'm'));
    }
    assert.match(out, /^0:\d+ +outer#1 +program\.mjs:4 .* ok .* at program\.mjs:3 for setTimeout [23] ms$/m);
  });

  it('bounds every list by --limit and counts what it left out', () => {
    const at = folder();
    simul(at, ['trace', '--quiet', '--recording', 'mine', program(at, ASYNC)]);
    const all = JSON.parse(simul(at, ['show', '--json', 'mine']).out) as TraceJson;
    const two = JSON.parse(simul(at, ['show', '--json', '--limit', '2', 'mine']).out) as TraceJson;
    const waitsOf = (json: TraceJson): number => json.tasks.reduce((sum, task) => sum + task.waits.length, 0);
    assert.equal(two.tasks.length, 2);
    assert.equal(two.truncated.tasks, all.tasks.length - 2);
    assert.equal(waitsOf(two) + two.truncated.waits, waitsOf(all));
    assert.equal(two.resources.length + two.truncated.resources, all.resources.length);
    assert.deepEqual(all.truncated, { tasks: 0, waits: 0, resources: 0, findings: 0 });
  });
});

describe('simul', () => {
  it('prints its version and its usage', () => {
    const at = folder();
    const { version } = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8')) as { version: string };
    assert.deepEqual(simul(at, ['--version']), { status: 0, out: `${version}\n`, said: '' });
    const help = simul(at, ['--help']);
    assert.equal(help.status, 0);
    for (const command of ['trace', 'show', 'save', 'try'])
      assert.match(help.out, new RegExp(`simul ${command}`));
    for (const args of [
      ['trace', '--help'],
      ['trace', '-h', 'x.js'],
      ['show', '--help'],
      ['save', '-h'],
      ['try', '--help'],
    ])
      assert.deepEqual(simul(at, args), help, args.join(' '));
    assert.equal(
      simul(at, ['trace', '--quiet', program(at, 'console.log(process.argv[2])'), '--help']).out,
      '--help\n',
    );
  });
});
