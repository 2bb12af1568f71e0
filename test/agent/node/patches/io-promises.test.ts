/** What a wait is for where no activation is awaited: Node's own functions, and `new Promise`. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

/** "io readFile": kind and name of the resource of each wait, in order; '' for none. */
function waitsFor(text: string): string[] {
  const resources = new Map<string, string>();
  for (const [, id, name, kind] of text.matchAll(
    /resourceBegin .*?\bid=(\d+) .*?name="([^"]*)".* kind=(\S+)/g,
  )) {
    resources.set(id!, `${kind} ${name}`);
  }
  for (const [, id, name] of text.matchAll(/activationBegin id=(\d+) .*?name="([^"]*)"/g))
    resources.set(id!, name!);
  return [...text.matchAll(/ wait id=\d+ (.*)/g)].map(
    ([, fields]) => resources.get(/ for=(\d+)/.exec(fields!)?.[1] ?? '') ?? '',
  );
}

/** The id of the resource of each wait for a resource of this kind. */
function waitTargets(text: string, kind: string): string[] {
  const of = new Set(
    [...text.matchAll(/resourceBegin .*?\bid=(\d+) .*kind=(\S+)/g)]
      .filter((match) => match[2] === kind)
      .map((match) => match[1]!),
  );
  return [...text.matchAll(/ wait id=\d+ .*?\bfor=(\d+)/g)]
    .map((match) => match[1]!)
    .filter((id) => of.has(id));
}

for (const { name, path: node } of NODES) {
  describe(`on ${name}, the resource of a wait`, function () {
    this.timeout(30_000);

    it('has the name of Node’s function that made the promise', async () => {
      const program = `import { EventEmitter, once } from 'node:events'; import { readFile, stat } from 'node:fs/promises';
        import { Readable } from 'node:stream'; import { finished } from 'node:stream/promises';
        async function main() {
          await readFile(import.meta.filename ?? new URL(import.meta.url));
          const emitter = new EventEmitter(); setTimeout(() => emitter.emit('ready'), 1); await once(emitter, 'ready');
          await finished(Readable.from(['a']).resume());
          await Promise.all([stat('.'), stat('/')]);
          await fetch('data:,x');
        }
        main();`;
      const { text, stderr } = await traceProgram(program, { node });
      assert.equal(stderr, '');
      assert.deepEqual(waitsFor(text), [
        'io readFile',
        'event ready',
        'io finished',
        'group Promise.all',
        'io fetch',
      ]);
      const group = /group parent=\d+ group=\d+ child=(\d+) count=2/.exec(text)![1];
      assert.match(text, new RegExp(`resourceBegin id=${group} name="stat" kind=io`));
    });

    it('has the place of its new Promise, or is what a chain of reactions begins with', async () => {
      const program = `let go;
        const made = () => new Promise((resolve) => { go = resolve });
        async function work() { await null }
        async function main() {
          const p = made(); setTimeout(go, 1);
          await p;
          await work().then(() => 1).catch(() => 2);
          await Promise.resolve().then(() => 3);
        }
        main();`;
      const { text } = await traceProgram(program, { node });
      const at = text.match(/resourceBegin .*kind=promise/g)!;
      assert.equal(at.length, 1);
      assert.match(at[0], /site="program.mjs:2:28 call made" name="made at program.mjs:2"/);
      assert.deepEqual(waitsFor(text), ['promise made at program.mjs:2', '', 'work', '']);
      assert.match(text, /wait id=\d+ site="program.mjs:7:11 await! .*" for=\d+ reason=future(?! direct)/);
    });

    it('is what a promise was resolved with, if that is not settled', async () => {
      const program = `let open;
        async function work() { await new Promise((resolve) => { open = resolve }) }
        async function waits(promise) { await promise }
        async function main() {
          const task = work();
          const locked = Promise.resolve().then(() => task);
          await null; await null; await null;
          const done = waits(locked);
          open();
          await done;
        }
        main();`;
      const { text } = await traceProgram(program, { node });
      assert.deepEqual(waitsFor(text), ['promise made at program.mjs:2', '', '', '', 'work', 'waits']);
    });

    it('differs between promises of one line that are awaited at once', async () => {
      const program = `const open = [];
        const made = () => new Promise((resolve) => { open.push(resolve) });
        async function waits(promise) { await promise }
        async function main() {
          const shared = made();
          const first = [waits(shared), waits(shared), waits(made()), waits(made().then(() => 1))];
          for (const resolve of open.splice(0)) resolve();
          await Promise.all(first);
          // Settled: it has the shared resource.
          await shared;
          for (let i = 0; i < 3; i++) { const next = waits(made()); open.pop()(); await next }
        }
        main();`;
      const { text } = await traceProgram(program, { node });
      const ids = waitTargets(text, 'promise');
      assert.equal(new Set(ids).size, 3, text);
      const [one, same, two, three, settled, ...later] = ids;
      assert.equal(one, same);
      assert.equal(new Set([one, two, three]).size, 3);
      assert.equal(settled, one);
      // One after the other: a released resource is acquired again.
      assert.equal(new Set(later).size, 1);
      assert.equal(text.match(/resourceBegin .*kind=promise/g)!.length, 3);
    });

    it('differs between calls of one function of Node that are awaited at once', async () => {
      const program = `import { readFile } from 'node:fs/promises'; const file = process.argv[1];
        async function read() { await readFile(file) }
        async function main() { await Promise.all([read(), read(), read()]); await read() }
        main();`;
      const { text } = await traceProgram(program, { node });
      const ids = waitTargets(text, 'io');
      assert.equal(ids.length, 4, text);
      assert.equal(new Set(ids.slice(0, 3)).size, 3);
      assert.equal(text.match(/resourceBegin .*name="readFile" kind=io/g)!.length, 3);
    });

    it('leaves Node’s functions as they look, behave and fail untraced', async () => {
      const program = `import fs from 'node:fs'; import * as promises from 'node:fs/promises'; import { once } from 'node:events';
        import util from 'node:util'; import events from 'node:events';
        const say = (...x) => console.log(...x);
        for (const f of [promises.readFile, promises.watch, once, fetch]) say(f.name, f.length, String(f), util.inspect(f), Reflect.ownKeys(f));
        say(fs.promises.readFile === promises.readFile, promises.default.readFile === promises.readFile, events.once === once);
        say(util.inspect(fs.promises) === util.inspect(promises.default), fs.promises.constants === fs.constants);
        async function main() {
          for (const bad of ['/nowhere/at/all', 3.5, null, {}]) await promises.readFile(bad).catch((e) => say(e.code, e.message, e.stack));
          try { await once(null, 'x') } catch (e) { say(e.code, e.message) }
          try { await fetch() } catch (e) { say(e.message) }
          say((await promises.readdir('/nowhere').catch((e) => e)).syscall);
        }
        await main();`;
      const traced = await traceProgram(program, { node });
      const untraced = await traceProgram(program, { node, untraced: true });
      const plain = (text: string): string => text.replace(/simul-traced-\w+/g, 'folder');
      assert.equal(plain(traced.stdout), plain(untraced.stdout));
      assert.equal(traced.stderr, untraced.stderr);
    });
  });
}
