// Rows get a price; rows of things that are not sold are left out.
import { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

interface Row {
  readonly id: number;
  readonly sold: boolean;
}
const priceOf = async (id: number): Promise<number> => 10 * id;
const priced = new Transform({
  objectMode: true,
  async transform(row: Row, _encoding, callback) {
    const price = await priceOf(row.id);
    if (row.sold) callback(null, { ...row, price });
    else callback();
  },
});
async function main(): Promise<void> {
  const rows = [1, 2, 3].map((id) => ({ id, sold: id !== 2 }));
  await pipeline(
    Readable.from(rows),
    priced,
    new Writable({ objectMode: true, write: (_row, _encoding, done) => done() }),
  );
  console.log('all priced');
}
void main();
