import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { breakLock, drain, withLock } from '../../runtime/recorder/drain.ts';
import type { PartFile } from '../../runtime/recorder/part-file.ts';
import { RingWriter } from '../../runtime/recorder/ring-writer.ts';
import { claimRing, CONTROL, createSharedMemory } from '../../runtime/recorder/shared-memory.ts';
import { KIND } from '../../runtime/trace/format/kinds.ts';
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';

/** Replaces the methods of arrays while `work` runs, as a traced program may. */
function withoutMethods(work: () => void): void {
  const hosts = [Array.prototype, Object.getPrototypeOf(Uint8Array.prototype) as object];
  const former = hosts.map((host) => Object.getOwnPropertyDescriptors(host));
  const kept = ['constructor', 'length', 'buffer', 'byteLength', 'byteOffset'];
  const refuse = (): never => {
    throw new Error('a method that the program replaced was called');
  };
  const methods = hosts.flatMap((host, i) =>
    Object.entries(former[i]!)
      .filter(([name, { value }]) => typeof value === 'function' && !kept.includes(name))
      .map(([name]) => ({ host, name })),
  );
  const replaced = { value: refuse, configurable: true, writable: true };
  try {
    for (const { host, name } of methods) Object.defineProperty(host, name, replaced);
    work();
  } finally {
    for (let i = 0; i < hosts.length; i++) Object.defineProperties(hosts[i], former[i]!);
  }
}

describe('a round that a thread of the program makes itself', () => {
  it('calls no method that the program may have replaced', () => {
    const memory = createSharedMemory(1 << 12, 1 << 12, 3);
    const writers = [0, 1, 2].map(() => {
      const row = claimRing(memory);
      return new RingWriter({ memory, row, whenFull: 'drop', drain: () => false });
    });
    for (const time of [10n, 20n, 30n])
      for (const writer of writers) writer.writeAt(time, KIND.step, 0, 1, 0, 0, 0, 0);
    let bytes = 0;
    const file = {
      append: (_bytes: Uint8Array, from: number, to: number) => (bytes += to - from),
      updateLoss: () => {},
    } as unknown as PartFile;
    let moved = 0;
    withoutMethods(() => (moved = drain(memory, file)));
    assert.equal(moved, 9);
    assert.equal(bytes, 9 * RECORD_BYTES);
  });

  for (const rings of [1, 3]) {
    it(`that is cut off in a write is made again, with ${rings} rings`, () => {
      const memory = createSharedMemory(1 << 12, 1 << 12, rings);
      const writers = Array.from({ length: rings }, () => {
        const row = claimRing(memory);
        return new RingWriter({ memory, row, whenFull: 'drop', drain: () => false });
      });
      for (const time of [10n, 20n, 30n])
        for (const writer of writers) writer.writeAt(time, KIND.step, 0, 1, 0, 0, 0, 0);
      let written = 0;
      const file = {
        append: (_bytes: Uint8Array, from: number, to: number) => (written += to - from),
        updateLoss: () => {},
      } as unknown as PartFile;
      const cutOff = {
        ...file,
        append: () => {
          throw new Error('terminated');
        },
      } as unknown as PartFile;
      assert.throws(() => drain(memory, cutOff), /terminated/);
      assert.equal(drain(memory, file), 3 * rings);
      assert.equal(written, 3 * rings * RECORD_BYTES);
      assert.equal(drain(memory, file), 0);
    });
  }

  it('of a thread that has ended no longer holds the others up', () => {
    const memory = createSharedMemory(1 << 12, 1 << 12, 1);
    const ended = 7;
    memory.words[CONTROL.lock] = ended + 1;
    breakLock(memory, ended + 1);
    assert.equal(
      withLock(memory, 0, () => {}),
      false,
      'another thread has it',
    );
    breakLock(memory, ended);
    assert.equal(
      withLock(memory, 0, () => {}),
      true,
    );
  });
});
