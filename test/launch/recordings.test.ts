import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { cacheFolder } from '../../runtime/launch/cache-folder.ts';
import { newRecording, prepareRecording, recordingsFolder } from '../../runtime/launch/recordings.ts';
import { temporaryFolders } from './part-writer.ts';

const folder = temporaryFolders();

function made(result: ReturnType<typeof newRecording>): string {
  assert.ok('folder' in result, JSON.stringify(result));
  return result.folder;
}

describe('the folder of recordings', () => {
  it('is the requested one, else SIMUL_RECORDINGS, else in the state folder, else in ~/.local/state', function () {
    if (process.platform !== 'linux') this.skip();
    const home = { HOME: '/home/me' };
    assert.equal(recordingsFolder({ ...home, SIMUL_RECORDINGS: '/env' }, '/asked'), '/asked');
    assert.equal(recordingsFolder({ ...home, SIMUL_RECORDINGS: '/env' }), '/env');
    assert.equal(recordingsFolder({ ...home, XDG_STATE_HOME: '/state' }), '/state/simul/recordings');
    assert.equal(
      recordingsFolder({ ...home, XDG_STATE_HOME: 'relative' }),
      '/home/me/.local/state/simul/recordings',
    );
    assert.equal(
      recordingsFolder({ ...home, SIMUL_RECORDINGS: '' }),
      '/home/me/.local/state/simul/recordings',
    );
  });

  it('holds one private folder a run, and keeps the last ten', () => {
    const parent = join(folder(), 'deep', 'down');
    const folders = Array.from({ length: 12 }, (_, i) =>
      made(newRecording(parent, new Date(Date.UTC(2026, 1, 1, 0, 0, i)), 7)),
    );
    assert.equal(statSync(folders[11]!).mode & 0o777, 0o700);
    assert.deepEqual(
      folders.map((path) => existsSync(path)),
      [false, false, ...Array<boolean>(10).fill(true)],
    );
  });

  it('removes nothing that it did not name itself', () => {
    const parent = folder();
    for (const name of ['mine', '2020', 'notes.txt']) mkdirSync(join(parent, name));
    for (let i = 0; i < 12; i++) made(newRecording(parent, new Date(Date.UTC(2026, 1, 1, 0, 0, i)), 7));
    assert.deepEqual(
      readdirSync(parent).filter((name) => !name.startsWith('2026')),
      ['2020', 'mine', 'notes.txt'],
    );
  });

  it('is refused at once where no folder can be made', function () {
    if (process.platform !== 'linux') this.skip();
    const result = newRecording('/proc/nope/deep');
    assert.match('trouble' in result ? result.trouble : '', /cannot be written: /);
    assert.equal(cacheFolder({ SIMUL_CACHE: '/proc/nope/deep' }), null);
  });

  it('makes a given folder private, and refuses to mix two recordings', () => {
    const at = join(folder(), 'mine');
    mkdirSync(at, { mode: 0o755 });
    made(prepareRecording(at));
    assert.equal(statSync(at).mode & 0o777, 0o700);
    writeFileSync(join(at, '1-1.0000.part'), '');
    assert.deepEqual(prepareRecording(at), { trouble: `the folder ${at} already holds a recording` });
  });

  it('says in one sentence why a folder cannot be used', () => {
    const at = join(folder(), 'file');
    writeFileSync(at, '');
    assert.deepEqual(prepareRecording(join(at, 'below')), {
      trouble: `the recording folder ${join(at, 'below')} cannot be written: a part of its path is not a folder`,
    });
  });

  it('warns of a folder that lies in memory', function () {
    if (!existsSync('/dev/shm')) this.skip();
    const at = `/dev/shm/simul-test-${process.pid}`;
    const parent = folder();
    symlinkSync('/dev/shm', join(parent, 'link'));
    try {
      const result = prepareRecording(join(parent, 'link', `simul-test-${process.pid}`));
      assert.ok('warning' in result);
      assert.match(result.warning!, /lies in memory/);
    } finally {
      rmSync(at, { recursive: true, force: true });
    }
  });
});

describe('the cache folder', () => {
  it('is private, and none is used that others may write to', () => {
    const base = folder();
    const at = cacheFolder({ XDG_CACHE_HOME: base });
    assert.equal(at, join(base, 'simul'));
    assert.equal(statSync(at).mode & 0o777, 0o700);
    const open = join(base, 'open');
    mkdirSync(open);
    // The umask narrows mkdir's mode.
    const mask = process.umask(0);
    mkdirSync(join(open, 'simul'), { mode: 0o777 });
    process.umask(mask);
    assert.equal(cacheFolder({ XDG_CACHE_HOME: open }), null);
    symlinkSync(at, join(base, 'link'));
    assert.equal(cacheFolder({ SIMUL_CACHE: join(base, 'link') }), null);
  });
});
