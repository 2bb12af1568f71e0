/** What is recorded of programs that are held: asked by the helper thread, or told by a call. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, type TraceOptions, traceProgram } from '../trace-program.ts';

/** Each hold as "SITE in NAME from SITE, how", once; columns and folders are left out. */
async function holdsOf(program: string, options: TraceOptions): Promise<string[]> {
  const { recordings, stderr, code } = await traceProgram(program, options);
  assert.equal(stderr, '', 'nothing is told of a debugger');
  assert.equal(code, 0);
  const holds = recordings
    .join('\n')
    .split('\n')
    .filter((line) => line.includes(' held ') && !line.includes('how=starved'));
  const place = (line: string, field: string): string => {
    const found = new RegExp(` ${field}="(?:[^"]*[\\\\/])?([^"/\\\\]+?):(\\d+):\\d+ line ([^"]*)"`).exec(
      line,
    );
    return found === null ? '' : `${found[3]}:${found[2]}`;
  };
  return [
    ...new Set(
      holds.map((line) => {
        const name = / name="([^"]*)"/.exec(line)?.[1] ?? '';
        const from = place(line, 'from');
        const how = / how=(\w+)/.exec(line)?.[1] ?? '';
        return `${place(line, 'site')}${name && ` in ${name}`}${from && ` from ${from}`}, ${how}`;
      }),
    ),
  ];
}

const includes = (holds: readonly string[], expected: string): void =>
  assert.ok(holds.includes(expected), `${expected} is not among\n${holds.join('\n')}`);

for (const { name, path: node } of NODES) {
  describe(`a held thread on ${name}`, function () {
    this.timeout(60_000);

    it('is told by function and line, in a task and in a plain callback', async () => {
      const program = `function crunch(ms) {
          for (const until = Date.now() + ms; Date.now() < until;) Math.sqrt(ms);
        }
        async function task() { await null;
          crunch(400); }
        task();
        setTimeout(() => {
          crunch(400);
        }, 5);`;
      for (const depth of ['full', 'light']) {
        const holds = await holdsOf(program, { node, name: 'a.cjs', env: { SIMUL_DEPTH: depth } });
        includes(holds, 'crunch:2 from task:5, sampled');
        includes(holds, 'crunch:2 from <anonymous>:8, sampled');
      }
    });

    it('is told of TypeScript, too, and not where a text names the inspector', async () => {
      // Node 20 reads these on the thread of the hooks.
      const program = `import { format } from 'node:util';
        function crunch(ms: number): void {
          for (const until = Date.now() + ms; Date.now() < until;) format(ms);
        }
        await null;
        crunch(400);`;
      const traced = { node, name: 'a.mts' };
      const holds = await holdsOf(program, traced);
      assert.ok(
        holds.some((hold) => hold.startsWith('crunch:3')),
        holds.join('\n'),
      );
      const inspecting = await holdsOf(`import 'node:inspector';${program}`, traced);
      assert.deepEqual(
        inspecting.filter((hold) => hold.endsWith(', sampled')),
        [],
      );
    });

    it('is not asked where Node has made no inspector: it would abort', async () => {
      // Reporters run in the process that runs the tests.
      const reporter = `export default async function* report(events) {
        for (const until = Date.now() + 400; Date.now() < until;);
        for await (const event of events) yield event.type === 'test:pass' ? 'passed' : '';
      }`;
      const { code, signal, stdout, stderr } = await traceProgram(
        `require('node:test').test('t', () => {});`,
        {
          node,
          name: 'a.test.cjs',
          args: ['--test', '--test-reporter', `data:text/javascript,${encodeURIComponent(reporter)}`],
        },
      );
      assert.deepEqual([code, signal, stderr], [0, null, '']);
      assert.match(stdout, /^passed/);
    });

    it('is told where V8 runs a pattern', async () => {
      const program = `const bad = /^(?:[a-z]+-?)+@$/;
        function check(text) {
          return bad.test(text);
        }
        for (let n = 20, t = Date.now(); Date.now() - t < 300; n++) { t = Date.now(); check('a'.repeat(n)); if (n > 28) break; }`;
      const holds = await holdsOf(program, { node, name: 'a.cjs' });
      includes(holds, 'check:3 in RegExp.test from <anonymous>:5, sampled');
    });

    it('is told of the main thread that stands, and of its worker that it was busy', async () => {
      const program = `const { Worker, isMainThread, parentPort } = require('node:worker_threads');
        function spin() { for (const until = Date.now() + 700; Date.now() < until;); }
        if (isMainThread) {
          const worker = new Worker(__filename);
          worker.postMessage(1);
          worker.once('online', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500));
        } else parentPort.once('message', () => {
          spin(); setTimeout(() => {}, 200); });`;
      const holds = await holdsOf(program, { node, name: 'a.cjs' });
      includes(holds, ', unseen');
      includes(holds, '<anonymous>:6 in Atomics.wait, call');
    });

    it('is told by calls that are known to block', async () => {
      const program = `import { execFileSync } from 'node:child_process';
        import { scryptSync } from 'node:crypto';
        function list() { return execFileSync(process.execPath, ['-e', 'setTimeout(() => {}, 60)']); }
        function key() { return scryptSync('a', 'b', 32, { N: 2 ** 15, maxmem: 2 ** 27 }); }
        async function run() {
          list();
          key();
        }
        await run();`;
      const holds = await holdsOf(program, { node, env: { NODE_OPTIONS: '' } });
      includes(holds, 'list:3 in execFileSync from <anonymous>:9, call');
      includes(holds, 'key:4 in scryptSync from <anonymous>:9, call');
    });

    it('names what asks for one tick after another', async () => {
      const program = `const until = Date.now() + 500;
        function again() {
          if (Date.now() < until)
            process.nextTick(again);
        }
        again();`;
      includes(await holdsOf(program, { node, name: 'a.cjs' }), 'again:4 in process.nextTick, rearmed');
    });

    it('is asked nothing while it waits for the world', async () => {
      const program = `const server = require('node:http').createServer((_, response) => response.end());
        server.listen(0, () => fetch('http://localhost:' + server.address().port).then(() =>
          setTimeout(() => { server.close(); server.closeAllConnections() }, 600)));`;
      const holds = await holdsOf(program, { node, name: 'a.cjs' });
      assert.deepEqual(
        holds.filter((hold) => hold.endsWith('sampled') && !hold.includes(' in ')),
        [],
      );
    });

    it('shows no stack of ours, to the program’s own formatter either', async () => {
      const program = `const { readFileSync } = require('node:fs');
        Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getFileName()).join();
        let lines = '';
        try { readFileSync('/no/such/file'); } catch (error) { lines = error.stack; }
        const own = lines.split(',').filter((name) => name.includes('dist/agent'));
        for (const until = Date.now() + 200; Date.now() < until;) new Error('x').stack;
        console.log(own.length, readFileSync.name, readFileSync.length, String(JSON.parse));`;
      const { stdout } = await traceProgram(program, { node, name: 'a.cjs' });
      assert.equal(stdout, '0 readFileSync 2 function parse() { [native code] }\n');
    });
  });
}
