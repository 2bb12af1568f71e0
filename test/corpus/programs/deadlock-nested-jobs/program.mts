// An import runs as a job, and its thumbnails as jobs of the same queue.
import PQueue from 'p-queue';
import { setTimeout as delay } from 'node:timers/promises';

class Importer {
  private readonly queue = new PQueue({ concurrency: 1 });

  async importAlbum(pictures: string[]): Promise<string[]> {
    return (await this.queue.add(async () => {
      const made: string[] = [];
      for (const picture of pictures) made.push(await this.thumbnail(picture));
      return made;
    })) as string[];
  }

  async thumbnail(picture: string): Promise<string> {
    return (await this.queue.add(() => delay(5, `${picture}.small`))) as string;
  }
}

console.log(await new Importer().importAlbum(['a.png', 'b.png']));
