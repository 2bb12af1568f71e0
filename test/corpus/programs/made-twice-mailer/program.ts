// Mails go out through one client, which is connected when the first is sent.
import { setTimeout as delay } from 'node:timers/promises';

class Client {
  static count = 0;
  static async connect(): Promise<Client> {
    Client.count++;
    await delay(20);
    return new Client();
  }
  async send(text: string): Promise<number> {
    await delay(2);
    return text.length;
  }
}

class Mailer {
  #client: Client | undefined;

  async #connected(): Promise<Client> {
    if (this.#client === undefined) {
      this.#client = await Client.connect();
    }
    return this.#client;
  }
  async mail(text: string): Promise<number> {
    const client = await this.#connected();
    return client.send(text);
  }
}

async function main(): Promise<void> {
  const mailer = new Mailer();
  await Promise.all(['one', 'two', 'three'].map((text) => mailer.mail(text)));
  console.log(`${Client.count} clients`);
}
void main();
