import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Pump, PUMP_BLOCK_RECORDS } from '../../../extension/panel/pump.ts';
import { decodeBlock, encodeBlock } from '../../../runtime/trace/format/compact.ts';
import { KIND } from '../../../runtime/trace/format/kinds.ts';
import { head, RECORD_BYTES, RECORD_WORDS } from '../../../runtime/trace/format/layout.ts';
import type { ToPanel } from '../../../runtime/trace/messages/panel.ts';
import { BLOCK_MAX_BYTES, PANEL_WINDOW_BYTES } from '../../../runtime/trace/messages/panel.ts';

/** Records that do not compress: they make the largest blocks. */
function noise(records: number): Uint8Array {
  const words = new Uint32Array(records * RECORD_WORDS);
  let seed = 1;
  for (let i = 0; i < words.length; i++) words[i] = seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  for (let i = 7; i < words.length; i += RECORD_WORDS)
    words[i] = head(KIND.run, words[i]! & 0xff, words[i]! >>> 16);
  return new Uint8Array(words.buffer);
}

function pumped(windowBytes = PANEL_WINDOW_BYTES): {
  pump: Pump;
  blocks: ArrayBuffer[];
  rooms: () => number;
} {
  const blocks: ArrayBuffer[] = [];
  let rooms = 0;
  const pump = new Pump({
    opening: 7,
    post: (message: ToPanel) => {
      if (message.type === 'block') blocks.push(message.bytes);
    },
    onRoom: () => rooms++,
    windowBytes,
  });
  return { pump, blocks, rooms: () => rooms };
}

describe('the pump', () => {
  it('sends records as a bare buffer of exactly their block', () => {
    const { pump, blocks } = pumped();
    const records = noise(10);
    assert.equal(pump.sendRecords(0, records), true);
    assert.ok(blocks[0] instanceof ArrayBuffer);
    assert.deepEqual(decodeBlock(new Uint8Array(blocks[0])), records);
    assert.equal(pump.inFlightBytes, blocks[0].byteLength);
  });

  it('sends a compact block as it is, on the same credit', () => {
    const { pump, blocks } = pumped();
    const block = encodeBlock(noise(10));
    assert.equal(pump.sendBlock(0, block), true);
    assert.deepEqual(new Uint8Array(blocks[0]!), block);
    assert.equal(pump.inFlightBytes, block.length);
    pump.sendBlock(0, Buffer.from(block));
    assert.deepEqual(new Uint8Array(blocks[1]!), block, 'a small Buffer shares its memory with others');
    assert.throws(() => pump.sendBlock(0, new Uint8Array(BLOCK_MAX_BYTES + 1)), /1048576 bytes at most/);
  });

  it('keeps every message below its limit, even where nothing compresses', () => {
    const { pump, blocks } = pumped();
    pump.sendRecords(0, noise(PUMP_BLOCK_RECORDS));
    assert.ok(blocks[0]!.byteLength <= BLOCK_MAX_BYTES, `${blocks[0]!.byteLength} bytes`);
  });

  it('sends no more than the page has granted, and goes on when there is room', () => {
    const { pump, blocks, rooms } = pumped();
    const records = noise(PUMP_BLOCK_RECORDS);
    let sent = 0;
    while (pump.sendRecords(0, records)) assert.ok(++sent < 100, 'the pump never says that it is full');
    assert.ok(pump.inFlightBytes <= PANEL_WINDOW_BYTES, `${pump.inFlightBytes} bytes in flight`);
    assert.ok(pump.inFlightBytes > PANEL_WINDOW_BYTES / 2, 'the window is used');
    pump.addCredit(7, 1);
    pump.addCredit(7, 2 * blocks[0]!.byteLength);
    pump.addCredit(7, blocks[0]!.byteLength);
    assert.equal(rooms(), 1, 'onRoom is called once, when there is room');
    assert.equal(pump.sendRecords(0, noise(1)), true);
  });

  it('ignores credit for another opening, and credit for more than was sent', () => {
    const { pump, blocks } = pumped();
    pump.sendRecords(0, noise(10));
    pump.addCredit(6, blocks[0]!.byteLength);
    assert.equal(pump.inFlightBytes, blocks[0]!.byteLength);
    pump.addCredit(7, 1_000_000);
    assert.equal(pump.inFlightBytes, 0);
  });

  it('sends nothing after it was stopped', () => {
    const { pump, blocks, rooms } = pumped(BLOCK_MAX_BYTES);
    pump.sendRecords(0, noise(10));
    pump.stop();
    assert.equal(pump.sendRecords(0, noise(10)), false);
    pump.addCredit(7, 1_000_000);
    assert.deepEqual([blocks.length, rooms()], [1, 0]);
  });

  it('refuses more records than fit a message', () => {
    const tooMany = new Uint8Array((PUMP_BLOCK_RECORDS + 1) * RECORD_BYTES);
    assert.throws(() => pumped().pump.sendRecords(0, tooMany), /16384 records at most/);
  });
});
