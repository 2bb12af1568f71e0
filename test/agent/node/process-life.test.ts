/** What a recording says of a process's beginning and end, however it ends, and what the program must not notice. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from './trace-program.ts';

const last = (text: string | undefined): string => text?.trim().split('\n').at(-1) ?? '';

for (const { name, path: node } of NODES) {
  describe(`on ${name}, a process`, function () {
    this.timeout(30_000);

    it('says that it ended, and with which exit code', async () => {
      const { recordings, code } = await traceProgram(
        'async function f() { await null; process.exit(7) } f();',
        { node },
      );
      assert.equal(code, 7);
      assert.equal(last(recordings[0]), '0 processEnd exitCode=7 how=exit');
    });

    it('says the exit code of a program whose top level waits for ever, as Node tells it or not', async () => {
      const { recordings, code } = await traceProgram('await new Promise(() => {});', { node });
      assert.equal(code, 13);
      assert.equal(last(recordings[0]), '0 processEnd exitCode=13 how=exit');
    });

    it('says the exit code that the user’s last handler left', async () => {
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

    it('says which kind of error nothing caught, and fails as untraced', async () => {
      const program = `class Odd extends Error {}
        async function f() { await null; throw new Odd('x') } f(); setTimeout(() => console.log('never'), 1000);`;
      const { recordings, code, stdout } = await traceProgram(program, { node });
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(recordings[0]!, /^0 fact .*text="Odd" what=uncaught$/m);
      assert.equal(last(recordings[0]), '0 processEnd exitCode=1 how=uncaught');
    });

    it('leaves unhandled rejections, listeners and thread ids as untraced', async () => {
      const program = `import { threadId } from 'node:worker_threads';
        process.on('worker', () => console.log('a worker'));
        process.on('unhandledRejection', (e) => console.log('unhandled', e));
        async function f() { await null; throw 5 } f();
        setTimeout(() => console.log(threadId, process.listenerCount('exit'), process.listenerCount('worker'),
          Object.keys(globalThis).join(), setTimeout.length, String(setTimeout), String(Promise.all), String(process.emit)), 50);`;
      const traced = await traceProgram(program, { node });
      const untraced = await traceProgram(program, { node, untraced: true });
      assert.equal(traced.stdout, untraced.stdout);
      assert.equal(traced.code, 0);
    });

    it('gives its main body from the first line to the end of the synchronous part', async () => {
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

    it('gives worker threads lanes of their own in the same part', async () => {
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

    it('says that a worker thread was terminated', async () => {
      const program = `import { Worker, isMainThread, parentPort } from 'node:worker_threads';
        async function forever() { parentPort.postMessage(1); for (;;) await null }
        if (!isMainThread) await forever();
        else { const w = new Worker(new URL(import.meta.url)); w.on('message', () => w.terminate()) }`;
      const { recordings, code } = await traceProgram(program, { node });
      assert.equal(code, 0);
      assert.match(recordings[0]!, /^1 laneEnd exitCode=1 how=terminated$/m);
    });

    it('gives child processes parts of their own in the same recording', async () => {
      const program = `import { spawnSync } from 'node:child_process';
        const child = process.argv[1] + ''; async function f() { await null } await f();
        if (!process.env.CHILD) spawnSync(process.execPath, ['--require', process.execArgv[1], child],
          { env: { ...process.env, CHILD: '1' } });`;
      const { recordings } = await traceProgram(program, { node });
      assert.equal(recordings.length, 2);
    });

    it('keeps all but the last few milliseconds when it is killed', async () => {
      // Prints how many steps it has made, every 100 or so; the recording must hold all but 20 ms' worth of them.
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
