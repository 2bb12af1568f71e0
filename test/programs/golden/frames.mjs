// An activation awaited at once is a frame of its caller; one awaited later is a task.
const tick = () => new Promise((resolve) => setTimeout(resolve, 1));

async function inner() {
  await tick();
  return 1;
}

async function outer() {
  const one = await inner();
  const later = inner();
  return one + (await later);
}

console.log(await outer());
