// Commands are sent to a device that answers each.
import { Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

class Device extends Duplex {
  #answer: (() => void) | null = null;
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.push(Buffer.concat([Buffer.from('ok '), chunk]))) done();
    else this.#answer = done;
  }
  override _read(): void {
    const answer = this.#answer;
    this.#answer = null;
    answer?.();
  }
  override _final(done: () => void): void {
    this.push(null);
    done();
  }
}

async function send(commands: string[]): Promise<void> {
  const device = new Device();
  await pipeline(Readable.from(commands), device);
  console.log('sent', commands.length);
}

send(Array.from({ length: 3000 }, (_, i) => `move arm to place ${i}\n`));
