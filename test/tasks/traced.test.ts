/**
 * What the library writes into a recording, on each Node that is installed; small programs written
 * for each test.
 */
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../agent/node/trace-program.ts';
import { tree } from '../machine/tree.ts';

const library = pathToFileURL(join(tree, 'dist/index.js')).href;

/** The trace from the creation of main to its end, with times from there on. */
function ofMain(text: string): string[] {
  const lines = text.split('\n').filter((line) => line !== '');
  const first = lines.findIndex(
    (line) => line.includes(' activationBegin ') && line.includes(' name="main" kind=coroutine'),
  );
  const id = / id=(\d+) /.exec(lines[first]!)![1]!;
  const last = lines.findIndex((line) => line.includes(` activationEnd id=${id} `));
  const startNs = Number.parseInt(lines[first]!, 10);
  return lines
    .slice(first, last + 1)
    .map((line) => line.replace(/^\d+/, (ns) => String(Number(ns) - startNs)));
}

for (const node of NODES) {
  describe(`a traced program of the library on ${node.name}`, () => {
    it('leaves the same trace each time, to the nanosecond, with a seed on the virtual clock', async () => {
      const program = `
        import { Queue, random, run, sleep, spawn } from 'simul';
        await run(function* main() {
          const queue = new Queue({ capacity: 2, name: 'orders' });
          const draw = random(3);
          const workers = [0, 1, 2].map(() => spawn(function* worker() {
            yield* queue.each(function* () { yield* sleep(Math.floor(draw() * 1000)); });
          }));
          const other = spawn(async function other() {
            for (let n = 0; n < 3; n++) { await sleep(n * 100); await helper(); }
          });
          for (let item = 0; item < 6; item++) yield* queue.put(item);
          queue.close();
          for (const worker of workers) yield* worker;
          yield* other;
        }, { clock: 'virtual', seed: 5 });
        async function helper() { await Promise.resolve(); await sleep(5); }`;
      const texts: string[][] = [];
      for (let time = 0; time < 2; time++) {
        const { text, code, stderr } = await traceProgram(program, { node: node.path, times: 'ns' });
        assert.equal(code, 0, stderr);
        texts.push(ofMain(text));
      }
      assert.ok(texts[0]!.length > 50);
      assert.deepEqual(texts[1], texts[0]);
      const endMs = Number.parseInt(texts[0]!.at(-1)!, 10) / 1e6;
      assert.ok(endMs > 300, `it shows virtual time: ${endMs} ms`);
      assert.ok(!texts[0]!.join().includes('nondeterministic-order'));
    });

    it('says that the order is not promised where a task waited outside the library', async () => {
      const { text } = await traceProgram(
        `import { run, sleep } from 'simul';
        import { setTimeout as wait } from 'node:timers/promises';
        await run(async function asks() { await sleep(5); await wait(2); await wait(2); }, { clock: 'virtual' });`,
        { node: node.path },
      );
      const facts = text
        .split('\n')
        .filter((line) => line.includes(' fact ') && !line.includes('what=virtual'));
      assert.equal(facts.length, 1);
      assert.match(
        facts[0]!,
        /text="task \\?"asks\\?" waits for something that is not of this library" what=nondeterministic-order/,
      );
    });

    it('gives a task without a name the same name as untraced', async () => {
      const program = `import { run, spawn } from 'simul';
        await run(function* main() { console.log(spawn(() => {}).name, spawn(() => {}).name); });`;
      const { stdout } = await traceProgram(program, { node: node.path });
      assert.equal(stdout.trim(), 'task-2 task-3');
    });

    it('gives its tasks the same lines as untraced', async () => {
      const program = `import { run, spawn } from 'simul';
        await run(function* main() { console.log(spawn(() => {}).made.split('\\n').find((line) => line.includes('program'))); });`;
      const { stdout } = await traceProgram(program, { node: node.path });
      assert.match(stdout, /program\.mjs:2:50\)?$/m);
    });

    it('names the line of a task that is spawned into a group', async () => {
      const { text, code } = await traceProgram(
        `import { group, run } from 'simul';
        import * as other from 'node:child_process';
        const mine = { count: 0, spawn(more) { this.count += more; return this.count; } };
        await run(async function main() {
          if (other.spawn.length > 9 || mine.spawn(2) !== 2) process.exit(3);
          await group((g) => { g.spawn(async function boil() {}); });
        });`,
        { node: node.path },
      );
      assert.equal(code, 0);
      const boil = text.split('\n').find((line) => line.includes('name="boil" kind=async-task'));
      assert.match(boil!, /site="program\.mjs:6:32 call! .* \| g\.spawn\(async function boil\(\) \{\}\)"/);
    });

    it('names the task that ended a run: the last of those that were left', async () => {
      const { text } = await traceProgram(
        `import { run, sleep, spawn } from 'simul';
        await run(function* main() {
          spawn(function* left() { yield* sleep(500); }).onDone(() => {});
          yield* sleep(1);
        }, { deadline: 1e6 }).then(() => {});`,
        { node: node.path },
      );
      const left = /activationBegin id=(\d+) .*name="left"/.exec(text)![1]!;
      assert.match(text, new RegExp(`wake woken=2 waker=${left}\n`));
    });

    it('names each line, and a sleep as a timer that the world ended', async () => {
      const { text } = await traceProgram(
        `import { run, sleep } from 'simul';
        await run(function* main() { yield* sleep(2); yield* sleep(0); });`,
        { node: node.path },
      );
      const shown = text
        .split('\n')
        .filter((line) => / (wait|run|resourceBegin) /.test(line) && !line.includes(' await! '))
        .map((line) => line.replace(/^0 /, ''));
      const [main, two, none] = ['task', 'two', 'none'];
      const ids = new Map<string, string>();
      const named = shown.map((line) =>
        line.replaceAll(/(id|for|resource|waker)=(\d+)/g, (_all, key: string, id: string) => {
          if (!ids.has(id)) ids.set(id, [main, two, none][ids.size] ?? id);
          return `${key}=${ids.get(id)}`;
        }),
      );
      assert.deepEqual(named.slice(0, 7), [
        'run id=task',
        'resourceBegin id=two name="sleep 2 ms" kind=timer',
        'wait id=task site="program.mjs:2:38 yield! main | sleep(2)" for=two reason=timer',
        'run id=task resource=two waker=external',
        'resourceBegin id=none name="sleep 0 ms" kind=timer',
        'wait id=task site="program.mjs:2:55 yield! main | sleep(0)" for=none reason=timer',
        'run id=task resource=none waker=external',
      ]);
      assert.ok(!text.includes('setTimeout'), 'the library’s own timer is none of the program’s');
    });

    it('knows the task behind any await, and the line of a task that was never awaited: as untraced', async () => {
      const program = (from: string): string => `import { currentTask, Future, run, spawn } from '${from}';
        await run(async function main() {
          await new Promise((done) => setImmediate(done));
          console.log(currentTask().name);
          spawn(function* forgotten() {
            yield* new Future();
          });
          await new Promise((done) => setImmediate(done));
        });`;
      const traced = await traceProgram(program('simul'), { node: node.path });
      const untraced = await traceProgram(program(library), { node: node.path, untraced: true });
      for (const { stdout, stderr } of [traced, untraced]) {
        assert.equal(stdout, 'main\n');
        assert.match(
          stderr,
          /SIMUL_NEVER_AWAITED\] SimulWarning: task "forgotten", made at \S*program\.mjs:5:\d+, had not ended/,
        );
      }
      assert.match(traced.text, / fact id=\d+ .*what=never-awaited/);
    });
  });
}
