/** Where Redis is, for BullMQ and for people: messages have the address and never the password. */
import { describeValue, quoteName } from '../tasks/core/describe-value.ts';
import { checkOptions } from '../tasks/core/options.ts';
import { JobConnectionError } from './errors.ts';
import type { RedisConnection } from './job-options.ts';

export interface RedisAddress {
  /** For ioredis. */
  readonly options: {
    readonly host: string;
    readonly port: number;
    readonly username?: string;
    readonly password?: string;
    readonly db?: number;
    readonly tls?: object;
    /** A command waits for the connection as long as it takes. */
    readonly maxRetriesPerRequest: null;
  };
  /** `127.0.0.1:6379` */
  readonly shown: string;
}

const OPTIONS = ['host', 'port', 'username', 'password', 'db', 'tls'];

/** @throws TypeError for what is no address, without a word of it that could be a password. */
export function readAddress(given: string | RedisConnection): RedisAddress {
  const connection = typeof given === 'string' ? fromUrl(given) : given;
  checkOptions('the connection of a job queue', connection, OPTIONS);
  const { host = '127.0.0.1', port = 6379 } = connection;
  if (typeof host !== 'string')
    throw new TypeError(`the host of the connection must be a string, not ${describeValue(host)}`);
  if (!(Number.isInteger(port) && port > 0 && port < 65_536))
    throw new RangeError(`the port of the connection must be from 1 to 65535, not ${describeValue(port)}`);
  return {
    options: { ...connection, host, port, maxRetriesPerRequest: null },
    shown: `${host.includes(':') ? `[${host}]` : host}:${port}`,
  };
}

function fromUrl(text: string): RedisConnection {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^rediss?:$/.test(url.protocol))
    throw new TypeError('the connection of a job queue must be a URL such as redis://127.0.0.1:6379');
  const db = url.pathname.slice(1);
  if (!/^\d*$/.test(db)) throw new TypeError('the path of a redis: URL is the number of a database');
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1') || '127.0.0.1',
    port: url.port === '' ? 6379 : Number(url.port),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(db === '' ? {} : { db: Number(db) }),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

/** What is wrong with a connection. */
export interface ConnectionTrouble {
  readonly error: JobConnectionError;
  /** Trying again does not help. */
  readonly isFinal: boolean;
}

/** In words, by Node's code or by the first word of what Redis answered. */
const REFUSALS: Readonly<Record<string, string>> = {
  WRONGPASS: 'refuses the user or the password',
  NOAUTH: 'asks for a password, and none was given',
  NOPERM: 'does not allow the user what a job queue needs',
};
const OBSTACLES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name of the host is not known',
  EAI_AGAIN: 'the name of the host could not be looked up',
  ETIMEDOUT: 'no answer came in time',
  EHOSTUNREACH: 'there is no way to the host',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
};

/** @returns null for an error that is not of the connection. */
export function connectionTrouble(
  error: unknown,
  queueName: string,
  { shown }: RedisAddress,
): ConnectionTrouble | null {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  const queue = `job queue ${quoteName(queueName)}`;
  const answer = typeof message === 'string' ? /\b(WRONGPASS|NOAUTH|NOPERM)\b/.exec(message)?.[1] : undefined;
  if (answer !== undefined)
    return {
      error: new JobConnectionError(`${queue}: Redis at ${shown} ${REFUSALS[answer]} (${answer})`),
      isFinal: true,
    };
  const obstacle = typeof code === 'string' ? OBSTACLES[code] : undefined;
  if (obstacle === undefined) return null;
  return {
    error: new JobConnectionError(
      `${queue} cannot reach Redis at ${shown}: ${obstacle} (${String(code)}); it tries again until it can`,
    ),
    isFinal: false,
  };
}
