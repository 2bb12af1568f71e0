import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { clockShift, identityHere } from '../../runtime/launch/identity.ts';

describe('what a recording says of where it was made', () => {
  it('is the same here each time, but for the recording itself', () => {
    const [one, other] = [identityHere(), identityHere()];
    assert.notEqual(one.recording, other.recording);
    assert.deepEqual({ ...one, recording: '' }, { ...other, recording: '' });
  });

  it('tells a container whose monotonic clock is another one from the others of its boot', () => {
    const offsets = (seconds: number, ns: number): string =>
      `monotonic  ${String(seconds).padStart(10)} ${String(ns).padStart(9)}\nboottime            7         0\n`;
    assert.equal(clockShift(offsets(0, 0)), '');
    assert.equal(clockShift(''), '');
    assert.equal(clockShift(offsets(5000, 0)), ' 5000.000000000');
    assert.equal(clockShift(offsets(-1, 500)), ' -1.000000500');
  });
});
