// Requests with a token that has run out; what renews it may be used once.
import { setTimeout as sleep } from 'node:timers/promises';

const store = { token: 'a-0', ticket: 't-0', count: 0 };
const remote = {
  async ask(token) {
    await sleep(20);
    return token === store.token ? 200 : 401;
  },
  async renew(ticket) {
    await sleep(30);
    if (ticket !== store.ticket) throw new Error('this ticket was used');
    store.count++;
    store.token = `a-${store.count}`;
    store.ticket = `t-${store.count}`;
    await sleep(10);
    return { token: store.token, ticket: store.ticket };
  },
};

class Session {
  #token = 'old';
  #ticket = 't-0';

  async renew() {
    const { token, ticket } = await remote.renew(this.#ticket);
    this.#token = token;
    this.#ticket = ticket;
  }

  async ask(path) {
    while ((await remote.ask(this.#token)) === 401) await this.renew();
    return path;
  }
}

const session = new Session();
const answers = await Promise.allSettled(['/me', '/mail', '/news'].map((path) => session.ask(path)));
console.log(answers.map(({ status }) => status).join(' '));
