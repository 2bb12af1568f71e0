/** Functions that a stream calls, and that do not call back. */
import { deepEqual, equal } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

const IMPORT = `import { Duplex, PassThrough, Readable, Transform, Writable } from 'node:stream'; import { pipeline } from 'node:stream/promises';\n`;
const FIRST = 2;

for (const node of NODES) {
  /** "5 Rows._transform": line and text. */
  const missing = async (source: string): Promise<string[]> => {
    const { text } = await traceProgram(IMPORT + source, { node: node.path });
    return [...text.matchAll(/ fact site="[^"]*?:(\d+):.* text="([^"]*)" what=missing-callback/g)]
      .map(([, line, name]) => `${Number(line) - FIRST + 1} ${name}`)
      .sort();
  };
  const through = (stream: string): string =>
    `pipeline(Readable.from(['a', 'b', 'c']), ${stream}, new Writable({ write(c, e, done) { done(); } })).catch(() => {});\n`;

  describe(`a stream's callback, on ${node.name}`, () => {
    it('is missed where the function of a class, of options or of a prototype never calls it', async () => {
      deepEqual(
        await missing(`
          class Rows extends Transform { _transform(chunk, encoding, callback) { if (String(chunk) !== 'b') callback(); } }
          const Old = class Old extends Transform {};
          Old.prototype._transform = function (chunk, encoding, callback) { callback(null, chunk); };
          Old.prototype._flush = function (callback) { this.push('x'); };
          ${through('new Rows()')}${through('new Old()')}
          ${through('new Transform({ async transform(chunk, encoding, callback) { await null; } })')}
          ${through('new Transform({ flush: (callback) => {}, transform: (chunk, encoding, callback) => callback(null, chunk) })')}
          new Writable({ write: (chunk, encoding, callback) => {} }).write('x');
          new Writable({ write(chunk, encoding, callback) { callback(); }, final(callback) {} }).end('x');`),
        [
          '11 flush of a Transform',
          '13 write of a Writable',
          '14 final of a Writable',
          '2 Rows._transform',
          '5 Old.prototype._flush',
          '9 transform of a Transform',
        ],
      );
    });

    it('is missed where a function that something makes a stream of never calls it', async () => {
      const make = `const through = (transform, flush) => Object.assign(new Transform({ transform, flush }));\n`;
      deepEqual(
        await missing(`
          ${make.trim()}
          function skip() { return through(function (row, encoding, callback) { if (String(row) !== 'b') callback(); }); }
          const atEnd = through(function (row, encoding, cb) { cb(); }, function (done) {});
          ${through('skip()')}${through('atEnd')}
          [1].forEach(function (one, two, next) {});`),
        ['3 skip.transform', '4 flush of a Transform'],
      );
    });

    it('is not missed where it came, where a reader is awaited, or where it is no stream of Node’s', async () => {
      deepEqual(
        await missing(`
          class Rows extends Transform { _transform(chunk, encoding, callback) { setImmediate(callback, null, chunk); } }
          ${through('new Rows()')}${through('new Transform({ transform: (chunk, encoding, callback) => callback(null, chunk) })')}
          ${through("new Transform({ transform(chunk, encoding, callback) { callback(new Error('no')); } })")}
          const full = new Transform({ transform(chunk, encoding, callback) { callback(null, chunk); } });
          full.write(Buffer.alloc(1e6)); full.write('x');
          const gone = new Writable({ write(chunk, encoding, callback) {} });
          gone.write('x'); gone.destroy();
          new TransformStream({ transform(chunk, controller) {} });
          class Book extends Map { _write() {} }
          new Book()._write();`),
        [],
      );
    });

    it('leaves the program what it is', async () => {
      const source = `${IMPORT}
        class Rows extends Transform { _transform(chunk, encoding, callback) { console.log(new Error('x').stack.split('\\n')[1].replace(/file.*\\//, '')); callback(); } }
        new Rows().write('x'); console.log(String(Rows.prototype._transform), Rows.prototype._transform.length, Rows.prototype._transform.name);`;
      const [traced, untraced] = [
        await traceProgram(source, { node: node.path }),
        await traceProgram(source, { node: node.path, untraced: true }),
      ];
      equal(traced.stdout, untraced.stdout);
      equal(traced.stderr, '');
    });
  });
}
