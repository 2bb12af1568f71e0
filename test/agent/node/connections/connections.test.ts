import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { NODES, traceProgram, type TraceOptions } from '../trace-program.ts';

/** "queued 3:5": what became of a request, by task and line. */
async function uses(source: string, options: TraceOptions): Promise<{ pools: string[]; uses: string[] }> {
  const { text, stderr } = await traceProgram(source, options);
  assert.equal(stderr, '');
  return {
    pools: [...text.matchAll(/^0 resourceBegin (?:creator=\d+ )?id=\d+ (.*) kind=connections bounded/gm)].map(
      ([, fields]) => fields!.replace(/:\d+:\d+ line /, (place) => place.replace(/:\d+ line $/, '')),
    ),
    uses: [...text.matchAll(/^0 use (.*) how=(queued|holds|unread|gave-back)/gm)].map(
      ([, fields, how]) => `${how} ${/site="program\.\w+:(\d+):/.exec(fields!)?.[1] ?? '?'}`,
    ),
  };
}

/** A server that answers `/held` once in a while, and everything else at once. */
const SERVER = `
  import http from 'node:http';
  import https from 'node:https';
  import net from 'node:net';
  const held = [];
  const server = http.createServer((request, response) => {
    if (request.url === '/held') return void held.push(response);
    if (request.url === '/big') return void response.end('x'.repeat(1_000_000));
    response.end('x');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  const free = setInterval(() => { for (const response of held.splice(0)) response.end('x'); }, 20);
  const get = (agent, path, host = '127.0.0.1') => new Promise((done, fail) => {
    http.get({ host, port, path, agent }, (answer) => answer.resume().on('end', done)).on('error', fail);
  });
  const end = () => { clearInterval(free); server.close(); server.closeAllConnections(); };
`;
const FIRST = SERVER.split('\n').length;
const program = (...lines: readonly string[]): string => SERVER + lines.join('\n');

for (const { name, path: node } of NODES) {
  describe(`on ${name}, the agents of http`, () => {
    it('tell who waits for a socket, who has it, and what the agent is called', async () => {
      const found = await uses(
        program(
          `const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });`,
          `const long = get(agent, '/held');`,
          `const short = get(agent, '/a');`,
          `await long; await short; agent.destroy(); end();`,
        ),
        { node },
      );
      assert.deepEqual(found.pools, [`site="program.mjs:${FIRST}" name="agent" capacity=1`]);
      assert.deepEqual(
        found.uses.map((use) => use.split(' ')[0]),
        ['holds', 'queued', 'gave-back', 'holds', 'gave-back'],
      );
    });

    it('are silent where no request waits, whatever their limit', async () => {
      const lines = [
        `for (const agent of [new http.Agent({ maxSockets: 2 }), new http.Agent(), undefined])`,
        `  await Promise.all([get(agent, '/a'), get(agent, '/b')]);`,
        `end();`,
      ];
      assert.deepEqual(await uses(program(...lines), { node }), { pools: [], uses: [] });
    });

    it('count sockets of one origin, or of all where that is the limit', async () => {
      const lines = (options: string): string[] => [
        `const agent = new http.Agent(${options});`,
        `const long = get(agent, '/held');`,
        `const other = get(agent, '/b', 'localhost');`,
        `const same = get(agent, '/a');`,
        `await Promise.all([long, other, same]); end();`,
      ];
      const each = await uses(program(...lines('{ maxSockets: 1 }')), { node });
      assert.match(each.pools.join(), /^site="\S+" name="agent" capacity=1$/);
      assert.equal(each.uses.filter((use) => use.startsWith('queued')).length, 1);
      const all = await uses(program(...lines('{ maxTotalSockets: 1 }')), { node });
      assert.match(all.pools.join(), /^site="\S+" name="agent" capacity=1$/);
      assert.equal(all.uses.filter((use) => use.startsWith('queued')).length, 2);
    });

    it('have the names of their classes, of properties, and of those that Node makes', async () => {
      const lines = (make: string): string[] => [
        make,
        `const both = [get(agent, '/a'), get(agent, '/b')];`,
        `await Promise.all(both); agent.destroy(); end();`,
      ];
      const nameOf = async (make: string): Promise<string> =>
        /name="(.*?)"/.exec((await uses(program(...lines(make)), { node })).pools.join())?.[1] ?? '';
      const own = `class Own extends http.Agent {\n constructor() {\n super({ maxSockets: 1 }); } }`;
      assert.equal(await nameOf(`${own}\nconst agents = [new Own()], [agent] = agents;`), 'Own');
      assert.equal(
        await nameOf(`const { client: agent } = { client: new http.Agent({ maxSockets: 1 }) };`),
        'client',
      );
      assert.equal(
        await nameOf(`http.globalAgent.maxSockets = 1; const agent = http.globalAgent;`),
        'http.globalAgent',
      );
    });

    it('are those of https, too', async () => {
      const found = await uses(
        program(
          `const secure = new https.Agent({ maxSockets: 1 });`,
          `secure.createConnection = () => net.connect(port, '127.0.0.1');`,
          `const ask = () => new Promise((done) => https.get({ host: '127.0.0.1', port, agent: secure }, (answer) => answer.resume().on('end', done)));`,
          `await Promise.all([ask(), ask()]); end();`,
        ),
        { node },
      );
      assert.match(found.pools.join(), /^site="\S+" name="secure" capacity=1$/);
      const ofNode = await uses(
        program(
          `https.globalAgent.createConnection = () => net.connect(port, '127.0.0.1');`,
          `https.globalAgent.maxSockets = 1;`,
          `const ask = () => new Promise((done) => https.get({ host: '127.0.0.1', port }, (answer) => answer.resume().on('end', done)));`,
          `await Promise.all([ask(), ask()]); https.globalAgent.destroy(); end();`,
        ),
        { node },
      );
      assert.deepEqual(ofNode.pools, ['name="https.globalAgent" capacity=1']);
    });

    it('tell at the end which answers nobody read, where another request waits', async () => {
      const lines = (then: string): string[] => [
        `const agent = new http.Agent({ maxSockets: 1 });`,
        `http.get({ port, path: '/big', agent }, (answer) => { ${then} });`,
        `http.get({ port, path: '/big', agent }, () => {});`,
        `setTimeout(() => process.exit(), 300);`,
      ];
      const unread = await uses(program(...lines('answer.statusCode;')), { node });
      assert.deepEqual(unread.uses, [`holds ${FIRST + 1}`, `queued ${FIRST + 2}`, `unread ${FIRST + 1}`]);
      const read = await uses(program(...lines('answer.resume();')), { node });
      assert.equal(read.uses.filter((use) => use === `unread ${FIRST + 1}`).length, 0);
    });

    it('are left alone where Node is to print what it does', async () => {
      const lines = [
        `const agent = new http.Agent({ maxSockets: 1 });`,
        `await Promise.all([get(agent, '/a'), get(agent, '/b')]); end();`,
      ];
      const { text, stderr } = await traceProgram(program(...lines), { node, env: { NODE_DEBUG: 'http' } });
      assert.doesNotMatch(text, /kind=connections/);
      assert.equal(stderr.match(/wait for socket/g)?.length, 1);
    });
  });

  describe(`on ${name}, requests of undici`, () => {
    const ask = (then: string): string =>
      program(
        `const answer = await fetch('http://127.0.0.1:' + port + '/big');`,
        then,
        `setTimeout(() => process.exit(), 600, answer);`,
      );

    it('tell at the end which keeps its connection, for its answer was not read', async () => {
      const found = await uses(ask(''), { node });
      assert.match(found.pools.join(), /^name="the connections to 127\.0\.0\.1:\d+" capacity=1$/);
      assert.deepEqual(found.uses, [`unread ${FIRST}`]);
    });

    it('tell nothing of an answer that was read or dropped', async () => {
      for (const then of ['await answer.text();', 'await answer.body.cancel();'])
        assert.deepEqual(await uses(ask(then), { node }), { pools: [], uses: [] });
    });
  });
}
