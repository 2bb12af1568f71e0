import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { PART_HEAD_BYTES } from '../../runtime/trace/format/part.ts';
import { toText } from '../../runtime/trace/format/text.ts';
import { endKilledProcess } from '../../runtime/recorder/end-killed-process.ts';
import { begin, newPart, processEnd, temporaryFolders, DEAD_PID } from '../launch/part-writer.ts';

const folder = temporaryFolders();
const text = (path: string): string =>
  toText(readFileSync(path).subarray(PART_HEAD_BYTES), { times: 'none' });

describe('the end of a killed process', () => {
  it('is appended to its last segment, behind the last whole record', () => {
    const at = folder();
    const first = newPart(at, { startNs: 1n });
    const last = newPart(at, { startNs: 9n, segment: 1 });
    newPart(at, { startNs: 9n });
    last.append(begin(1, 1), new Uint8Array(5));
    endKilledProcess(at, DEAD_PID, 9, 7n);
    assert.match(text(last.path), /^0 activationBegin id=1.*\n0 processEnd signal=9 how=signal\n$/);
    assert.equal(text(first.path), '');
  });

  it('leaves an end that the process recorded, and a folder without it', () => {
    const at = folder();
    const part = newPart(at);
    part.append(processEnd(3));
    endKilledProcess(at, DEAD_PID, 9, 7n);
    endKilledProcess(at, 1, 9, 7n);
    endKilledProcess(`${at}/missing`, 1, 9, 7n);
    assert.equal(text(part.path), '0 processEnd how=exit\n');
  });
});
