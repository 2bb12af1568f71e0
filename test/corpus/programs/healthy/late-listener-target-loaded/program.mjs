// A picture that tells when it has loaded.
import { once } from 'node:events';

class Picture extends EventTarget {
  load() {
    this.dispatchEvent(new Event('loaded'));
  }
}

async function show() {
  const picture = new Picture();
  const loaded = once(picture, 'loaded');
  picture.load();
  await loaded;
  console.log('shown');
}
show();
