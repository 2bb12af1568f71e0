/** What a redacted trace still says, and what it does not. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import fc from 'fast-check';
import { Redactor } from '../../runtime/launch/redact.ts';
import { fromText, toText } from '../../runtime/trace/format/text.ts';

const LINES = [
  '0 0 processBegin pid=1 argv="/usr/bin/node /home/ada/app/main.js --user=ada s3cret" version="v20.0.0" language=node',
  '0 0 laneBegin name="main" kind=main',
  '10 0 activationBegin id=1 name="load" site="/home/ada/app/src/load.js:3:1 function load" kind=async-function',
  '20 0 wait id=1 site="/home/ada/app/src/load.js:4:9 await load | fetch(\'https://h/?key=K3Y\', `id ${id} 12`, /p.w/i, 1234567)" reason=io',
  '30 0 wait id=1 site="/home/ada/lib/deep/other.js:1:1 await load | db.get(x)" reason=io',
  '40 0 wait id=1 site="/home/ada/app/node_modules/pg/lib/client.js:1:1 await load | x" reason=io',
  '50 0 fact id=1 text="TypeError: cannot read s3cret" what=uncaught',
  '60 0 agent text="/home/ada/app/x.ts could not be instrumented: why" news=unseen',
].join('\n');
const RECORDS = fromText(LINES);

function redacted(records: Uint8Array, cuts: readonly number[] = [], masksNames = false): string {
  const redactor = new Redactor('/home/ada/app', masksNames);
  const ends = [...cuts.map((cut) => (cut % (records.length / 32)) * 32), records.length].sort(
    (a, b) => a - b,
  );
  const blocks = ends.map((end, i) => records.slice(ends[i - 1] ?? 0, end));
  for (const block of blocks) redactor.note(7, block);
  return toText(Buffer.concat(blocks.map((block) => redactor.redact(7, block))));
}

describe('a redacted trace', () => {
  const text = redacted(RECORDS);

  it('tells of the command line what ran, and how many arguments there were', () => {
    assert.match(text, /argv="node main\.js … …" version="v20\.0\.0"/);
  });
  it('keeps calls and names, and leaves out literals', () => {
    assert.match(text, /fetch\('…', `…`, \/…\/, …\)/);
    assert.match(text, /name="load"/);
  });
  it('tells a path from the folder, and of others the last name or the package', () => {
    assert.match(text, /site="src\/load\.js:4:9 await load/);
    assert.match(text, /site="…\/other\.js:1:1/);
    assert.match(text, /site="node_modules\/pg\/lib\/client\.js:1:1/);
  });
  it('tells of an error its class, of a notice its words', () => {
    assert.match(text, /fact .*text="TypeError: …"/);
    assert.match(text, /text="x\.ts could not be instrumented: why"/);
  });
  it('has the same records otherwise, and none of the secrets', () => {
    const shape = (of: string): string => of.replaceAll(/"[^"]*"/g, '""');
    assert.equal(shape(text), shape(toText(RECORDS)));
    assert.doesNotMatch(text, /s3cret|K3Y|ada|p\.w|12/);
  });
  it('is the same however the records come in blocks', () => {
    fc.assert(fc.property(fc.array(fc.nat(), { maxLength: 4 }), (cuts) => redacted(RECORDS, cuts) === text));
  });
});

describe('an anonymous trace', () => {
  const records = fromText(LINES.replaceAll('load', 'chargeCard'));
  const text = redacted(records, [], true);

  it('numbers names, files and packages, and the same one alike', () => {
    const name = /name="(n\d+)"/.exec(text)?.[1];
    assert.notEqual(name, undefined);
    assert.match(text, new RegExp(`site="n\\d+/${name}\\.js:3:1 function ${name}"`));
    assert.match(text, new RegExp(`site="n\\d+/${name}\\.js:4:9 await ${name} \\| fetch\\(`));
    assert.match(text, /site="node_modules\/n\d+\/n\d+\/client\.js:1:1/);
    assert.match(text, /argv="node \w+\.js … …" version="v20\.0\.0"/);
  });
  it('has the same records otherwise, and no word of the program', () => {
    const shape = (of: string): string => of.replaceAll(/"[^"]*"/g, '""');
    assert.equal(shape(text), shape(toText(records)));
    assert.doesNotMatch(text, /charge|src|other|deep|pg|db\.get|instrumented|cannot|s3cret|K3Y|ada/);
  });
});
