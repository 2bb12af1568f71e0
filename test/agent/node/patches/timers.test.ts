/** A timer is a resource of the task that set it; its callback is an activation of that timer. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram, wakersOf } from '../trace-program.ts';

for (const { name, path: node } of NODES) {
  describe(`on ${name}, timers`, function () {
    this.timeout(30_000);

    it('belong to the task that set them, and their callbacks to them', async () => {
      const program = `async function setter() { setTimeout(function later() {}, 1); await null }
        await setter();`;
      for (const depth of ['full', 'light']) {
        const { text } = await traceProgram(program, { node, env: { SIMUL_DEPTH: depth } });
        const setter = /activationBegin id=(\d+) .*name="setter"/.exec(text)![1];
        const timer = new RegExp(
          `resourceBegin creator=${setter} id=(\\d+) name="setTimeout 1 ms" kind=timer`,
        ).exec(text)![1];
        const callback = new RegExp(
          `activationBegin id=(\\d+) parent=${setter} name="later" of=${timer} kind=timer-callback`,
        ).exec(text);
        assert.ok(callback, text);
        assert.match(text, new RegExp(`activationEnd id=${callback[1]} outcome=ok`));
      }
    });

    it('are those of the program, not those that Node’s fetch and servers set for themselves', async () => {
      const program = `import { createServer } from 'node:http';
        const server = createServer((request, response) => response.end('x'));
        async function main() {
          await new Promise((done) => server.listen(0, '127.0.0.1', done));
          const url = 'http://127.0.0.1:' + server.address().port;
          for (let i = 0; i < 2; i++) await (await fetch(url)).text();
          setTimeout(function onTick() { server.close(); server.closeAllConnections() }, 1);
        }
        main();`;
      const { text } = await traceProgram(program, { node });
      assert.deepEqual(
        text.match(/resourceBegin .*kind=timer/g)!.map((line) => /name="(.*?)"/.exec(line)![1]),
        ['setTimeout 1 ms'],
      );
      assert.equal(text.match(/kind=timer-callback/g)!.length, 1);
    });

    it('did not come where a signal ended the wait for them before', async () => {
      const program = `import { setTimeout as sleep } from 'node:timers/promises';
        const { signal } = new AbortController(), abort = new AbortController();
        async function whole() { await sleep(2, null, { signal }) }
        async function early() { await sleep(5000, null, { signal: AbortSignal.timeout(2) }) }
        async function told() { await sleep(6000, null, { signal: abort.signal }).catch(() => {}) }
        await whole(); await early().catch(() => {});
        setImmediate(() => abort.abort()); await told();`;
      const { text, stderr } = await traceProgram(program, { node });
      assert.equal(stderr, '');
      assert.deepEqual(
        ['whole', 'early', 'told'].flatMap((waiting) => wakersOf(text, waiting)),
        ['external setTimeout 2 ms', 'external an AbortSignal', 'external an AbortSignal'],
      );
    });

    it('record that a callback failed, and let the error through', async () => {
      const program = `async function setter() { setTimeout(() => { throw new Error('late') }, 1); await null }
        process.on('uncaughtException', (e) => console.log(e.message));
        await setter();`;
      const { text, stdout } = await traceProgram(program, { node });
      assert.equal(stdout, 'late\n');
      const callback = /activationBegin id=(\d+) .*kind=timer-callback/.exec(text)![1];
      assert.match(text, new RegExp(`activationEnd id=${callback} outcome=error`));
    });

    it('have an activation for each run of an interval, and one timer', async () => {
      const program = `async function setter() { let n = 0;
          await new Promise((done) => { const i = setInterval(() => { if (++n === 3) { clearInterval(i); done() } }, 1) }) }
        await setter();`;
      const { text } = await traceProgram(program, { node });
      assert.equal(text.match(/kind=timer-callback/g)!.length, 3);
      assert.equal(text.match(/name="setInterval 1 ms"/g)!.length, 1);
    });

    it('look, behave and fail as untraced', async () => {
      const program = `import timers from 'node:timers'; import * as promised from 'node:timers/promises'; import util from 'node:util';
        const say = (...x) => console.log(...x);
        for (const f of [setTimeout, setInterval, setImmediate, promised.setTimeout, promised.setImmediate])
          say(f.name, f.length, String(f), Reflect.ownKeys(f), util.inspect(f), 'prototype' in f);
        say(timers.setTimeout === setTimeout, util.promisify(setTimeout) === promised.setTimeout);
        for (const bad of [undefined, 'x', {}]) try { setTimeout(bad) } catch (e) { say(e.code, e.message) }
        const t = setTimeout(function (a, b) { say(this === t, a, b, this._onTimeout.name) }, 1, 'a', 'b');
        setTimeout(() => say(new Error('here').stack.split('\\n').slice(0, 3).map((l) => l.replace(/\\(.*\\//, '('))), 2);
        say(await promised.setTimeout(3, 'value'), await util.promisify(setTimeout)(1, 'v'), await promised.setImmediate('i'));
        const stop = new AbortController(); stop.abort();
        await promised.setTimeout(5, 0, { signal: stop.signal }).catch((e) => say(e.name, e.code));
        const i = setInterval(() => { say(i.hasRef(), typeof i._onTimeout); clearInterval(i) }, 1);`;
      const traced = await traceProgram(program, { node });
      const untraced = await traceProgram(program, { node, untraced: true });
      assert.equal(traced.stdout, untraced.stdout);
      assert.equal(traced.stderr, untraced.stderr);
    });

    it('let a program replace them by its own', async () => {
      const program = `const real = setTimeout; const fake = (f, ms) => { f(); return 1 }; globalThis.setTimeout = fake;
        async function f() { await new Promise((r) => setTimeout(r, 1e9)); console.log(setTimeout === fake) } await f();
        globalThis.setTimeout = real; await new Promise((r) => setTimeout(r, 1)); console.log('back');`;
      const { stdout } = await traceProgram(program, { node });
      assert.equal(stdout, 'true\nback\n');
    });
  });
}
