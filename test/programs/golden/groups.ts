// Promise.all, race and allSettled: which child ended the wait.
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function child(ms: number): Promise<number> {
  await sleep(ms);
  if (ms === 20) throw new RangeError('twenty');
  return ms;
}

async function main(): Promise<void> {
  console.log(await Promise.all([child(40), child(1)]));
  // The loser ends last, also where the machine stands still for a while.
  console.log(await Promise.race([child(1), child(600)]));
  console.log((await Promise.allSettled([child(20), child(1)])).map((one) => one.status));
}

void main();
