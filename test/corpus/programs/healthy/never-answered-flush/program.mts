// A sum that comes last.
import { Readable, Transform, type TransformCallback } from 'node:stream';

class Sums extends Transform {
  #sum = 0;
  constructor() {
    super({ objectMode: true });
  }
  override _transform(value: number, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#sum += value;
    callback();
  }
  override _flush(callback: TransformCallback): void {
    if (this.#sum < 0) return callback(new Error('a debt'));
    callback(null, this.#sum);
  }
}
async function main(): Promise<void> {
  const sums = Readable.from([1, 2, 3]).pipe(new Sums());
  for await (const sum of sums) console.log(sum);
  console.log('done');
}
void main();
