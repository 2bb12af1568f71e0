/**
 * What tells recordings of several machines apart: where and when each was made. A small file in
 * the recording's folder.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

export interface Identity {
  /** Of the recording itself. */
  readonly recording: string;
  readonly host: string;
  /** Recordings of one boot have one monotonic clock; '': the system does not tell. */
  readonly boot: string;
  /** Within one a pid is one process. */
  readonly pids: string;
}

const FILE = 'identity.json';
const MAX_TEXT = 200;

/** It never throws: a recording without one is as good where it stands alone. */
export function writeIdentity(folder: string): void {
  try {
    writeFileSync(join(folder, FILE), `${JSON.stringify(identityHere())}\n`, { flag: 'wx', mode: 0o600 });
  } catch {
    // It is there, or the folder cannot be written to, which is said elsewhere.
  }
}

export const identityHere = (): Identity => ({
  recording: randomUUID(),
  host: hostname(),
  boot: bootHere(),
  pids: textOf(() => readlinkSync('/proc/self/ns/pid')),
});

function bootHere(): string {
  const boot = textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  return boot === ''
    ? ''
    : `${boot}${clockShift(textOf(() => readFileSync('/proc/self/timens_offsets', 'utf8')))}`;
}

/**
 * Containers of one boot may have monotonic clocks of their own.
 * @param offsets of the time namespace, as Linux tells them
 */
export function clockShift(offsets: string): string {
  const [, seconds = '0', ns = '0'] = /^monotonic\s+(-?\d+)\s+(\d+)$/m.exec(offsets) ?? [];
  return Number(seconds) === 0 && Number(ns) === 0 ? '' : ` ${seconds}.${ns.padStart(9, '0')}`;
}

/** Null: there is none, or it is damaged. */
export function readIdentity(folder: string): Identity | null {
  try {
    return parseIdentity(readFileSync(join(folder, FILE)));
  } catch {
    return null;
  }
}

/** Null: it is damaged. */
export function parseIdentity(json: Uint8Array): Identity | null {
  try {
    return asIdentity(JSON.parse(Buffer.from(json).toString('utf8')));
  } catch {
    return null;
  }
}

/** As `parseIdentity` reads it. */
export const encodeIdentity = (identity: Identity): Uint8Array => Buffer.from(JSON.stringify(identity));

function asIdentity(read: unknown): Identity | null {
  if (typeof read !== 'object' || read === null) return null;
  const at = (key: keyof Identity): string => {
    const value = (read as Record<string, unknown>)[key];
    return typeof value === 'string' ? value.slice(0, MAX_TEXT) : '';
  };
  return { recording: at('recording'), host: at('host'), boot: at('boot'), pids: at('pids') };
}

function textOf(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}
