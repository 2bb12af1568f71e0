// Reads a setting, or else its default.
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
async function readRemote(key: string): Promise<string> {
  await pause(15);
  throw new Error(`no such key ${key}`);
}
async function setting(key: string): Promise<string> {
  try {
    return readRemote(key);
  } catch {
    return 'default';
  }
}
async function show(): Promise<void> {
  try {
    console.log(await setting('colour'));
  } catch (error) {
    console.log('failed:', (error as Error).message);
  }
}
await show();
