// same: ends=1 core
type Never = never;
async function main(input: { a: number }): Promise<Never> {
  await null;
  throw new TypeError(`bad ${input.a}`);
}
void main({ a: 1 });
