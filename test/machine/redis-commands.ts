/** What a Redis is sent, as its MONITOR tells it: traced and untraced it is the same. */
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

/** Polls that block, whose number depends on the moment. */
const POLLS = new Set(['bzpopmin', 'brpoplpush', 'blpop', 'brpop', 'blmove', 'xread', 'ping']);
const MARK = 'end of what is watched';

export interface RedisCommands {
  /**
   * What each connection has sent since, in its order: ids, tokens and times replaced, polls that
   * follow one another folded. The connections are in the order of what they say.
   */
  end(): Promise<string[][]>;
}

/** Begins to listen. */
export async function watchRedis(port: number): Promise<RedisCommands> {
  const monitor = await connected(port);
  let text = '';
  monitor.setEncoding('latin1').on('data', (data: string) => (text += data));
  monitor.write('MONITOR\r\n');
  await once(monitor, 'data');
  return {
    async end() {
      // What was sent before this is told before it.
      const last = await connected(port);
      last.write(`ECHO "${MARK}"\r\n`);
      while (!text.includes(MARK)) await once(monitor, 'data');
      last.destroy();
      monitor.destroy();
      return byConnection(text);
    },
  };
}

/** Sends one command. @returns the answer as it came */
export async function askRedis(port: number, command: string): Promise<string> {
  const socket = await connected(port);
  socket.setEncoding('utf8').write(`${command}\r\n`);
  const [answer] = (await once(socket, 'data')) as [string];
  socket.destroy();
  return answer;
}

async function connected(port: number): Promise<Socket> {
  const socket = createConnection({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  return socket;
}

function byConnection(text: string): string[][] {
  const all = new Map<string, string[]>();
  for (const line of text.split('\r\n')) {
    const [, from, command] = /^\+[\d.]+ \[\d+ ([^\]]*)\] (.*)$/.exec(line) ?? [];
    if (from === undefined || command === undefined || command.includes(MARK)) continue;
    const name = /^"(\w+)"/.exec(command)?.[1]?.toLowerCase() ?? '';
    const words = POLLS.has(name) ? name : withoutChance(command);
    const commands = all.get(from) ?? [];
    all.set(from, commands);
    if (!POLLS.has(name) || commands.at(-1) !== words) commands.push(words);
  }
  return [...all.values()].sort((a, b) => a.join('\n').localeCompare(b.join('\n')));
}

const withoutChance = (command: string): string =>
  withoutBase64(unescaped(command))
    // A set.
    .replace(/^"SCRIPT" "EXISTS" .*/, '"SCRIPT" "EXISTS"')
    // Packed by MessagePack, or pickled.
    .replaceAll(/[\xcb\xcf][^]{8}|\x8a\x06[^]{6}/g, 'TIME')
    .replaceAll(/\b[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d\b/g, 'TIME')
    // How late something is.
    .replace(/^("ZINCRBY" "[^"]*" )"\d+"/, '$1"TIME"')
    .replaceAll(/\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/g, 'ID')
    .replaceAll(/\b[\da-f]{32}\b/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, 'TIME')
    .replaceAll(/\b\d{10,}(\.\d+)?(-\d+)?/g, 'TIME')
    .replaceAll(/("(?:pid|total_working_time)" )"[\d.e-]+"/g, '$1TOLD')
    .replaceAll(/("(?:pid|loadavg)": )(?:\d+|\[[^\]]*\])/g, '$1TOLD')
    .replaceAll(/\bgen\d+@/g, 'genTOLD@')
    .replaceAll(/simul-traced-\w+/g, 'FOLDER')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'ADDRESS');

/** Celery has its messages twice in JSON. */
const withoutBase64 = (command: string): string =>
  command.replaceAll(
    /("body": ")([\w+/=]+)"/g,
    (_, key: string, body: string) => `${key}${Buffer.from(body, 'base64').toString('latin1')}"`,
  );

/** A byte each. */
const unescaped = (command: string): string =>
  command.replaceAll(/\\x([\da-f]{2})|\\([nrtab"\\])/g, (_, hex: string | undefined, letter: string) =>
    hex === undefined
      ? ({ n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b' }[letter] ?? letter)
      : String.fromCharCode(Number.parseInt(hex, 16)),
  );
