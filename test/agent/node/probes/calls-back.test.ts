/** Functions that are given a function to call once they are done. */
import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

for (const { name, path: node } of NODES) {
  describe(`a function that has to call back, on ${name}`, () => {
    /** "2 work done 3 1": line, function, parameter, runs, and runs that did not. */
    const missing = async (source: string): Promise<string[]> => {
      const { text, stderr } = await traceProgram(source, { node });
      deepEqual(stderr, '');
      return [
        ...text.matchAll(/ fact site="[^"]*?:(\d+):.* text="([^"]*)" amount=(\d+) what=missing-callback/g),
      ].map(([, line, what, amount]) => `${line} ${what} ${amount}`);
    };

    it('is told of with how many of its runs did not, wherever they would have called', async () => {
      const program = [
        `setTimeout(() => {}, 5);`,
        `function work(n, done) { if (n === 1) return; setTimeout(() => done(null, n)`,
        `  , 1) }`,
        `for (let n = 0; n < 3; n++) work(n, () => {});`,
        `const each = (n, cb) => { cb && n > 4 && cb() }`,
        `each(4, () => {}); each(5, () => {}); each(6)`,
      ].join('\n');
      deepEqual(await missing(program), ['5 each cb 2 1', '2 work done 3 1']);
    });

    it('is none that hands the function on, or keeps it, and none that answers otherwise', async () => {
      const program = [
        `setTimeout(() => {}, 5); const kept = [];`,
        `const a = (n, done) => { if (n) setTimeout(done, 1) }; a(0, () => {});`,
        `const b = (n, done) => { kept.push({ done }); if (n) done() }; b(0, () => {});`,
        `const c = (req, res, done) => { if (req) done() }; c(0, {}, () => {});`,
        `const d = (n, done) => { const again = () => d(1, done); if (n) done() }; d(0, () => {});`,
        `const e = (n, done) => { [1].forEach((done) => done); if (n) done() }; e(0, () => {});`,
      ].join('\n');
      deepEqual(await missing(program), []);
    });
  });
}
