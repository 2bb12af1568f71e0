import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const pool = (size: number): string => `
  0 0 processBegin pid=100
  0 0 resourceBegin id=9 name="squares" kind=pool capacity=${size} bounded site="a.ts:1:9 call"
  0 1 laneBegin name="squares-1" kind=worker
  0 2 laneBegin name="squares-2" kind=worker
`;
/** A chunk of ten items in this lane. */
const chunk = (id: number, lane: number, fromMs: number, toMs: number): [number, string][] => [
  [
    fromMs * MS,
    `${fromMs * MS} ${lane} activationBegin id=${id} name="square" kind=chunk of=9\n` +
      `${fromMs * MS} ${lane} chunk id=${id} pool=9 first=${id * 10} items=10`,
  ],
  [toMs * MS, `${toMs * MS} ${lane} activationEnd id=${id} outcome=ok`],
];
const inOrder = (...chunks: [number, string][][]): string =>
  chunks
    .flat()
    .sort((a, b) => a[0] - b[0])
    .map(([, line]) => line)
    .join('\n');

describe('a pool', () => {
  it('whose one worker has most of the work is found, with the chunk that outweighs the rest', () => {
    const text = inOrder(chunk(1, 1, 0, 10), chunk(2, 2, 0, 10), chunk(3, 1, 10, 300));
    assert.deepEqual(findingsOf(`${pool(2)}${text}`), [
      'warning idle-workers: pool squares had work for 300 ms, but only 1.0 of its 2 workers were busy on average: ' +
        'squares-1 did 97 % of the work in 2 chunks (the longest: square[30–39], 290 ms). Smaller chunks would share it out more evenly.',
    ]);
  });

  it('that is given one call at a time is found', () => {
    const text = inOrder(
      chunk(1, 1, 0, 100),
      chunk(2, 2, 100, 200),
      chunk(3, 1, 200, 300),
      chunk(4, 2, 300, 400),
    );
    assert.deepEqual(findingsOf(`${pool(4)}${text}`), [
      'warning idle-workers: pool squares had work for 400 ms, but only 1.0 of its 4 workers were busy on average. ' +
        'Give it more at once: calls that are awaited one by one leave the other workers idle.',
    ]);
  });

  it('that gives such calls to one worker again and again is found for the same reason', () => {
    const one = Array.from({ length: 10 }, (_, i) => chunk(10 + i, 1, i * 40, i * 40 + 30));
    assert.deepEqual(findingsOf(`${pool(2)}${inOrder(...one, chunk(8, 2, 0, 10))}`), [
      'warning idle-workers: pool squares had work for 300 ms, but only 1.0 of its 2 workers were busy on average: ' +
        'squares-1 did 97 % of the work in 10 chunks. Give it more at once: calls that are awaited one by one leave the other workers idle.',
    ]);
  });

  it('whose workers are busy, or that has long nothing to do, is not found', () => {
    const even = [chunk(1, 1, 0, 100), chunk(2, 2, 0, 90)];
    assert.deepEqual(findingsOf(`${pool(2)}${inOrder(...even)}`), []);
    assert.deepEqual(findingsOf(`${pool(2)}${inOrder(...even, chunk(3, 1, 9000, 9010))}`), []);
    assert.deepEqual(findingsOf(`${pool(2)}${inOrder(chunk(1, 1, 0, 90))}`), [], 'too short to speak of');
  });

  it('of processes is one pool, although each process names it for itself', () => {
    const worker = (pid: number, text: string): string => `
      0 0 processBegin pid=${pid} parentPid=100
      0 0 resourceBegin id=9 name="squares" kind=pool
      ${text}`;
    const main =
      '0 0 processBegin pid=100\n 0 0 resourceBegin id=9 name="squares" kind=pool capacity=2 bounded';
    assert.deepEqual(
      findingsOf(main, worker(101, inOrder(chunk(1, 0, 0, 300))), worker(102, inOrder(chunk(1, 0, 0, 10)))),
      [
        'warning idle-workers: pool squares had work for 300 ms, but only 1.0 of its 2 workers were busy on average: ' +
          'process 101 did 97 % of the work in 1 chunk (the longest: square[10–19], 300 ms). Smaller chunks would share it out more evenly.',
      ],
    );
  });

  it('that replaces its workers has as many places as its size', () => {
    const lanes = [3, 4, 5, 6]
      .map((lane) => `0 ${lane} laneBegin name="squares-${lane}" kind=worker`)
      .join('\n');
    const oneByOne = [1, 2, 3, 4, 5, 6].map((n) => chunk(n, n, n * 60, n * 60 + 60));
    assert.deepEqual(findingsOf(`${pool(4)}${lanes}\n${inOrder(...oneByOne)}`), [
      'warning idle-workers: pool squares had work for 360 ms, but only 1.0 of its 4 workers were busy on average. ' +
        'Give it more at once: calls that are awaited one by one leave the other workers idle.',
    ]);
    const busy = [1, 2, 3, 4, 5, 6].map((n) => {
      const from = Math.floor((n - 1) / 2) * 60;
      return chunk(n, n, from, from + 60);
    });
    assert.deepEqual(findingsOf(`${pool(2)}${lanes}\n${inOrder(...busy)}`), []);
    const long = [chunk(1, 1, 0, 10), chunk(2, 2, 0, 10), chunk(3, 3, 10, 210), chunk(4, 4, 11, 12)];
    assert.match(
      findingsOf(`${pool(2)}${lanes}\n${inOrder(...long)}`)[0] ?? '',
      /pool squares had work .* only 1\.1 of its 2 workers were busy on average: squares-1 with the 1 that replaced it did 95 % of the work in 2 chunks/,
    );
  });

  it('that was terminated had work until then', () => {
    const text = `${inOrder(chunk(1, 1, 0, 10), chunk(2, 2, 0, 10))}
      ${10 * MS} 1 activationBegin id=3 name="square" kind=chunk of=9
      ${10 * MS} 1 chunk id=3 pool=9 first=30 items=10
      ${160 * MS} 0 resourceEnd id=9
      ${9000 * MS} 0 processEnd how=exit`;
    assert.match(findingsOf(`${pool(4)}${text}`)[0] ?? '', /had work for 160 ms/);
  });

  it('of no size is not found, as a damaged trace may hold one', () => {
    assert.deepEqual(findingsOf(`${pool(0)}${inOrder(chunk(1, 1, 0, 300), chunk(2, 2, 0, 10))}`), []);
  });
});

const READY = `
  0 0 processBegin pid=100
  0 0 resourceBegin id=1 name="crunch-1" kind=worker site="a.ts:3:5 line main"
  0 0 resourceBegin id=2 name="crunch-2" kind=worker site="a.ts:3:5 line main"
  0 0 resourceBegin id=3 name="crunch-3" kind=worker site="a.ts:3:5 line main"
`;

/** Each part goes to a worker when that has answered the one before. */
class Dealt {
  readonly #lines: [number, string][] = [];
  readonly #sent = [0, 0, 0, 0];

  part(worker: number, fromMs: number, toMs: number): this {
    const n = ++this.#sent[worker]!;
    const from = fromMs * MS;
    const to = toMs * MS;
    const send = `link token=${worker * 2} tokenHigh=100 resource=${worker} attempt=${n} way=send kind=message`;
    const answer = `token=${worker * 2 + 1} tokenHigh=100 attempt=${n}`;
    this.#lines.push([from, `${from} 0 ${send}`]);
    this.#lines.push([from, `${from} 0 use resource=${worker} site="a.ts:9:7 line feed" how=call`]);
    this.#lines.push([to, `${to} ${worker} link ${answer} way=send kind=message`]);
    this.#lines.push([to, `${to} 0 link ${answer} resource=${worker} way=receive kind=message`]);
    return this;
  }

  toString(): string {
    return (
      READY +
      this.#lines
        .sort(([a], [b]) => a - b)
        .map(([, line]) => line)
        .join('\n')
    );
  }
}

const lopsided = new Dealt()
  .part(1, 0, 50)
  .part(2, 0, 200)
  .part(3, 0, 50)
  .part(1, 50, 100)
  .part(2, 200, 400)
  .part(3, 50, 100)
  .part(2, 400, 600)
  .part(2, 600, 800);

describe('worker threads of the program', () => {
  it('of which one was given most of the work are found, with the line that deals it out', () => {
    assert.deepEqual(findingsOf(String(lopsided)), [
      'warning idle-workers: worker crunch-2 was given most of the work at a.ts:9: it was at work for 800 ms of 800 ms, ' +
        'and the other 2 workers for 100 ms at most. Do not deal the parts out beforehand: give each worker its next part ' +
        'when it has answered the last; all would take about 333 ms.',
    ]);
  });

  it('that were given all their parts at once are found, too', () => {
    const queued = new Dealt();
    for (let n = 0; n < 6; n++) queued.part(1, 0, 150 * (n + 1));
    assert.match(
      findingsOf(String(queued.part(2, 0, 100).part(3, 0, 100))).join(),
      /^warning idle-workers: worker crunch-1/,
    );
  });

  it('of which one had a part that nobody could share are not found', () => {
    const long = new Dealt().part(1, 0, 800).part(2, 0, 50).part(3, 0, 50).part(2, 50, 100).part(3, 50, 90);
    assert.deepEqual(findingsOf(String(long)), []);
  });

  it('that had work one after the other are not found', () => {
    const turns = new Dealt();
    for (let n = 0; n < 6; n++) turns.part(1 + (n % 3), n * 100, n * 100 + 90);
    assert.deepEqual(findingsOf(String(turns)), []);
    const sticky = new Dealt();
    for (let n = 0; n < 6; n++) sticky.part(1, n * 100, n * 100 + 90);
    assert.deepEqual(findingsOf(String(sticky.part(2, 600, 640).part(3, 640, 700))), []);
  });

  it('of which one began late, when the others had done most, are not found', () => {
    const late = new Dealt();
    for (let n = 0; n < 10; n++) late.part(1, n * 60, n * 60 + 60).part(2, n * 60, n * 60 + 60);
    assert.deepEqual(findingsOf(String(late.part(3, 570, 630))), []);
  });

  it('are not judged where records are missing', () => {
    assert.deepEqual(
      findingsOf(`${String(lopsided)}\n900000000 0 lost count=5 where=ring`).filter((line) =>
        line.includes('idle'),
      ),
      [],
    );
  });

  it('that were each given one part of a range are found where one part outweighs the others', () => {
    const cut = new Dealt().part(1, 0, 900).part(2, 10, 200).part(3, 20, 210);
    assert.match(
      findingsOf(String(cut)).join(),
      /^warning idle-workers: worker crunch-1 was given the largest part at a\.ts:9: it was at work for 900 ms of 900 ms, .* Cut the work into more and smaller parts/,
    );
  });
});
