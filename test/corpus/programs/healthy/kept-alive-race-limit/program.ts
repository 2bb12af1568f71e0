// The timer is cleared when the race is decided.
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function order(name: string): Promise<string> {
  await pause(20);
  return `${name} sent`;
}
async function withLimit<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done in ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
for (const name of ['tea', 'rice']) console.log(await withLimit(order(name), 2000));
