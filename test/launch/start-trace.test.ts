import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, it } from 'mocha';
import { startTrace, traceEnv } from '../../runtime/launch/start-trace.ts';
import { temporaryFolders } from './part-writer.ts';

const folder = temporaryFolders();

describe('the environment of a traced program', () => {
  it('is the given one with SIMUL_* added and NODE_OPTIONS appended to', () => {
    const at = folder();
    const agent = pathToFileURL(join(at, 'a gent.js'));
    writeFileSync(agent, '');
    const env = traceEnv({
      recording: '/r',
      depth: 'light',
      generators: true,
      cpu: true,
      values: true,
      limitBytes: 5,
      cache: null,
      agent,
      env: { HOME: '/h', NODE_OPTIONS: '--enable-source-maps' },
    });
    assert.deepEqual(env, {
      HOME: '/h',
      NODE_OPTIONS: `--enable-source-maps --import=${agent.href}`,
      SIMUL_RECORDING: '/r',
      SIMUL_DEPTH: 'light',
      SIMUL_GENERATORS: '1',
      SIMUL_CPU: '1',
      SIMUL_VALUES: '1',
      SIMUL_LIMIT: '5',
    });
    assert.ok(!agent.href.includes(' '), 'Node splits NODE_OPTIONS at spaces');
  });

  it('requires a CommonJS instrument by its path, whatever blanks and quotes are in it', async () => {
    const at = join(folder(), 'a "folder" with blanks');
    mkdirSync(at);
    const agent = pathToFileURL(join(at, 'agent.cjs'));
    writeFileSync(agent, 'process.exitCode = 42;');
    const env = traceEnv({ recording: '/r', cache: null, agent });
    const child = spawn(process.execPath, ['-e', ''], { env, stdio: 'inherit' });
    const [status] = (await once(child, 'close')) as [number | null];
    assert.equal(status, 42);
  });

  it('profiles nothing and looks at no value unless it is asked to, whatever the environment says', () => {
    const at = folder();
    const agent = pathToFileURL(join(at, 'agent.js'));
    writeFileSync(agent, '');
    const env = traceEnv({ recording: '/r', cache: null, agent, env: { SIMUL_CPU: '1', SIMUL_VALUES: '1' } });
    assert.equal('SIMUL_CPU' in env || 'SIMUL_VALUES' in env, false);
  });

  it('is the given one alone when there is no recording, or no instrument', () => {
    const given = { HOME: '/h', NODE_OPTIONS: '--enable-source-maps' };
    assert.deepEqual(traceEnv({ recording: null, env: given }), given);
    const agent = pathToFileURL(join(folder(), 'missing.js'));
    assert.deepEqual(traceEnv({ recording: '/r', env: given, agent }), given);
  });
});

describe('startTrace', () => {
  const run = (...command: readonly [string, ...string[]]) =>
    startTrace({ command, recording: null, stdio: 'ignore' }).ended;

  it('reports how the program ended as a shell would', async () => {
    const node = process.execPath;
    assert.deepEqual(await run(node, '-e', 'process.exit(5)'), { status: 5, signal: null, trouble: null });
    assert.deepEqual(await run(node, '-e', 'process.kill(process.pid, "SIGTERM")'), {
      status: 143,
      signal: 'SIGTERM',
      trouble: null,
    });
  });

  it('reports in one sentence that it could not be started', async () => {
    assert.deepEqual(await run('./no-such-command'), {
      status: 127,
      signal: null,
      trouble: './no-such-command cannot be started: it does not exist',
    });
  });

  it('passes arguments on as they are, through no shell', async () => {
    const wanted = ['a b', '$HOME', '*', '"'];
    const check = `process.exit(JSON.stringify(process.argv.slice(1)) === ${JSON.stringify(JSON.stringify(wanted))} ? 0 : 1)`;
    assert.equal((await run(process.execPath, '-e', check, ...wanted)).status, 0);
  });
});
