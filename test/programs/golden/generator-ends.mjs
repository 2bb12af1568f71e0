// The four ways in which an async generator ends: by a value, off its end, left by its loop, by an error thrown in.
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
