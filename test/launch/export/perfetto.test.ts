/**
 * The export for Perfetto, read back by the numbers of its published schema
 * (perfetto_trace.proto), which are written down here once more.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readExportedTrace } from '../../../runtime/launch/export/exported-trace.ts';
import { writePerfetto } from '../../../runtime/launch/export/perfetto.ts';
import { temporaryFolders } from '../part-writer.ts';
import { type ProtoField, readProtobuf } from './read-protobuf.ts';
import { recordingIn } from './recording.ts';

const folder = temporaryFolders();

const PACKET = { 8: 'at', 11: 'event', 60: 'track', 10: 'sequence', 13: 'flags' };
const TRACK = { 1: 'uuid', 2: 'name', 3: 'process', 4: 'thread', 5: 'parent', 8: 'counter' };
const EVENT = {
  4: 'note',
  9: 'type',
  11: 'track',
  22: 'category',
  23: 'name',
  30: 'counter',
  33: 'location',
};
const FLOWS = { 47: 'flow', 48: 'endedFlow' };

type Fields = Readonly<Record<string, number | Uint8Array>>;

function named(bytes: Uint8Array, names: Readonly<Record<number, string>>): Fields {
  const entries = readProtobuf(bytes).map(({ number, value }: ProtoField) => {
    assert.ok(names[number], `field ${number} is not in the schema`);
    return [names[number], value] as const;
  });
  return Object.fromEntries(entries);
}

const text = (value: number | Uint8Array | undefined): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString() : String(value ?? '');

/** One line a packet: the tracks by name, the events in the order of the file. */
function exportedLines(): { readonly tracks: string[]; readonly events: string[] } {
  const exported = readExportedTrace(recordingIn(folder()));
  assert.ok(typeof exported !== 'string');
  const pieces: Uint8Array[] = [];
  writePerfetto(exported, (bytes) => pieces.push(bytes.slice()));
  const names = new Map<number, string>();
  const tracks: string[] = [];
  const events: string[] = [];
  const packets = readProtobuf(Buffer.concat(pieces));
  for (const [i, { number, value }] of packets.entries()) {
    assert.equal(number, 1);
    const packet = named(value as Uint8Array, PACKET);
    assert.equal(packet['sequence'], 1);
    assert.equal(packet['flags'], i === 0 ? 1 : undefined);
    if (packet['track'] !== undefined) {
      const track = named(packet['track'] as Uint8Array, TRACK);
      const process = track['process'] && named(track['process'] as Uint8Array, { 1: 'pid', 6: 'name' });
      const thread =
        track['thread'] && named(track['thread'] as Uint8Array, { 1: 'pid', 2: 'tid', 5: 'name' });
      const name = text(track['name'] ?? (process || thread || {})['name']);
      names.set(track['uuid'] as number, name);
      const below = track['parent'] === undefined ? '' : ` below ${names.get(track['parent'] as number)}`;
      tracks.push(`${name}${below}${track['counter'] === undefined ? '' : ' counts'}`);
    } else {
      const event = named(packet['event'] as Uint8Array, { ...EVENT, ...FLOWS });
      const type = ['', 'begin', 'end', 'instant', 'counter'][event['type'] as number];
      const flow = event['flow'] === undefined ? '' : ` flow ${text(event['flow'])}`;
      const ended = event['endedFlow'] === undefined ? '' : ` from flow ${text(event['endedFlow'])}`;
      const what = [text(event['category']), text(event['name']), text(event['counter'])]
        .filter(Boolean)
        .join(' ');
      events.push(
        `${text(packet['at'])} ${names.get(event['track'] as number)}: ${type} ${what}${flow}${ended}`,
      );
    }
  }
  return { tracks, events };
}

describe('the export for Perfetto', () => {
  const lines = (): ReturnType<typeof exportedLines> => exportedLines();

  it('has a track for each process, thread, task and queue, each below its own', () => {
    assert.deepEqual(lines().tracks, [
      'node main.js',
      'main thread',
      'get below node main.js',
      'put below node main.js',
      'queue orders below node main.js counts',
    ]);
  });

  it('tells of each task when it ran and what it waited for', () => {
    const ofGet = lines().events.filter((line) => line.includes(' get:'));
    assert.deepEqual(ofGet, [
      '1000 get: begin run run',
      '3000 get: end ',
      '3000 get: begin wait queue.get()',
      '6000 get: end ',
      '6000 get: begin ready ready from flow 1',
      '8000 get: end ',
      '8000 get: begin run run',
      '9000 get: end ',
    ]);
  });

  it('draws a wake as a flow from the task that woke', () => {
    assert.ok(lines().events.includes('6000 put: instant wake wakes get flow 1'));
  });

  it('counts what a queue holds', () => {
    assert.ok(lines().events.includes('5000 queue orders: counter 1'));
  });

  it('tells which task the thread executes', () => {
    const ofThread = lines().events.filter((line) => line.includes(' main thread: begin'));
    assert.deepEqual(ofThread, [
      '1000 main thread: begin run get',
      '4000 main thread: begin run put',
      '8000 main thread: begin run get',
    ]);
  });
});
