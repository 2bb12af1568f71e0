/**
 * What tracing costs services under a fixed load: the CPU time of the service's own process,
 * untraced, at light and at full depth, in turn; then what was attributed of its time at full
 * depth, and with the profiler. One service is in this folder (fastify, pg, undici), three come
 * from a folder.
 *
 *   npm run build && tsc -b bench && node build/bench/services.js FOLDER [--only=api,s2,s3,s4]
 *     [--rounds=5] [--seconds=6] [--node=PATH] [--cpu=CORE]
 *
 * FOLDER has s2.cjs (express, bullmq), s3.mjs (streams, piscina), s4.mjs with s4-load.mjs (ws,
 * socket.io), and a package.json with their packages and autocannon. It needs redis-server and
 * PostgreSQL on the machine, and the npm registry.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { traceEnv } from '../runtime/launch/start-trace.ts';
import { printTable } from './report.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: 'api,s2,s3,s4' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '6' },
    node: { type: 'string', default: process.execPath },
    cpu: { type: 'string' },
  },
});
const [given] = positionals;
if (given === undefined) throw new Error('Give the folder with s2.cjs, s3.mjs and s4.mjs.');
const seconds = Number(options.seconds);
const PACKAGES = ['fastify@5.12.8', 'pg@8.23.1', 'undici@7.30.2'];
const REDIS_PORT = 6399;
const scratch = mkdtempSync(join(tmpdir(), 'simul-services-'));
chmodSync(scratch, 0o755);
const stops: (() => Promise<void> | void)[] = [];

/** `cpu`: full, with V8's profiler. */
type Depth = 'untraced' | 'light' | 'full' | 'cpu';

interface Service {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  /** Puts load on it for some seconds; absent where it loads itself and ends. */
  readonly load?: (port: number) => Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function startRedis(): Promise<void> {
  const folder = join(scratch, 'redis');
  mkdirSync(folder);
  const flags = ['--port', String(REDIS_PORT), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const redis = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: redis.stdout })) {
    if (line.includes('Ready to accept')) break;
  }
  stops.push(() => (redis.kill(), ended(redis)));
}

/** A PostgreSQL of our own, under a user that is not root, as it demands. @returns its address */
async function startPostgres(): Promise<string> {
  const versions = '/usr/lib/postgresql';
  const [version] = existsSync(versions) ? readdirSync(versions) : [];
  if (version === undefined) throw new Error('There is no PostgreSQL on this machine.');
  const bin = join(versions, version, 'bin');
  const uid = Number(execFileSync('id', ['-u', 'postgres'], { encoding: 'utf8' }));
  const folder = join(scratch, 'postgres');
  mkdirSync(folder);
  execFileSync('chown', [String(uid), folder]);
  const as = { uid, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' } };
  execFileSync(join(bin, 'initdb'), ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust'], as);
  const port = await freePort();
  const flags = ['-D', join(folder, 'data'), '-p', String(port), '-h', '127.0.0.1', '-k', folder];
  const server = spawn(join(bin, 'postgres'), flags, { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const line of createInterface({ input: server.stderr })) {
    if (line.includes('ready to accept connections')) break;
  }
  server.stderr.resume();
  stops.push(() => (server.kill('SIGINT'), ended(server)));
  const address = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const rows = `create table orders (id serial primary key, customer text, items int[]);
    create table counts (orders int); insert into counts values (0);
    insert into orders (customer, items) select 'customer ' || n, array[n, n + 1, n + 2]
      from generate_series(1, 1000) n;`;
  execFileSync(join(bin, 'psql'), [address, '-q', '-c', rows], as);
  return address;
}

async function startUpstream(): Promise<string> {
  const server = createServer((request, response) => {
    const item = Number(request.url!.split('/').at(-1));
    setTimeout(() => response.end(JSON.stringify({ cents: (item * 7) % 1000 })), 1);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => (server.closeAllConnections(), void server.close()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Requests at a fixed rate, from a process of their own. */
async function cannon(port: number, path: string, rate: number, post?: object): Promise<void> {
  const body = post && ['-m', 'POST', '-H', 'content-type: application/json', '-b', JSON.stringify(post)];
  const flags = ['-j', '-R', String(rate), '-c', '10', '-d', String(seconds), ...(body ?? [])];
  const command = join(scratch, 'node_modules/autocannon/autocannon.js');
  const child = spawn(process.execPath, [command, ...flags, `http://127.0.0.1:${port}${path}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  const { '2xx': right, non2xx, errors } = JSON.parse(text) as Record<string, number>;
  if (!right || non2xx || errors)
    throw new Error(`${path}: ${right} right, ${non2xx} wrong, ${errors} errors`);
}

async function services(folder: string): Promise<Record<string, () => Promise<Service>>> {
  return {
    api: async () => ({
      file: fileURLToPath(new URL('../../bench/programs/api-service.mjs', import.meta.url)),
      env: { DATABASE: await startPostgres(), UPSTREAM: await startUpstream() },
      load: async (port) => {
        await Promise.all([
          cannon(port, '/orders/7', 200),
          cannon(port, '/orders', 50, { customer: 'somebody', items: [1, 2] }),
        ]);
      },
    }),
    s2: async () => {
      await startRedis();
      const load = async (port: number) => {
        await Promise.all([
          cannon(port, '/mail', 60, { to: 'a@example.org' }),
          cannon(port, '/mail/wait', 60, { to: 'b@example.org' }),
          cannon(port, '/stats', 40),
        ]);
      };
      return { file: join(folder, 's2.cjs'), env: {}, load };
    },
    s3: async () => ({ file: join(folder, 's3.mjs'), env: { ROUNDS: '8' } }),
    s4: async () => ({
      file: join(folder, 's4.mjs'),
      env: {},
      load: async (port) => {
        const flags = [join(scratch, 's4-load.mjs'), String(seconds * 1000)];
        const child = spawn(process.execPath, flags, {
          env: { ...process.env, PORT: String(port) },
          stdio: ['ignore', 'ignore', 'inherit'],
        });
        await ended(child);
        if (child.exitCode !== 0) throw new Error(`the load of s4 ended with ${child.exitCode}`);
      },
    }),
  };
}

/** One run. @returns the CPU time of the service's process, in seconds */
async function run({ file, env, load }: Service, depth: Depth, recording: string): Promise<number> {
  const port = await freePort();
  const base = { ...process.env, ...env, PORT: String(port), NODE_OPTIONS: '' };
  const own = join(scratch, file.split('/').at(-1)!);
  const onCore = options.cpu === undefined ? [] : ['taskset', '-c', options.cpu];
  const [command, ...args] = [...onCore, options.node, own];
  const child = spawn(command!, args, {
    env:
      depth === 'untraced'
        ? base
        : depth === 'cpu'
          ? traceEnv({ env: base, recording, depth: 'full', cpu: true })
          : traceEnv({ env: base, recording, depth }),
    cwd: scratch,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  let isUp: (() => void) | undefined;
  const up = new Promise<void>((done) => (isUp = done));
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
    if (/^up/m.test(said)) isUp?.();
  });
  if (load) {
    await Promise.race([up, ended(child)]);
    await load(port);
    child.kill('SIGTERM');
  }
  await ended(child);
  const stat = /^STAT (.*)$/m.exec(said);
  if (!stat) throw new Error(`${file} ended with ${child.exitCode ?? child.signalCode}: ${said}`);
  return (JSON.parse(stat[1]!) as { cpu: number }).cpu;
}

function attribution(how: string, recording: string): void {
  const show = [resolve('dist/cli.js'), 'show', '--attribution', recording];
  console.log(`${how}:\n${execFileSync(process.execPath, show, { encoding: 'utf8' })}`);
}

try {
  cpSync(resolve(given), scratch, { recursive: true, filter: (path) => !path.includes('node_modules') });
  cpSync(
    fileURLToPath(new URL('../../bench/programs/api-service.mjs', import.meta.url)),
    join(scratch, 'api-service.mjs'),
  );
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--silent', ...PACKAGES];
  execFileSync('npm', install, { cwd: scratch, stdio: ['ignore', 'ignore', 'inherit'] });
  const all = await services(scratch);
  for (const name of options.only.split(',')) {
    const make = all[name];
    if (!make) throw new Error(`There is no service "${name}": ${Object.keys(all).join(', ')}.`);
    const service = await make();
    const depths = ['untraced', 'light', 'full'] as const;
    const measured = depths.map((depth) => ({ name: depth, values: [] as number[] }));
    const recording = join(scratch, `recording-${name}`);
    for (let round = 0; round < Number(options.rounds); round++) {
      for (const [i, depth] of depths.entries()) {
        if (existsSync(recording)) rmSync(recording, { recursive: true });
        mkdirSync(recording, { mode: 0o700 });
        measured[i]!.values.push((await run(service, depth, recording)) * 1000);
      }
    }
    printTable(`${name}: CPU of the service`, 'ms', measured);
    attribution('full', recording);
    rmSync(recording, { recursive: true });
    mkdirSync(recording, { mode: 0o700 });
    await run(service, 'cpu', recording);
    attribution('full, with --cpu', recording);
  }
} finally {
  for (const stop of stops.reverse()) await stop();
  rmSync(scratch, { recursive: true, force: true });
}
