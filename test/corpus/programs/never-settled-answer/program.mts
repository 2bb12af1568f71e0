// Waits for the answer to a question.
const waiting: ((answer: string) => void)[] = [];
function ask(): Promise<string> {
  return new Promise((resolve) => waiting.push(resolve));
}
async function talk(): Promise<void> {
  console.log('asking');

  console.log(await ask());
}
talk();
