/**
 * The servers that programs of the corpus connect to, on this machine and for the time of a run.
 * A program names the port, so its text tells which it wants.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, chownSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from '../machine/find-program.ts';
import { installPackages } from '../machine/system-packages.ts';

interface Server {
  readonly port: number;
  /** What it is called where it is missing. */
  readonly name: string;
  /** The package of Debian that holds it. */
  readonly systemPackage: string;
  /** Null: the program is not on this machine. */
  start(folder: string): ChildProcess | null;
}

const POSTGRES = '/usr/lib/postgresql';

const SERVERS: readonly Server[] = [
  {
    port: 6399,
    name: 'redis-server',
    systemPackage: 'redis-server',
    start(folder) {
      const program = findProgram(['redis-server']);
      if (program === undefined) return null;
      return spawn(program, ['--port', '6399', '--bind', '127.0.0.1', '--save', '', '--dir', folder]);
    },
  },
  {
    port: 5433,
    name: 'PostgreSQL',
    systemPackage: 'postgresql',
    start(folder) {
      const [version] = existsSync(POSTGRES) ? readdirSync(POSTGRES) : [];
      if (version === undefined) return null;
      const bin = join(POSTGRES, version, 'bin');
      const data = join(folder, 'data');
      const user = ownerOf(folder);
      const init = spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust'], user);
      if (init.status !== 0) throw new Error(`initdb failed: ${String(init.stderr)}`);
      return spawn(join(bin, 'postgres'), ['-D', data, '-p', '5433', '-h', '127.0.0.1', '-k', folder], user);
    },
  },
];

/** PostgreSQL refuses to run as root: then the system's user `postgres` has the folder. */
function ownerOf(folder: string): { uid?: number; gid?: number } {
  if (userInfo().uid !== 0) return {};
  const row = readFileSync('/etc/passwd', 'utf8').match(/^postgres:[^:]*:(\d+):(\d+):/m);
  if (row === null) throw new Error('there is no user postgres');
  const [uid, gid] = [Number(row[1]), Number(row[2])];
  chownSync(folder, uid, gid);
  return { uid, gid };
}

export interface RunningServers {
  /** Why a program cannot run; null: all that it wants is there. */
  obstacleOf(folder: string): string | null;
  stop(): Promise<void>;
}

/** Starts what one of the folders wants. One that answers already is used. */
export async function startServers(folders: readonly string[]): Promise<RunningServers> {
  const missing = new Map<number, string>();
  const stops: (() => Promise<void>)[] = [];
  for (const server of SERVERS) {
    if (!folders.some((folder) => namesPort(folder, server.port)) || (await answers(server.port))) continue;
    const scratch = mkdtempSync(join(tmpdir(), 'simul-corpus-server-'));
    const child = server.start(scratch) ?? (await startInstalled(server, scratch));
    if (typeof child === 'string')
      missing.set(server.port, `${server.name} is not on this machine: ${child}`);
    else while (child.exitCode === null && !(await answers(server.port))) await sleep(50);
    stops.push(async () => {
      if (typeof child !== 'string' && child.exitCode === null) {
        child.kill('SIGINT');
        await once(child, 'close');
      }
      rmSync(scratch, { recursive: true, force: true });
    });
  }
  return {
    obstacleOf: (folder) => [...missing].find(([port]) => namesPort(folder, port))?.[1] ?? null,
    stop: async () => {
      for (const stop of stops) await stop();
    },
  };
}

/** A sentence: why it cannot be installed. */
async function startInstalled(server: Server, scratch: string): Promise<ChildProcess | string> {
  const trouble = await installPackages([server.systemPackage]);
  return trouble ?? server.start(scratch) ?? 'it was installed and is not found';
}

function namesPort(folder: string, port: number): boolean {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .some((file) => statSync(file).isFile() && readFileSync(file, 'utf8').includes(String(port)));
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const settle = (isThere: boolean) => (): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', settle(true)).once('error', settle(false));
  });
}
