// A playlist whose store merges what it is given: two songs are looked up at once.
import { setTimeout as delay } from 'node:timers/promises';

function createStore(make) {
  let state;
  const get = () => state;
  const set = (change) => {
    state = { ...state, ...(typeof change === 'function' ? change(state) : change) };
  };
  state = make(set, get);
  return { get, set };
}

const playlist = createStore((set, get) => ({
  songs: [],
  isOpen: false,
  open: () => set({ isOpen: true }),
  async add(title) {
    const { songs } = get();
    await delay(title.length);
    set({ songs: [...songs, title] });
  },
}));

const { add, open } = playlist.get();
const adding = [add('Nocturne'), add('Gymnopedie')];
open();
await Promise.all(adding);
const { songs, isOpen } = playlist.get();
console.log(songs.length, isOpen);
