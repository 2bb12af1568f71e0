/** A Redis of the tests' own, on a free port of the loopback or of a host of theirs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { findProgram } from './find-program.ts';
import type { NetworkHost } from './network-hosts.ts';

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Ends it, and waits for its end. */
  stop(): Promise<void>;
}

export const NO_REDIS = 'redis-server is not on this machine: nothing was run through Redis';

/** @param options port: one that is free. @returns null: there is no such program */
export async function startRedis(
  options: {
    readonly port?: number;
    readonly password?: string;
    readonly folder?: string;
    /** It runs and listens there alone; absent: here, on the loopback. */
    readonly host?: NetworkHost;
  } = {},
): Promise<RedisServer | null> {
  const program = findProgram(['redis-server']);
  if (program === undefined) return null;
  const { port = await freePort(), password, folder, host } = options;
  // In a folder it keeps what it was given, also when it is killed.
  const kept = folder === undefined ? ['--appendonly', 'no'] : ['--appendonly', 'yes', '--dir', folder];
  const secret = password === undefined ? [] : ['--requirepass', password];
  const address = host?.address ?? '127.0.0.1';
  const reach = ['--bind', address, ...(host === undefined ? [] : ['--protected-mode', 'no'])];
  const args = ['--port', String(port), ...reach, '--save', '', ...kept, ...secret];
  const [command, all] = host?.networkCommand(program, args) ?? [program, args];
  const child = spawn(command, all, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout });
  const told: string[] = [];
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      told.push(line);
      if (line.includes('Ready to accept connections')) resolve();
    });
    child.on('close', () => reject(new Error(`redis-server ended:\n${told.join('\n')}`)));
  });
  return {
    port,
    url: `redis://${address}:${port}`,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
