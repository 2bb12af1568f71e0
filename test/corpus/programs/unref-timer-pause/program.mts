// Tries again after a pause.
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

async function retry<T>(work: () => Promise<T>, times: number): Promise<T> {
  for (let i = 1; ; i++) {
    try {
      return await work();
    } catch (error) {
      if (i === times) throw error;
      await pause(200);
    }
  }
}

let calls = 0;
async function flaky(): Promise<string> {
  if (++calls < 3) throw new Error('not yet');
  return 'done';
}
async function main(): Promise<void> {
  console.log(await retry(flaky, 5));
}
void main();
