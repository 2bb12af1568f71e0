import assert from 'node:assert/strict';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { isRecording, listRecordings } from '../../runtime/launch/list-recordings.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { newPart, temporaryFolders } from './part-writer.ts';

const folder = temporaryFolders();

function record(parent: string, name: string, atS: number, argv: string): string {
  const at = join(parent, name);
  mkdirSync(at, { recursive: true });
  newPart(at, { pid: 41, startNs: 1000n }).append(
    fromText(`
      1000 0 clock wall=1000000 wallHigh=400000000
      1001 0 processBegin pid=41 parentPid=7 argv="${argv}" version="v20" language=node method=program`),
  );
  utimesSync(at, atS, atS);
  return at;
}

describe('the list of recordings', () => {
  it('has the newest first, each by its command, and nothing that is no recording', () => {
    const home = folder();
    const old = record(home, 'a', 100, '/usr/bin/node /work/shop.ts --all');
    const young = record(home, 'b', 200, '/usr/bin/node /work/node_modules/.bin/vitest run');
    mkdirSync(join(home, 'empty'));
    writeFileSync(join(home, 'file.part'), '');
    assert.deepEqual(listRecordings([home, join(home, 'missing')], 10), [
      { folder: young, atMs: 200_000, name: 'node vitest run' },
      { folder: old, atMs: 100_000, name: 'node shop.ts --all' },
    ]);
    assert.equal(listRecordings([home], 1).length, 1);
    assert.deepEqual([young, join(home, 'empty'), join(home, 'missing')].map(isRecording), [
      true,
      false,
      false,
    ]);
  });

  it('shows a name as text, and the folder where nothing can be read', () => {
    const home = folder();
    record(home, 'a', 200, 'node evil\u202E\\u0007.ts');
    mkdirSync(join(home, 'torn'));
    writeFileSync(join(home, 'torn', '1-2.0000.part'), 'torn');
    utimesSync(join(home, 'torn'), 100, 100);
    assert.deepEqual(
      listRecordings([home], 10).map(({ name }) => name),
      ['node evil··.ts', 'torn'],
    );
  });
});
