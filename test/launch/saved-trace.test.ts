import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { openTrace } from '../../runtime/launch/open-trace.ts';
import { readSavedTrace } from '../../runtime/launch/read-saved-trace.ts';
import { saveTrace } from '../../runtime/launch/saved-trace.ts';
import { describeProcess } from '../../runtime/launch/summary/describe-process.ts';
import { begin, end, newPart, processEnd, temporaryFolders, describeRecords } from './part-writer.ts';

const folder = temporaryFolders();

function recording(at: string): string {
  const first = newPart(at, { startNs: 1n });
  first.append(begin(1, 1), begin(2, 2, 1));
  newPart(at, { startNs: 1n, segment: 1 }).append(end(3, 2), end(4, 1), processEnd(5));
  newPart(at, { startNs: 9n }).append(begin(10, 1), processEnd(11));
  return at;
}

function read(path: string): {
  readonly lines: string[];
  readonly troubles: string[];
  readonly refusal: string | null;
} {
  const lines: string[] = [];
  const troubles: string[] = [];
  const refusal = readSavedTrace(path, {
    onRecords: (part, records) =>
      void lines.push(...describeRecords(records).map((line) => `${part} ${line}`)),
    onTrouble: (words) => void troubles.push(words),
  });
  return { lines, troubles, refusal };
}

describe('saving a recording', () => {
  it('keeps every record of every part and segment, in order', () => {
    const at = recording(folder());
    const file = join(at, 'saved.simul');
    const saved = saveTrace(at, file);
    assert.deepEqual(saved, { records: 7, bytes: statSync(file).size, troubles: [] });
    assert.deepEqual(read(file), {
      lines: [
        '0 activationBegin@1',
        '0 activationBegin@2',
        '0 activationEnd@3',
        '0 activationEnd@4',
        '0 processEnd@5',
        '1 activationBegin@10',
        '1 processEnd@11',
      ],
      troubles: [],
      refusal: null,
    });
    const opened = openTrace(file);
    assert.ok(typeof opened !== 'string');
    assert.equal(opened.trace.events, 7);
    assert.equal(opened.trace.processes.length, 2);
  });

  it('says of a process that it ran when it was saved, and of none that had ended', () => {
    const at = folder();
    newPart(at, { pid: process.pid, startNs: 1n }).append(begin(1, 1), begin(2, 2, 1));
    newPart(at, { pid: process.pid, startNs: 9n }).append(begin(10, 1), processEnd(11));
    const file = join(at, 'saved.simul');
    saveTrace(at, file);
    const opened = openTrace(file);
    assert.ok(typeof opened !== 'string');
    assert.deepEqual([...opened.alive], [0]);
    assert.deepEqual([opened.trace.isOver, opened.trace.events], [false, 5]);
    const [ran, ended] = opened.trace.processes.map((of) => describeProcess(opened.trace, of, opened.alive));
    assert.match(ran!, /still ran when this was saved\.$/);
    assert.match(ended!, /ended with exit code 0\.$/);
  });

  it('leaves neither a file nor a part of one when it cannot write', () => {
    const at = recording(folder());
    const before = readdirSync(at);
    assert.equal(
      saveTrace(at, join(at, 'none', 'saved.simul')),
      `the trace cannot be saved as ${join(at, 'none', 'saved.simul')}: the folder ${join(at, 'none')} does not exist`,
    );
    mkdirSync(join(at, 'taken.simul', 'x'), { recursive: true });
    assert.match(String(saveTrace(at, join(at, 'taken.simul'))), /^the trace cannot be saved as /);
    assert.deepEqual(
      readdirSync(at).filter((name) => name !== 'taken.simul'),
      before,
    );
  });

  it('fails when the disk takes only a part, and leaves no file', () => {
    const at = folder();
    const part = newPart(at);
    for (let i = 0; i < 4000; i++) part.append(begin((i * 7919) % 65_521, (i * 104_729) % 1_000_003));
    const saved = new URL('../../runtime/launch/saved-trace.js', import.meta.url).href;
    const script = `import(${JSON.stringify(saved)}).then(({ saveTrace }) =>
      process.stdout.write(JSON.stringify(saveTrace(".", "saved.simul"))))`;
    // A limit on a file's size stands for a full disk: a block is written in part.
    const shell = `ulimit -f 1; exec "${process.execPath}" -e '${script}'`;
    const { stdout } = spawnSync('sh', ['-c', shell], { cwd: at, encoding: 'utf8' });
    assert.equal(
      JSON.parse(stdout),
      'the trace cannot be saved as saved.simul: the file would be larger than is allowed',
    );
    assert.deepEqual(
      readdirSync(at).filter((name) => name.startsWith('saved')),
      [],
    );
  });

  it('replaces a file only once the new one is whole', () => {
    const at = recording(folder());
    const file = join(at, 'saved.simul');
    writeFileSync(file, 'the old one');
    assert.equal(saveTrace(folder(), file).toString().includes('holds no recording'), true);
    assert.equal(readFileSync(file, 'utf8'), 'the old one');
  });

  it('reports what of the recording was damaged, and saves the rest', () => {
    const at = recording(folder());
    newPart(at, { startNs: 20n }).append(begin(21, 1), begin(22, 2).subarray(0, 9));
    writeFileSync(join(at, '3-3.0000.part'), 'foreign'.repeat(1000));
    const file = join(at, 'saved.simul');
    const saved = saveTrace(at, file);
    assert.ok(typeof saved !== 'string');
    assert.equal(saved.records, 8);
    assert.match(saved.troubles.join('\n'), /3-3\.0000\.part: it does not begin like a part/);
    assert.match(saved.troubles.join('\n'), /the 9 bytes from byte 4128 on/);
    assert.equal(read(file).lines.length, 8);
  });
});
