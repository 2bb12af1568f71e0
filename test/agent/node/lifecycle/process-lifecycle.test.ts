/**
 * The begin and the end of a process in a recording, however it ends; the program notices nothing.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { atOnce } from '../../../support/at-once.ts';
import { NODES, traceProgram } from '../trace-program.ts';

const last = (text: string | undefined): string => text?.trim().split('\n').at(-1) ?? '';

for (const { name, path: node } of NODES) {
  describe(`on ${name}, a process`, function () {
    this.timeout(30_000);

    it('records its end and its exit code', async () => {
      const { recordings, code } = await traceProgram(
        'async function f() { await null; process.exit(7) } f();',
        { node },
      );
      assert.equal(code, 7);
      assert.match(
        last(recordings[0]),
        /^0 processEnd by=\d+ exitCode=7 site="program.mjs:1:\d+ line f" how=called$/,
      );
    });

    for (const [what, source, end] of [
      ['that ran dry', 'setTimeout(() => {}, 1)', 'exit'],
      [
        'whose pipeline ends with a stream of a package, which has no state for reading',
        `import { Readable, Writable } from 'node:stream'; import { pipeline } from 'node:stream/promises';
        const last = new Writable({ write() {} });
        Object.defineProperty(last, '_readableState', { value: null });
        pipeline(Readable.from(['x']), last);`,
        'exit',
      ],
      ['whose exit listener calls for its end', `process.on('exit', () => process.exit(0));`, 'exit'],
      [
        'that a package ended',
        `setTimeout(() => process.emit('go')); process.on('go', process.exit)`,
        'called',
      ],
      [
        'that sent itself a signal',
        `setTimeout(() => process.kill(process.pid, 'SIGTERM'), 1);`,
        /^0 processEnd by=\d+ signal=15 site="program.mjs:1:\d+ line Timeout._onTimeout" how=signal$/,
      ],
      [
        'whose exit listener sent it a signal',
        `process.on('exit', () => process.kill(process.pid, 'SIGTERM'))`,
        /^0 processEnd by=\d+ signal=15 site="program.mjs:1:\d+ line process.<anonymous>" how=signal$/,
      ],
      [
        'that aborted',
        'setTimeout(() => process.abort(), 1)',
        /^0 processEnd by=\d+ signal=6 site=.* how=signal$/,
      ],
    ] as const) {
      it(`records how it ended, one ${what}`, async () => {
        const { recordings } = await traceProgram(`${source}; await 1;`, { node });
        if (typeof end !== 'string') assert.match(last(recordings[0]), end);
        else
          assert.match(last(recordings[0]), new RegExp(` processEnd .*how=${end}$|processEnd how=${end}$`));
      });
    }

    it('goes on after a signal to itself that it listens to', async () => {
      const program = `process.on('SIGTERM', () => { console.log('heard'); clearInterval(t); });
        const t = setInterval(() => {}, 1000); process.kill(process.pid, 'SIGTERM'); await 1;`;
      const { recordings, stdout, code } = await traceProgram(program, { node });
      assert.deepEqual([stdout, code], ['heard\n', 0]);
      assert.equal(last(recordings[0]), '0 processEnd how=exit');
    });

    it('takes an `exit` event of the program’s own making for no end', async () => {
      const program = `async function late() { await null; }
        setTimeout(() => { process.emit('exit', 0); late(); }, 1);`;
      const { recordings } = await traceProgram(program, { node });
      assert.match(recordings[0]!, /name="late"[^]*processEnd how=exit\n$/);
    });

    it('records the exit code of a program whose top level waits for ever, reported by Node or not', async () => {
      const { recordings, code } = await traceProgram('await new Promise(() => {});', { node });
      assert.equal(code, 13);
      assert.equal(last(recordings[0]), '0 processEnd exitCode=13 how=exit');
    });

    it('records the exit code that the user’s last handler set', async () => {
      const program = `async function f() { await null } f();
        process.on('exit', () => { process.exitCode = 5 });`;
      const { recordings, code } = await traceProgram(program, { node });
      assert.equal(code, 5);
      assert.equal(last(recordings[0]), '0 processEnd exitCode=5 how=exit');
    });

    it('records what runs in the user’s own exit handlers', async () => {
      const program = `async function late() { await null }
        process.on('exit', () => { late() });`;
      const { recordings } = await traceProgram(program, { node });
      assert.match(recordings[0]!, /name="late"/);
    });

    it('records the kind of an uncaught error, and fails as untraced', async () => {
      const program = `class Odd extends Error {}
        async function f() { await null; throw new Odd('x') } f(); setTimeout(() => console.log('never'), 1000);`;
      const { recordings, code, stdout } = await traceProgram(program, { node });
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(
        recordings[0]!,
        /^0 fact id=\d+ site="program.mjs:2:48 line f" text="Odd: x" called="program.mjs:2:63 call! <anonymous> \| f\(\)" what=unhandled$/m,
      );
      // Recorded once, though Node reports it twice: as a rejection, and as what ends the program.
      assert.equal(recordings[0]!.match(/ fact .*what=(?:unhandled|uncaught)/g)!.length, 1);
      assert.equal(last(recordings[0]), '0 processEnd exitCode=1 how=uncaught');
    });

    it('leaves the line of source above a fatal error to Node', async () => {
      const program = `async function f() { await null;
        throw new Error('x') } f();`;
      const [traced, untraced] = await Promise.all([
        traceProgram(program, { node }),
        traceProgram(program, { node, untraced: true }),
      ]);
      const excerpt = (stderr: string): string =>
        stderr
          .replace(/^\S*(?=program\.mjs)/, '')
          .split('\n', 3)
          .join('\n');
      assert.equal(
        excerpt(untraced.stderr),
        `program.mjs:2\n        throw new Error('x') } f();\n              ^`,
      );
      assert.equal(excerpt(traced.stderr), excerpt(untraced.stderr));
    });

    it('records what was thrown outside any task, and where', async () => {
      const program = `setTimeout(function tick() {
        throw Object.assign(new TypeError('no such\\n column'), { code: 7 }) }, 1);`;
      const { recordings, code } = await traceProgram(program, { node });
      assert.equal(code, 1);
      assert.match(
        recordings[0]!,
        /^0 fact .*site="program.mjs:2:29 line Timeout.tick" text="TypeError: no such column" what=uncaught$/m,
      );
    });

    it('records the task, the throw and the untaken call of an unhandled rejection', async () => {
      const program = `process.on('unhandledRejection', () => {});
        class Store { async load() { await null; throw new RangeError('far') } }
        async function main(store) {
          void store.load();
          const late = store.load().then(() => 1);
          new Promise((_, reject) => reject(5));
          await new Promise((done) => setTimeout(done, 2));
        }
        await main(new Store());`;
      const { recordings, code, stderr } = await traceProgram(program, { node });
      assert.deepEqual([code, stderr], [0, '']);
      const facts = recordings[0]!.match(/^0 fact .*$/gm)!;
      const [, act] = /activationBegin id=(\d+) .*name="Store\.load"/.exec(recordings[0]!)!;
      assert.deepEqual(facts, [
        `0 fact id=${Number(act) - 1} text="5" what=unhandled`,
        `0 fact id=${act} site="program.mjs:2:56 line Store.load" text="RangeError: far" called="program.mjs:4:16 call! main | store.load()" what=unhandled`,
        `0 fact id=${Number(act) + 1} site="program.mjs:2:56 line Store.load" text="RangeError: far" what=unhandled`,
      ]);
    });

    it('records which task failed with an error that was caught', async () => {
      const program = `async function load() { await null; throw new RangeError('far') }
        async function main() { try { await load() } catch { await null } try { throw 1 } catch {} }
        await main();`;
      const { recordings } = await traceProgram(program, { node });
      const [, act] = /activationBegin id=(\d+) .*name="load"/.exec(recordings[0]!)!;
      assert.deepEqual(recordings[0]!.match(/^0 fact .*$/gm), [
        `0 fact id=${act} text="RangeError: far" what=error`,
      ]);
    });

    it('runs no code of the user’s to inspect an error, and leaves stacks to their formatter', async () => {
      const program = `const say = (x) => { console.log('ran', x); return 'x' };
        const odd = [
          { get message() { return say('message') }, get name() { return say('name') }, toString: () => say('text') },
          new Proxy(new Error('p'), { get: () => say('get'), getPrototypeOf: () => say('proto') }),
          Object.defineProperty(new Error('m'), 'stack', { get: () => say('stack') }),
          null, undefined, Symbol('s'), 5n, 'text', () => {}, Object.create(null),
          new DOMException('gone', 'AbortError'), new (class Odd extends Error {})('o'),
        ];
        process.on('unhandledRejection', (error) => {
          if (error !== late) return;
          Error.prepareStackTrace = () => 'mine'; console.log(error.stack); delete Error.prepareStackTrace;
        });
        for (const one of odd) Promise.reject(one);
        const late = new RangeError('late');
        Promise.reject(late);`;
      const [traced, untraced] = await Promise.all([
        traceProgram(program, { node }),
        traceProgram(program, { node, untraced: true }),
      ]);
      assert.deepEqual([traced.stdout, traced.stderr], [untraced.stdout, untraced.stderr]);
      assert.equal(traced.stdout, 'mine\n');
      assert.deepEqual(
        [...traced.recordings[0]!.matchAll(/^0 fact .*text="(.*?)" (?:called=.*)?what=unhandled$/gm)].map(
          (it) => it[1],
        ),
        [
          'an object',
          'a proxy',
          'Error: m',
          'null',
          'undefined',
          'Symbol(s)',
          '5',
          '\\"text\\"',
          'a function',
          'an object',
          'AbortError: gone',
          'Odd: o',
          'RangeError: late',
        ],
      );
    });

    it('leaves unhandled rejections, listeners and thread ids as untraced', async () => {
      const program = `import { threadId } from 'node:worker_threads';
        process.on('worker', () => console.log('a worker'));
        process.on('unhandledRejection', (e) => console.log('unhandled', e));
        async function f() { await null; throw 5 } f();
        setTimeout(() => console.log(threadId, process.listenerCount('exit'), process.listenerCount('worker'),
          Object.keys(globalThis).join(), setTimeout.length, String(setTimeout), String(Promise.all), String(process.emit)), 50);`;
      const [traced, untraced] = await Promise.all([
        traceProgram(program, { node }),
        traceProgram(program, { node, untraced: true }),
      ]);
      assert.equal(traced.stdout, untraced.stdout);
      assert.equal(traced.code, 0);
    });

    it('has a main body from the first line to the end of the synchronous part', async () => {
      for (const file of ['program.cjs', 'program.mjs']) {
        const { text } = await traceProgram(
          'async function f() { await null }\nf();\nPromise.resolve().then(f);',
          {
            node,
            name: file,
          },
        );
        const lines = text.trim().split('\n');
        assert.equal(
          lines[0],
          `0 activationBegin id=1 site="${file}:1:1 line <main>" name="${file}" kind=main`,
        );
        assert.match(lines[1]!, /activationBegin id=2 parent=1 .*name="f"/);
        assert.ok(lines.indexOf('0 activationEnd id=1 outcome=ok') < lines.indexOf('0 run id=2'), text);
      }
    });

    it('ends its main body as failed where an error that nobody caught ends it', async () => {
      const rows = [
        ["import 'is-not-installed';", 'a.mjs', 'error'],
        ["throw new Error('no');", 'a.mjs', 'error'],
        ["throw new Error('no');", 'a.cjs', 'error'],
        ["setTimeout(() => { throw new Error('late'); }, 1);", 'a.mjs', 'ok'],
        ["process.on('uncaughtException', () => {}); throw new Error('no');", 'a.cjs', 'ok'],
      ] as const;
      const ends = await atOnce(rows, async ([program, name]) => {
        const { text } = await traceProgram(program, { node, name });
        return [program, name, /activationEnd id=1 .*outcome=(\w+)/.exec(text)?.[1] ?? text];
      });
      assert.deepEqual(ends, rows);
    });

    it('has a lane for each worker thread in the same part', async () => {
      const program = `import { Worker, isMainThread, parentPort } from 'node:worker_threads';
        async function work() { await null; parentPort.postMessage('done') }
        if (isMainThread) new Worker(new URL(import.meta.url)).on('message', console.log); else await work();`;
      const { recordings, stdout } = await traceProgram(program, { node });
      assert.equal(stdout, 'done\n');
      assert.equal(recordings.length, 1);
      assert.match(recordings[0]!, /^1 laneBegin .*kind=worker$/m);
      assert.match(recordings[0]!, /^1 activationBegin .*name="work"/m);
      assert.match(recordings[0]!, /^1 laneEnd how=exit$/m);
    });

    it('records that a worker thread was terminated, by whom and where', async () => {
      const program = `import { Worker, isMainThread, parentPort } from 'node:worker_threads';
        async function forever() { parentPort.postMessage(1); for (;;) await null }
        if (!isMainThread) await forever();
        else { const w = new Worker(new URL(import.meta.url)); w.on('message', () => w.terminate()) }`;
      const { recordings, code } = await traceProgram(program, { node });
      assert.equal(code, 0);
      const end = /^1 laneEnd by=\d+ exitCode=1 site="program\.mjs:4:\d+ line [^"]*" how=terminated$/m;
      assert.match(recordings[0]!, end);
    });

    it('has a part for each child process in the same recording', async () => {
      const program = `import { spawnSync } from 'node:child_process';
        const child = process.argv[1] + ''; async function f() { await null } await f();
        if (!process.env.CHILD) spawnSync(process.execPath, ['--require', process.execArgv[1], child],
          { env: { ...process.env, CHILD: '1' } });`;
      const { recordings } = await traceProgram(program, { node });
      assert.equal(recordings.length, 2);
    });

    it('keeps all but the last few milliseconds when it is killed', async () => {
      // The program prints its number of steps every 20 steps. The recording must hold all but
      // those of the last 20 ms.
      const program = `import { writeSync } from 'node:fs'; const wait = new Int32Array(new SharedArrayBuffer(4));
        async function step() {}
        async function steps() { for (let n = 1; ; n++) { await step(); Atomics.wait(wait, 0, 0, 1);
          if (n % 20 === 0) writeSync(1, n + '\\n') } }
        steps();`;
      let printed = 0;
      const { recordings, signal } = await traceProgram(program, {
        node,
        onOutput(stdout, kill) {
          printed = Number(stdout.trim().split('\n').at(-1));
          if (printed >= 200) kill();
        },
      });
      assert.equal(signal, 'SIGKILL');
      const made = recordings[0]!.match(/name="step"/g)!.length;
      assert.ok(made >= printed - 20, `${made} steps recorded, ${printed} printed`);
    });

    it('runs untouched where the folder cannot be written', async () => {
      const { stdout, stderr, code, recordings } = await traceProgram(
        `async function f() { await null; console.log('ran') } await f();`,
        { node, env: { SIMUL_RECORDING: '/proc/nowhere' } },
      );
      assert.deepEqual([stdout, stderr, code, recordings], ['ran\n', '', 0, []]);
    });
  });
}
