/** `simul trace --join`: several programs in one recording. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { openTrace } from '../../../runtime/launch/open-trace.ts';
import { tree } from '../../machine/tree.ts';
import { temporaryFolders } from '../part-writer.ts';

const folder = temporaryFolders();
const cli = join(tree, 'dist/cli.js');

/** It says its port, and ends with the first connection. */
const SERVER = `
import { createServer } from 'node:net';
const server = createServer((socket) => { socket.end('hello'); server.close(); });
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;
const CLIENT = `
import { connect } from 'node:net';
import { once } from 'node:events';
async function ask() { await once(connect(Number(process.argv[2]), '127.0.0.1'), 'data'); }
await ask();
`;

describe('simul trace --join', () => {
  it('records a client beside its server, while that runs', async () => {
    const at = folder();
    writeFileSync(join(at, 'server.mjs'), SERVER);
    writeFileSync(join(at, 'client.mjs'), CLIENT);
    const env = { ...process.env, SIMUL_CACHE: join(at, 'cache') };
    const trace = [cli, 'trace', '--quiet', '--recording', join(at, 'rec')];
    const server = spawn(process.execPath, [...trace, join(at, 'server.mjs')], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [port] = (await once(server.stdout, 'data')) as [Buffer];
    const client = [...trace, '--join', join(at, 'client.mjs'), String(port).trim()];
    const ended = once(server, 'exit');
    const ran = spawn(process.execPath, client, { env, stdio: 'inherit' });
    assert.deepEqual(await once(ran, 'exit'), [0, null]);
    assert.deepEqual(await ended, [0, null]);
    const opened = openTrace(join(at, 'rec'));
    assert.ok(typeof opened !== 'string');
    const programs = opened.trace.processes.map(({ argv }) => /(server|client)\.mjs/.exec(argv)?.[1]);
    assert.deepEqual(new Set(programs), new Set(['client', 'server']));
    assert.equal(programs.length, 2);
  });

  it('needs the recording that it joins', () => {
    const at = folder();
    const { status, stderr } = spawnSync(process.execPath, [cli, 'trace', '--join', 'a.mjs'], {
      cwd: at,
      encoding: 'utf8',
    });
    assert.match(stderr, /--join takes --recording DIR, too/);
    assert.equal(status, 2);
  });
});
