/** The export for speedscope: what its published schema and its importer ask of a file. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readExportedTrace } from '../../../runtime/launch/export/exported-trace.ts';
import { makeSpeedscope, type SpeedscopeFile } from '../../../runtime/launch/export/speedscope.ts';
import { temporaryFolders } from '../part-writer.ts';
import { recordingIn } from './recording.ts';

const folder = temporaryFolders();

function exported(): SpeedscopeFile {
  const trace = readExportedTrace(recordingIn(folder()));
  assert.ok(typeof trace !== 'string');
  return makeSpeedscope(trace, 'main.js');
}

/** "1000 get › queue.get()": what stands from when on. */
function stacksOf({ shared, profiles }: SpeedscopeFile, name: string): string[] {
  const stack: string[] = [];
  const lines = new Map<number, string>();
  for (const { type, frame, at } of profiles.find((profile) => profile.name === name)!.events) {
    if (type === 'O') stack.push(shared.frames[frame]!.name);
    else assert.equal(stack.pop(), shared.frames[frame]!.name, 'a frame closes that is not the innermost');
    lines.set(at, stack.join(' › '));
  }
  assert.deepEqual(stack, []);
  return [...lines].map(([at, words]) => `${at} ${words}`);
}

describe('the export for speedscope', () => {
  it('has a profile for each thread and for each task', () => {
    assert.deepEqual(
      exported().profiles.map(({ name }) => name),
      ['node main.js: main thread', 'task get', 'task put'],
    );
  });

  it('shows what the thread executed', () => {
    assert.deepEqual(stacksOf(exported(), 'node main.js: main thread'), [
      '1000 get',
      '3000 ',
      '4000 put',
      '7000 ',
      '8000 get',
      '9000 ',
    ]);
  });

  it('shows when a task ran and what it waited for', () => {
    assert.deepEqual(stacksOf(exported(), 'task get'), [
      '1000 get › run',
      '3000 get › waits: queue.get()',
      '6000 get › ready',
      '8000 get › run',
      '9000 ',
    ]);
  });

  it('holds to the format: known fields, frames that exist, times in order and in bounds', () => {
    const file = JSON.parse(JSON.stringify(exported())) as SpeedscopeFile;
    assert.equal(file.$schema, 'https://www.speedscope.app/file-format-schema.json');
    for (const { name, file: path } of file.shared.frames) {
      assert.equal(typeof name, 'string');
      assert.ok(path === undefined || path === 'main.js', path);
    }
    for (const { type, unit, startValue, endValue, events } of file.profiles) {
      assert.equal(`${type} ${unit}`, 'evented nanoseconds');
      let last = startValue;
      for (const { at, frame } of events) {
        assert.ok(at >= last && at <= endValue && file.shared.frames[frame] !== undefined);
        last = at;
      }
    }
  });
});
