// Whether somebody may see a page.
const { setTimeout: sleep } = require('node:timers/promises');

const rights = { guest: ['read'], admin: ['read', 'write'] };

async function maySee(user, needed) {
  await sleep(5);
  const ok = needed.every(async (right) => {
    await sleep(5);
    return rights[user].includes(right);
  });
  return ok ? `${user} may ${needed}` : `${user} may not`;
}

async function main() {
  for (const user of Object.keys(rights)) console.log(await maySee(user, ['read', 'write']));
}
main();
