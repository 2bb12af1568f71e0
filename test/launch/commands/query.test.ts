import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { AnswerJson } from '../../../runtime/trace/queries/answer-json.ts';
import { killTree } from '../../machine/kill-tree.ts';
import { tree } from '../../machine/tree.ts';
import { temporaryFolders } from '../part-writer.ts';

const cli = join(tree, 'dist/cli.js');
const folder = temporaryFolders();

const PROGRAM = `
import { setTimeout as sleep } from 'node:timers/promises';
async function load(id) {
  await sleep(20);
  return id;
}
let last = 0; while (last < 5) last = (await load(last)) + 1;
`;

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly said: string;
}

function simul(at: string, ...args: readonly string[]): Ran {
  const env = { ...process.env, SIMUL_RECORDINGS: join(at, 'recordings'), SIMUL_CACHE: join(at, 'cache') };
  const ran = spawnSync(process.execPath, [cli, ...args], { cwd: at, encoding: 'utf8', env });
  return { status: ran.status, out: ran.stdout, said: ran.stderr };
}

function traced(source: string): string {
  const at = folder();
  writeFileSync(join(at, 'program.mjs'), source);
  const { status, said } = simul(at, 'trace', '--quiet', '--out', 'saved.simul', 'program.mjs');
  assert.equal(status, 0, said);
  return at;
}

const json = (ran: Ran): AnswerJson => {
  assert.equal(ran.status, 0, ran.said);
  return JSON.parse(ran.out) as AnswerJson;
};

describe('simul why', () => {
  it('says where the time went, as text and as JSON, of the trace, a line, a task and a moment', () => {
    const at = traced(PROGRAM);
    const { out } = simul(at, 'why', 'saved.simul');
    assert.match(
      out,
      /^`sleep\(20\)` at program\.mjs:4 in load took \d+ ms of the .* 5 times one after another\.\n(?:note: .*\n)?Where the time went:\n/,
    );
    const whole = json(simul(at, 'why', 'saved.simul', '--json'));
    assert.ok(out.startsWith(whole.verdict));
    assert.ok(whole.where.some(({ site }) => site?.line === 4));
    const line = json(simul(at, 'why', 'saved.simul', '--json', '--at', 'program.mjs:7'));
    assert.match(
      line.verdict,
      /^module program\.mjs waited \d+ ms at program\.mjs:4 \(in load, called at program\.mjs:7\)/,
    );
    const wait = line.causes.find(({ rule }) => rule === 'wait')!;
    assert.match(wait.words, /In all 5 waits passed through this line, \d+ ms long\./);
    const event = wait.events[0]!;
    const then = json(simul(at, 'moment', 'saved.simul', '--json', '--event', event));
    assert.ok(then.tasks!.some((task) => task.event === event && task.state === 'wait'));
    const again = json(simul(at, 'moment', 'saved.simul', '--json', '--time', `${then.timeNs}ns`));
    assert.deepEqual(again, then);
  });

  it('refuses in one sentence what it cannot answer', () => {
    const at = traced('await 1;');
    const rows: readonly (readonly [status: number, said: RegExp, ...args: string[]])[] = [
      [66, /^simul: gone\.simul cannot be opened: it does not exist\n$/, 'why', 'gone.simul'],
      [66, /^simul: no task is called "x"; the tasks are [^\n]*\n$/, 'why', 'saved.simul', '--task', 'x'],
      [66, /^simul: the recording ends at [^\n]*\n$/, 'moment', 'saved.simul', '--time', '1000s'],
      [66, /^simul: the trace holds no record 9:9\n$/, 'moment', 'saved.simul', '--event', '9:9'],
      [66, /^simul: there is no process 999999999\n$/, 'why', '--pid', '999999999'],
      [2, /^simul: why takes one saved trace or recording, or --pid [^\n]*\n$/, 'why'],
      [2, /^simul: --at takes FILE:LINE; it got "a\.ts" [^\n]*\n$/, 'why', 'saved.simul', '--at', 'a.ts'],
      [2, /^simul: --time takes ns, [^\n]*\n$/, 'why', 'saved.simul', '--time', '1 h'],
      [2, /^simul: why takes one of --at, [^\n]*\n$/, 'why', 'saved.simul', '--time', '1s', '--task', 'x'],
      [2, /^simul: moment takes either --time T or [^\n]*\n$/, 'moment', 'saved.simul'],
      [2, /^simul: --cursor takes what [^\n]*\n$/, 'why', 'saved.simul', '--json', '--cursor', '7'],
      [2, /^simul: --cursor and --bytes are for --json [^\n]*\n$/, 'why', 'saved.simul', '--cursor', '7'],
      [
        2,
        /^simul: --bytes takes a number of at least 2000 [^\n]*\n$/,
        'why',
        'saved.simul',
        '--json',
        '--bytes',
        '9',
      ],
    ];
    for (const [status, said, ...args] of rows) {
      const ran = simul(at, ...args);
      assert.equal(ran.status, status, args.join(' '));
      assert.match(ran.said, said);
      assert.equal(ran.out, '');
    }
  });

  it('says how to run a program that is not under trace', () => {
    const { status, said } = simul(folder(), 'why', '--pid', String(process.pid));
    assert.equal(status, 66);
    assert.match(said, /^simul: process \d+ does not run under trace; [^\n]* trace -- COMMAND\n$/);
  });

  it('says of a running program what it waits for', async () => {
    const at = folder();
    writeFileSync(
      join(at, 'program.mjs'),
      `const timer = setInterval(() => {}, 10_000);
       async function answer() {
         await new Promise(() => console.log(process.pid));
       }
       await answer();`,
    );
    const env = { ...process.env, SIMUL_RECORDINGS: join(at, 'recordings'), SIMUL_CACHE: join(at, 'cache') };
    const child = spawn(process.execPath, [cli, 'trace', '--quiet', 'program.mjs'], {
      cwd: at,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [printed] = (await once(child.stdout, 'data')) as [Buffer];
      const pid = String(printed).trim();
      const said = waitFor(at, pid);
      assert.match(said, /program\.mjs:3/);
    } finally {
      killTree(child.pid);
    }
  });
});

/** Asks until the wait stands in the recording: what is written last comes a little later. */
function waitFor(at: string, pid: string): string {
  for (let tries = 0; tries < 50; tries++) {
    const { out } = simul(at, 'why', '--pid', pid, '--task', 'answer');
    if (/program\.mjs:3/.test(out)) return out;
    const { out: whole } = simul(at, 'why', '--pid', pid, '--at', 'program.mjs:3');
    if (whole !== '') return whole;
  }
  return '';
}
