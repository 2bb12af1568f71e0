/**
 * Two hosts on this machine: each has its own network, name, processes and monotonic clock (Linux
 * namespaces), and a cable lies between them. They are gone when the test ends, however it does.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export interface NetworkHost {
  readonly name: string;
  /** On the cable; nobody else can reach it. */
  readonly address: string;
  /** A command, and its arguments so that it runs there. */
  command(command: string, args: readonly string[]): readonly [string, readonly string[]];
  /** The same in its network alone: its process is that which is started, and can be killed. */
  networkCommand(command: string, args: readonly string[]): readonly [string, readonly string[]];
  stop(): Promise<void>;
}

export const NO_HOSTS = 'this machine does not let the tests make network namespaces: two hosts were not run';

export interface HostOptions {
  readonly name: string;
  readonly address: string;
  /** How far its monotonic clock is ahead of this machine's, s. */
  readonly aheadS: number;
}

/** @returns null: the system does not allow it */
export async function connectedHosts(
  one: HostOptions,
  other: HostOptions,
): Promise<readonly [NetworkHost, NetworkHost] | null> {
  const started: { readonly pid: number; readonly host: NetworkHost }[] = [];
  try {
    for (const options of [one, other]) started.push(await startHost(options));
    const [a, b] = started as [(typeof started)[0], (typeof started)[0]];
    ip(a.pid, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(b.pid));
    for (const { pid, host } of started) {
      ip(pid, 'addr', 'add', `${host.address}/24`, 'dev', 'eth0');
      ip(pid, 'link', 'set', 'eth0', 'up');
    }
    return [a.host, b.host];
  } catch {
    await Promise.all(started.map(({ host }) => host.stop()));
    return null;
  }
}

async function startHost({ name, address, aheadS }: HostOptions) {
  const child = spawn(
    'unshare',
    [
      ...['--net', '--uts', '--pid', '--fork', '--kill-child', '--mount-proc'],
      ...['--time', '--monotonic', String(aheadS)],
      ...['sh', '-c', `hostname ${name} && ip link set lo up && echo ready && exec cat`],
    ],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  const ended = once(child, 'close');
  await ready(child, ended);
  const pid = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim());
  const network = ['-t', String(pid), '--net'];
  const all = [...network, '--uts', '--pid', '--time', '--mount'];
  const host: NetworkHost = {
    name,
    address,
    command: (command, args) => ['nsenter', [...all, '--', command, ...args]],
    networkCommand: (command, args) => ['nsenter', [...network, '--', command, ...args]],
    stop: async () => {
      // What keeps it alive reads this to its end.
      child.stdin.end();
      await ended;
    },
  };
  return { pid, host };
}

/** @throws Error: it could not be made */
async function ready(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  const first = await Promise.race([once(child.stdout!, 'data'), ended]);
  if (!String((first as unknown[])[0]).includes('ready')) throw new Error('no namespaces');
}

/** In the network of a process. */
function ip(pid: number, ...args: readonly string[]): void {
  execFileSync('nsenter', ['-t', String(pid), '--net', 'ip', ...args], { stdio: 'ignore' });
}
