import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { WatchedRecording } from '../../../extension/server/watched-recording.ts';
import type { WholeDocument } from '../../../extension/server/whole-document.ts';
import { encodePartHead, keptPartName, seriesName } from '../../../runtime/trace/format/part.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { newPart, temporaryFolders } from '../../launch/part-writer.ts';

const folder = temporaryFolders();
const START = `
  1000 0 clock wall=1000000 wallHigh=400000000
  1001 0 processBegin pid=41 parentPid=7 argv="node a.js" version="v20" language=node method=program
  1002 0 laneBegin name="main" kind=main osThread=41`;
const wait = (t: number, line: number): string => `
  ${t} 0 activationBegin id=${t} site="/a.js:1:1 function f" name="f" kind=async-function
  ${t + 1} 0 wait id=${t} site="/a.js:${line}:3 await f | it" reason=future`;

describe('the recording that the editor shows hints of', () => {
  it('is read anew where records were let go of before they were read', async () => {
    const at = folder();
    const startNs = 1000n;
    newPart(at, { pid: process.pid, startNs }).append(fromText(START + wait(2000, 2)));
    let changed!: () => void;
    let nextChange = new Promise<void>((resolve) => (changed = resolve));
    const watched = new WatchedRecording(at, {
      refreshMs: 1,
      onChange: () => {
        changed();
        nextChange = new Promise((resolve) => (changed = resolve));
      },
      onFault: (words) => assert.fail(words),
    });
    const linesOf = (): number[] =>
      watched.sitesOf({ path: '/a.js' } as WholeDocument).map(({ site }) => site.line);
    watched.start(false);
    await nextChange;
    assert.deepEqual(linesOf(), [2]);

    // A follower let go of four segments that this reader has not seen.
    const kept = fromText(`
      1000 0 clock wall=1000000 wallHigh=400000000
      5000 0 kept records=900 limitKb=60000 why=limit
      ${START.split('\n').slice(2).join('\n')}${wait(4000, 7)}
      5000 0 kept records=900 limitKb=60000 why=limit end`);
    const head = encodePartHead({ pid: process.pid, segment: 4, startNs, wallNs: 5n, language: 1 });
    newPart(at, { pid: process.pid, startNs, segment: 5 }).append(fromText(wait(6000, 9)));
    writeFileSync(join(at, keptPartName(seriesName(process.pid, startNs), 4)), Buffer.concat([head, kept]));
    while (linesOf().length !== 2 || linesOf()[0] === 2) await nextChange;
    assert.deepEqual(linesOf(), [7, 9]);
    watched.dispose();
  });

  it('knows what was found at each line', async () => {
    const at = folder();
    newPart(at).append(fromText(`${START}${wait(2000, 2)}\n 9000 0 processEnd exitCode=13 how=exit`));
    let changed!: () => void;
    const change = new Promise<void>((resolve) => (changed = resolve));
    const watched = new WatchedRecording(at, {
      refreshMs: 1,
      onChange: () => changed(),
      onFault: (words) => assert.fail(words),
    });
    watched.start(true);
    await change;
    const [site] = watched.sitesOf({ path: '/a.js' } as WholeDocument);
    assert.match(site!.findings!()[0]!, /^f was still waiting .* a\.js:2/);
    watched.dispose();
  });
});
