import { strict as assert } from 'node:assert';
import { beforeEach, describe, it } from 'mocha';
import { HOLD, KIND } from '../../runtime/trace/format/kinds.ts';
import { HoldWatch } from '../../runtime/recorder/hold-watch.ts';
import { RING_ROW } from '../../runtime/recorder/shared-memory.ts';
import { SharedThreadTimes } from '../../runtime/recorder/thread-times.ts';
import type { ThreadInspector } from '../../runtime/recorder/thread-inspector.ts';
import { type InMemory, inMemory } from './in-memory.ts';

const MS = 1e6;

describe('the watch for holds', () => {
  let memory: InMemory;
  let watch: HoldWatch;
  let nowMs: number;
  let ranMs: number;
  let delayedMs: number;
  let asked: number[];
  let recorded: string[];
  let isOpen: boolean;
  let looks: number;
  let runs: boolean;

  beforeEach(() => {
    memory = inMemory();
    memory.memory.words[memory.row + RING_ROW.osThread] = 1;
    nowMs = 1000;
    ranMs = 0;
    delayedMs = 0;
    asked = [];
    recorded = [];
    isOpen = false;
    looks = 0;
    runs = false;
    const inspector = {
      isRefusedNow: () => false,
      get isOpen() {
        return isOpen;
      },
      needsTurns: false,
      ask(_thread: number, heldNs: number) {
        isOpen = true;
        asked.push(Math.round(heldNs / MS));
        return true;
      },
      close() {
        isOpen = false;
      },
    };
    watch = new HoldWatch({
      memory: memory.memory,
      inspector: inspector as unknown as ThreadInspector,
      times: new SharedThreadTimes(() => {
        looks++;
        return { ranNs: ranMs * MS, delayedNs: delayedMs * MS };
      }),
      isRunnable: () => runs,
      record: (startNs, kind, flags, _lane, durationUs) => {
        assert.equal(kind, KIND.held);
        assert.equal((flags >> 2) & 7, HOLD.starved);
        recorded.push(`${Math.round(startNs / MS)}: ${Math.round(durationUs / 1000)} ms`);
      },
    });
    watch.look(nowMs * MS);
  });

  /** Time goes on by so much, of which the thread ran and waited for a processor. */
  function pass(ms: number, ran: number, delayed = 0): void {
    for (let i = 0; i < ms; i += 20) {
      nowMs += 20;
      ranMs += (ran * 20) / ms;
      delayedMs += (delayed * 20) / ms;
      watch.look(nowMs * MS);
    }
  }
  const answer = (): void => memory.writer.whenAsked(() => {});

  it('asks a thread that has run for 40 ms and recorded nothing, and how long that is', () => {
    pass(20, 20);
    assert.deepEqual(asked, [], 'its times are known from here on');
    pass(20, 20);
    assert.deepEqual(asked, []);
    pass(20, 20);
    assert.deepEqual(asked, [40]);
  });

  it('asks again when it was answered, less often the longer it takes', () => {
    for (let i = 0; i < 20; i++) {
      pass(20, 20);
      answer();
    }
    assert.deepEqual(asked.slice(0, 4), [40, 60, 80, 100]);
    asked = [];
    for (let i = 0; i < 50; i++) {
      pass(20, 20);
      answer();
    }
    assert.ok(asked.length < 20, `${asked.length} questions in a second`);
  });

  it('does not ask again what native code has not answered', () => {
    pass(400, 400);
    assert.equal(asked.length, 1);
  });

  it('asks in another hold, whatever was not answered before', () => {
    pass(100, 100);
    pass(300, 0);
    pass(100, 100);
    assert.deepEqual(asked, [40, 40]);
  });

  it('asks no thread that sleeps, nor one that runs now and then', () => {
    pass(400, 0);
    pass(400, 200);
    assert.deepEqual(asked, []);
  });

  it('asks no thread that records, however much it runs', () => {
    for (let i = 0; i < 20; i++) {
      memory.writer.write(KIND.wake, 0, 1, 0, 0, 0, 0);
      pass(20, 20);
    }
    assert.deepEqual(asked, []);
  });

  it('takes its own questions for no sign of the thread', () => {
    pass(60, 60);
    memory.writer.whenAsked(() => memory.writer.write(KIND.held, 0, 1, 0, 0, 0, 0));
    pass(40, 40);
    assert.deepEqual(asked, [40, 60]);
  });

  it('asks a thread that waits for a processor, and records how long it waited', () => {
    pass(80, 20, 60);
    assert.equal(asked.length, 1);
    pass(40, 0);
    assert.deepEqual(recorded, ['1020: 45 ms']);
  });

  it('leaves when the hold is over', () => {
    pass(100, 100);
    answer();
    assert.equal(isOpen, true);
    pass(300, 0);
    assert.equal(isOpen, false);
  });

  describe('where the helper thread comes rarely', () => {
    const wrote = (): void => memory.writer.writeAt(BigInt(nowMs * MS), KIND.wake, 0, 1, 0, 0, 0, 0);
    /** As `pass`, with a record at each step where `writes`. */
    function passRarely(ms: number, ran: number, writes: boolean): void {
      for (let i = 0; i < ms; i += 20) {
        nowMs += 20;
        ranMs += (ran * 20) / ms;
        if (writes) wrote();
        watch.look(nowMs * MS, true);
      }
    }

    it('looks five times a second at threads that record', () => {
      passRarely(200, 100, true);
      looks = 0;
      passRarely(1000, 500, true);
      assert.ok(looks >= 5 && looks <= 6, `${looks} looks`);
      assert.deepEqual(asked, []);
    });

    it('asks at most 240 ms after the last record of a thread that runs on, wherever it began', () => {
      for (let quietMs = 0; quietMs < 200; quietMs += 20) {
        passRarely(200 + quietMs, 100, true);
        asked = [];
        runs = true;
        passRarely(240, 240, false);
        assert.ok(asked.length > 0, `not asked, ${quietMs} ms after a look`);
        answer();
        runs = false;
        passRarely(600, 0, false);
      }
    });

    it('does not come back sooner for a thread that waits, whatever it did before', () => {
      passRarely(200, 100, true);
      looks = 0;
      passRarely(1000, 0, false);
      assert.ok(looks >= 5 && looks <= 6, `${looks} looks`);
    });
  });

  it('looks less often at threads that did nothing for a second', () => {
    pass(1200, 0);
    looks = 0;
    pass(1000, 0);
    assert.ok(looks >= 10 && looks <= 11, `${looks} looks`);
  });
});
