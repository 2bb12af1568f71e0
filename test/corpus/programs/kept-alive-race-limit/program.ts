// Each order has two seconds; the program ends two seconds after the last one.
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function order(name: string): Promise<string> {
  await pause(20);
  return `${name} sent`;
}
async function withLimit<T>(work: Promise<T>, ms: number): Promise<T> {
  const limit = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`not done in ${ms} ms`)), ms);
  });
  return await Promise.race([work, limit]);
}
for (const name of ['tea', 'rice']) console.log(await withLimit(order(name), 2000));
