const { readFile } = require('node:fs/promises');

async function retry(task, left) {
  try {
    return await task();
  } catch (error) {
    if (left === 0) throw error;
    return retry(task, left - 1);
  }
}

async function loadSecrets() {
  return JSON.parse(await readFile('/nowhere/secrets.json', 'utf8'));
}

async function main() {
  const secrets = await retry(loadSecrets, 40);
  console.log(secrets);
}
main().catch((error) => console.log(`failed: ${error.code}`));
