// Four ends of an async generator: a value, off its end, its loop is left, an error thrown in.
async function* byValue() {
  yield 1;
  return 'end';
}

async function* offItsEnd() {
  yield 1;
}

async function main() {
  for await (const x of byValue()) console.log(x);
  for await (const x of offItsEnd()) console.log(x);
  for await (const x of offItsEnd()) break;
  const thrown = offItsEnd();
  await thrown.next();
  await thrown.throw(new Error('stop')).catch(() => {});
}

main();
