/** Messages that pile up in a WebSocket: what is told of them, and what is taken back. */
import { deepEqual } from 'node:assert/strict';
import { Writable } from 'node:stream';
import { beforeEach, describe, it } from 'mocha';
import { createUnsentMessages } from '../../../../runtime/agent/node/probes/unsent-messages.ts';

const MB = 1 << 20;
const SITE = 7;

describe('messages that were sent and not yet taken', () => {
  let nowMs = 0;
  let told: string[] = [];
  let send: (bytes: number) => void = () => {};
  let take: () => void = () => {};
  const socket = { _readyState: 1, _socket: {}, _sender: { _bufferedBytes: 0 } };

  beforeEach(() => {
    [nowMs, told] = [0, []];
    socket._readyState = 1;
    take = () => {
      socket._socket = new Writable({ write() {} });
    };
    take();
    const sites = { waitFlags: () => 0 };
    const growth = {
      note: (_: object, bytes: number) => void told.push(`${bytes / MB} MB`),
      takeBack: () => void told.push('taken back'),
      recountAtEnd: () => {},
    };
    const unsent = createUnsentMessages({ sites } as never, growth, () => nowMs);
    send = (bytes) => {
      (socket._socket as Writable).write(Buffer.alloc(bytes));
      unsent.noteSent(SITE, socket);
    };
  });

  /** So many times, 100 ms apart. */
  function times(count: number, bytes: number): void {
    for (let i = 0; i < count; i++) {
      nowMs += 100;
      send(bytes);
    }
  }

  it('are told once they have grown for a second, and not before', () => {
    times(10, MB);
    deepEqual(told, []);
    times(1, MB);
    deepEqual(told, ['11 MB']);
  });

  it('are not told of a burst, whatever it holds', () => {
    for (let i = 0; i < 100; i++) send(MB);
    deepEqual(told, []);
  });

  it('are not told where they drain between bursts', () => {
    for (let i = 0; i < 5; i++) {
      times(9, MB);
      take();
      times(1, 1);
    }
    deepEqual(new Set(told), new Set(['taken back']));
  });

  it('are taken back once they have drained, or grow no more', () => {
    times(11, MB);
    take();
    times(1, 1);
    deepEqual(told, ['11 MB', 'taken back']);
    times(12, MB);
    times(12, 0);
    deepEqual(
      told.slice(2).filter((text) => text === 'taken back'),
      ['taken back'],
    );
  });

  it('are not looked at in what is closed, or no WebSocket', () => {
    socket._readyState = 3;
    times(30, MB);
    deepEqual(told, []);
  });
});
