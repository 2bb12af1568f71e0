import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { follow } from '../../runtime/launch/follow.ts';
import { openTrace } from '../../runtime/launch/open-trace.ts';
import { saveTrace } from '../../runtime/launch/saved-trace.ts';
import { begin, newPart, processEnd, temporaryFolders } from './part-writer.ts';

const folder = temporaryFolders();
const isWindows = process.platform === 'win32';
/** Where the descriptors of this process can be counted. */
const OWN_DESCRIPTORS = '/proc/self/fd';

describe('a part of a recording', () => {
  it('that is a pipe is refused, and waited for by nobody', function () {
    if (isWindows) return;
    const at = folder();
    const pipe = join(at, '4711-1a2b3c.0000.part');
    assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
    const words = '4711-1a2b3c.0000.part: it is not a regular file; what follows byte 0 is left out';
    assert.equal(openTrace(at), words);
    const file = join(at, 'saved.simul');
    assert.equal(saveTrace(at, file), `the trace cannot be saved as ${file}: ${words}`);
  });

  it('that is a sparse file is read as far as something is written, and no further', () => {
    const at = folder();
    const part = newPart(at);
    part.append(begin(1, 1), begin(2, 2));
    const bytes = 40 * 2 ** 30;
    truncateSync(part.path, bytes);
    const opened = openTrace(at);
    assert.ok(typeof opened !== 'string');
    assert.equal(opened.trace.tasks.count, 2);
    assert.match(
      opened.troubles.join(),
      /^\d+-3e8\.0000\.part: nothing was written from byte 4160 on; the 42949668800 bytes there are left out$/,
    );
  });
});

describe('a file as large as no trace is', () => {
  it('is refused in one sentence, unread', () => {
    const file = join(folder(), 'large.simul');
    newPart(join(file, '..'));
    const [part] = readdirSync(join(file, '..'));
    truncateSync(join(file, '..', part!), 40 * 2 ** 30);
    assert.equal(
      openTrace(join(file, '..', part!)),
      `${join(file, '..', part!)} cannot be opened: it has 42,949,672,960 bytes, and no trace has more than 1,073,741,824`,
    );
  });
});

describe('following a recording of many processes', () => {
  it('holds few descriptors at any time, and reads every part to its end', async function () {
    if (process.platform !== 'linux') return;
    const at = folder();
    const parts = 300;
    for (let i = 0; i < parts; i++) {
      const part = newPart(at, { startNs: BigInt(1000 + i) });
      part.append(begin(1, 1));
      if (i % 2 === 0) part.append(processEnd(2));
    }
    const before = readdirSync(OWN_DESCRIPTORS).length;
    const records = new Map<number, number>();
    let most = 0;
    await new Promise<void>((resolve) => {
      const following = follow(at, {
        pollMs: 1,
        endsWith: 'finish',
        onBlock: (part, bytes) => {
          records.set(part, (records.get(part) ?? 0) + bytes.length / 32);
          most = Math.max(most, readdirSync(OWN_DESCRIPTORS).length - before);
        },
        onCaughtUp: () => following.finish(),
        onEnd: resolve,
      });
    });
    assert.equal(records.size, parts);
    assert.deepEqual([records.get(0), records.get(1)], [2, 1]);
    assert.ok(most < 10, `${most} descriptors`);
  });

  it('reads on in a part that it had closed', async () => {
    const at = folder();
    const parts = Array.from({ length: 40 }, (_, i) => newPart(at, { startNs: BigInt(1000 + i) }));
    for (const part of parts) part.append(begin(1, 1));
    let read = 0;
    let appended = false;
    await new Promise<void>((resolve) => {
      const following = follow(at, {
        pollMs: 1,
        endsWith: 'finish',
        onBlock: (_, bytes) => {
          read += bytes.length / 32;
          if (read === 41) following.finish();
        },
        onCaughtUp: () => {
          if (!appended) parts[17]!.append(begin(2, 2));
          appended = true;
        },
        onEnd: resolve,
      });
    });
    assert.equal(read, 41);
  });
});
