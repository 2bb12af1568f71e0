import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { LANGUAGE } from '../../runtime/trace/format/kinds.ts';
import { PART_END_OFFSET, PART_HEAD_BYTES } from '../../runtime/trace/format/part.ts';
import { toText } from '../../runtime/trace/format/text.ts';
import { endKilledProcess, noteExitCode } from '../../runtime/recorder/end-killed-process.ts';
import { begin, newPart, processEnd, temporaryFolders, DEAD_PID } from '../launch/part-writer.ts';

const folder = temporaryFolders();
const text = (path: string): string =>
  toText(readFileSync(path).subarray(PART_HEAD_BYTES), { times: 'none' });
const headEnd = (path: string): string =>
  toText(readFileSync(path).subarray(PART_END_OFFSET, PART_HEAD_BYTES), { times: 'none' });

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

  it('stands in the head where room was taken in advance behind the last record', () => {
    const at = folder();
    const part = newPart(at);
    part.append(begin(1, 1), new Uint8Array(64));
    endKilledProcess(at, DEAD_PID, 9, 7n);
    assert.equal(headEnd(part.path), '0 processEnd signal=9 how=signal\n');
    endKilledProcess(at, DEAD_PID, 15, 8n);
    assert.equal(headEnd(part.path), '0 processEnd signal=9 how=signal\n');
  });
});

describe('the exit code of a process that did not know it', () => {
  const ofLanguage = (language: number): string => {
    const at = folder();
    const part = newPart(at);
    const bytes = readFileSync(part.path);
    bytes[40] = language;
    bytes.set(processEnd(3), PART_END_OFFSET);
    writeFileSync(part.path, bytes);
    noteExitCode(at, DEAD_PID, 5);
    return headEnd(part.path);
  };

  it('is written into the end that Python left in the head', () => {
    assert.equal(ofLanguage(LANGUAGE.python), '0 processEnd exitCode=5 how=exit\n');
  });

  it('is left as it is where another agent wrote the end', () => {
    assert.equal(ofLanguage(LANGUAGE.node), '0 processEnd how=exit\n');
  });
});
