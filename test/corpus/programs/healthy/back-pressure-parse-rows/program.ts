// Rows of a table are parsed and counted.
import { Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';

class ParseRows extends Transform {
  rows = 0;
  constructor() {
    super({ objectMode: true });
  }
  override _transform(line: string, _encoding: BufferEncoding, done: TransformCallback): void {
    this.rows++;
    done();
  }
}

async function importTable(lines: Iterable<string>): Promise<number> {
  const parser = new ParseRows();
  parser.resume();
  await pipeline(Readable.from(lines), parser);
  return parser.rows;
}

importTable(Array.from({ length: 100 }, (_, i) => `${i};x`)).then((rows) => console.log(rows));
