// A container that starts each service once, with what it needs.
import { setTimeout as delay } from 'node:timers/promises';

const started = new Map();
const get = (create) => {
  if (!started.has(create)) started.set(create, create());
  return started.get(create);
};

async function createMailer() {
  await delay(5);
  const users = await get(createUsers);
  return { send: (id) => `mail to ${users.name(id)}` };
}

async function createUsers() {
  await delay(5);
  return { name: (id) => `user ${id}`, welcome: async (id) => (await get(createMailer)).send(id) };
}

get(createMailer).then((mailer) => console.log(mailer.send(7)));
