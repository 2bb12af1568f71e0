/** What a part's head says beyond its records: losses and an end that found no room. */
import assert from 'node:assert/strict';
import { openSync, closeSync, truncateSync, writeSync } from 'node:fs';
import { describe, it } from 'mocha';
import { KIND, LOSS } from '../../runtime/trace/format/kinds.ts';
import { PART_END_OFFSET, PART_LOSS_OFFSET, encodePartLoss } from '../../runtime/trace/format/part.ts';
import { toText } from '../../runtime/trace/format/text.ts';
import { readRecording } from '../../runtime/launch/read-recording.ts';
import { begin, end, newPart, processEnd, record, temporaryFolders, type TestPart } from './part-writer.ts';

const folder = temporaryFolders();

function overwrite(part: TestPart, bytes: Uint8Array, offset: number): void {
  const fd = openSync(part.path, 'r+');
  writeSync(fd, bytes, 0, bytes.length, offset);
  closeSync(fd);
}

const loss = (fields: { why?: number; records?: number; threadRecords?: number }): Uint8Array =>
  encodePartLoss({ language: 1, why: 0, records: 0, threadRecords: 0, sinceNs: 2n, ...fields });

function read(at: string): { readonly records: string; readonly troubles: string[] } {
  const troubles: string[] = [];
  let records = '';
  readRecording(at, {
    onRecords: (_, bytes) => (records += toText(bytes.slice(), { times: 'none' })),
    onTrouble: (words) => void troubles.push(words),
  });
  return { records, troubles };
}

describe('what a part lost', () => {
  it('comes after its last record, with the reason, where no record says it', () => {
    const at = folder();
    const part = newPart(at);
    part.append(begin(1, 1), record(KIND.lost, 2, 0, [3], LOSS.ring));
    overwrite(part, loss({ why: LOSS.disk, records: 10, threadRecords: 4 }), PART_LOSS_OFFSET);
    const lines = read(at).records.split('\n').slice(1, -1);
    assert.deepEqual(lines, [
      '0 lost count=3 where=ring',
      '0 lost count=7 since=2 where=disk',
      '0 lost count=4 where=threads',
    ]);
  });

  it('is nothing where its records say all', () => {
    const at = folder();
    const part = newPart(at);
    part.append(begin(1, 1), record(KIND.lost, 2, 0, [3], LOSS.ring), end(3, 1), processEnd(4));
    overwrite(part, loss({ records: 3 }), PART_LOSS_OFFSET);
    assert.match(read(at).records, /activationEnd.*\n0 processEnd how=exit\n$/);
  });

  it('leaves the end of the process to the head', () => {
    const at = folder();
    const part = newPart(at);
    part.append(begin(1, 1));
    overwrite(part, processEnd(4), PART_END_OFFSET);
    assert.match(read(at).records, /activationBegin.*\n0 processEnd how=exit\n$/);
  });

  it('is everything where not even the head could be written', () => {
    const at = folder();
    truncateSync(newPart(at, { pid: 4711 }).path);
    assert.deepEqual(read(at), {
      records: '',
      troubles: [
        'nothing of process 4711 is recorded: nothing could be written (the disk was full, or files may not be as large)',
      ],
    });
  });
});
