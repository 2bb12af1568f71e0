import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { atOnce } from '../../../support/at-once.ts';
import { NODES, traceProgram, type TraceOptions } from '../trace-program.ts';

async function facts(what: string, source: string, options: TraceOptions): Promise<string[]> {
  const { text } = await traceProgram(source, options);
  return [...text.matchAll(new RegExp(`^0 fact (.*) what=${what}`, 'gm'))].map(([, fields]) => fields!);
}

for (const { name, path: node } of NODES) {
  describe(`on ${name}, the end of a process`, () => {
    it('cuts off what process.exit left unwritten', async () => {
      const long = `process.stdout.write('x'.repeat(3_000_000));\n`;
      const [fact, ...others] = await facts('cut-off', `${long}process.exit(0);\n`, { node });
      assert.match(fact!, /^site="program\.mjs:2:9 line " text="stdout" amount=\d{7}$/);
      assert.deepEqual(others, []);
      assert.deepEqual(await facts('cut-off', `${long}process.exitCode = 0;\n`, { node }), []);
      assert.deepEqual(await facts('cut-off', `console.log('short');\nprocess.exit(0);\n`, { node }), []);
    });

    it('comes after a second answer to a request, of whoever gives it', async () => {
      const source = (handler: string): string => `
        import http from 'node:http';
        const server = http.createServer((request, response) => {
          try { ${handler} } catch {}
        }).listen(0, '127.0.0.1', async () => {
          await fetch('http://127.0.0.1:' + server.address().port).then((response) => response.text());
          server.close();
        });`;
      const again = async (handler: string): Promise<string[]> =>
        (await facts('answered-again', source(handler), { node })).map((fact) =>
          fact.replace(/^.*text="([^"]*)".*$/, '$1'),
        );
      assert.deepEqual(
        await again(`response.statusCode = 404; response.end(); response.setHeader('a', 'b');`),
        ['own|404 Not Found'],
      );
      assert.deepEqual(
        await again(`response.write('a'); setImmediate(() => {
        try { response.writeHead(500); } catch {} response.end(); });`),
        ['open|200 OK'],
      );
      assert.deepEqual(
        await again(
          `response.setHeader('a', 'b'); response.end('c'); response.getHeader('a'); response.end();`,
        ),
        [],
      );
    });

    it('cuts off the calls that were still writing files, and no others', async () => {
      const source = `
        import { appendFile, writeFile } from 'node:fs';
        import fs from 'node:fs/promises';
        const path = (name) => new URL(name, import.meta.url).pathname;
        await fs.writeFile(path('done.txt'), 'x');
        try { writeFile(path('refused.txt'), 1n, () => {}); } catch {}
        await new Promise((done) => writeFile(path('done.txt'), 'x', done));
        void fs.appendFile(path('promise.txt'), 'x');
        writeFile(path('call.txt'), 'x', () => {});
        fs.readFile(path('done.txt'));
        process.exit(0);`;
      const found = await facts('cut-off', source, { node });
      assert.deepEqual(
        found.map((fact) => fact.replace(/:(\d+):\d+ line /g, ':$1')),
        [
          'site="program.mjs:11" text="the file promise.txt" called="program.mjs:8"',
          'site="program.mjs:11" text="the file call.txt" called="program.mjs:9"',
        ],
      );
    });

    it('opens no stream that the program did not open', async () => {
      const source = `
        import { writeSync } from 'node:fs';
        process.on('exit', () => writeSync(1, process.getActiveResourcesInfo().join() || 'none'));
        process.exit();`;
      const [traced, untraced] = [
        await traceProgram(source, { node }),
        await traceProgram(source, { node, untraced: true }),
      ];
      assert.equal(traced.stdout, untraced.stdout);
    });

    it('tells which timers of the program could not keep it alive, and no others', async () => {
      const source = `
        setTimeout(() => {}, 5000).unref();
        setInterval(() => {}, 5000).unref();
        clearTimeout(setTimeout(() => {}, 5000).unref());
        setTimeout(() => {}, 20).unref().ref();
        AbortSignal.timeout(5000);`;
      assert.deepEqual(await facts('unref-timer', source, { node }), [
        'id=1 site="program.mjs:2:36 line " text="setTimeout 5000 ms"',
      ]);
    });

    /** The client gives up a while after it is connected, however long that takes. */
    const shop = (handler: string): string => `
      import { createServer } from 'node:http'; const patience = new AbortController();
      const server = createServer((request, response) => {
        ${handler}
      });
      server.on('connection', () => setTimeout(() => patience.abort(), 300).unref());
      server.listen(0, '127.0.0.1', async () => {
        const url = 'http://127.0.0.1:' + server.address().port;
        await fetch(url + '/tea?key=1', { signal: patience.signal }).then((answer) => answer.text(), () => {});
        server.close();
        server.closeAllConnections();
      });`;

    it('tells the requests that were never answered, with the function that had them last', async () => {
      assert.deepEqual(await facts('never-answered', shop('if (request.url === "/") return;'), { node }), [
        'site="program.mjs:3:1 line " text="GET /tea" amount=5',
      ]);
      const inner = `
        const pass = (answer) => {
          answer.setHeader('x-a', '1');
        };
        pass(response);`;
      assert.deepEqual(await facts('never-answered', shop(inner), { node }), [
        'site="program.mjs:5:1 line pass" text="GET /tea" amount=7',
      ]);
    });

    it('tells when the client went, and nothing where the program heard of it', async () => {
      const late = 'setTimeout(() => {}, 400);';
      const [left] = await facts('client-left', shop(late), { node });
      const [, came, went] = /^text="(\d+)" amount=(\d+)$/.exec(left!)!;
      assert.ok(Number(came) > Number(went) + 100_000, left);
      for (const hears of ["response.on('close'", "request.on('aborted'", "request.socket.once('close'"])
        assert.deepEqual(await facts('never-answered', shop(`${hears}, () => {});`), { node }), [], hears);
    });

    it('tells no request that was answered, in part at least, or whose connection was cut', async () => {
      const handlers = [
        'response.end("tea");',
        'response.write("t");',
        'setTimeout(() => response.end("late"), 400);',
        'request.socket.destroy();',
        '',
      ];
      const told = await atOnce(handlers, (handler) => facts('never-answered', shop(handler), { node }));
      assert.deepEqual(
        told,
        handlers.map(() => []),
      );
    });

    it('shows requests and answers as untraced', async () => {
      const look = `
        const names = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(response), 'statusCode') !== undefined;
        response.statusCode = 201;
        response.write = response.write;
        try { response.setHeader('bad name', '1'); } catch (error) { console.log(error.stack.split('\\n').slice(0, 3).join()); }
        console.log(names, Object.keys(request).join(), Object.keys(response).join(), JSON.stringify(request.headers.host.length > 0));
        request.headers = { a: '1' };
        console.log(request.headers.a, response.statusCode, typeof response.setHeader, 'setHeader' in response);
        response.end('tea');`;
      const [traced, untraced] = [
        await traceProgram(shop(look), { node }),
        await traceProgram(shop(look), { node, untraced: true }),
      ];
      const plain = (output: string): string => output.replaceAll(/simul-traced-\w+/g, '');
      assert.equal(plain(traced.stdout), plain(untraced.stdout));
      assert.equal(traced.stderr, untraced.stderr);
    });
  });
}
