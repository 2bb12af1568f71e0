/**
 * Stretches of a CPU profile for which one place had the thread: they say of a thread that is held
 * what the helper thread's questions say of it elsewhere (hold-sampler.ts), of workers too.
 */
import type { Look, ProfilePlace } from './profile-places.ts';

export interface Stretch {
  readonly fromUs: number;
  readonly toUs: number;
  readonly place: ProfilePlace;
}

/** A thread that works for less without a break holds nobody. */
const MIN_BUSY_US = 40_000;
/** What had most of such a slice, and at least half of it, stands for all of it. */
const SLICE_US = 20_000;

/** @returns in the order of time; a slice that nothing stands out of is in none */
export function stretchesOf(looks: readonly Look[]): Stretch[] {
  const stretches: Stretch[] = [];
  let busy: (Look & { readonly place: ProfilePlace })[] = [];
  const end = (): void => {
    if (busy.length > 0 && busy.at(-1)!.toUs - busy[0]!.fromUs >= MIN_BUSY_US) addSlices(busy, stretches);
    busy = [];
  };
  for (const look of looks) {
    const { place } = look;
    if (place === null) end();
    else busy.push({ ...look, place });
  }
  end();
  return stretches;
}

/** The looks follow one another without a break. */
function addSlices(busy: readonly (Look & { readonly place: ProfilePlace })[], to: Stretch[]): void {
  let slice: (Look & { readonly place: ProfilePlace })[] = [];
  for (const look of busy) {
    slice.push(look);
    const fromUs = slice[0]!.fromUs;
    const { toUs } = look;
    if (toUs - fromUs < SLICE_US && look !== busy.at(-1)) continue;
    let best = look.place;
    let bestUs = 0;
    for (const { place } of slice) {
      let us = 0;
      for (const other of slice) if (other.place === place) us += other.toUs - other.fromUs;
      if (us > bestUs) [best, bestUs] = [place, us];
    }
    slice = [];
    if (2 * bestUs < toUs - fromUs) continue;
    const last = to.at(-1);
    if (last !== undefined && last.place === best && last.toUs === fromUs)
      to[to.length - 1] = { ...last, toUs };
    else to.push({ fromUs, toUs, place: best });
  }
}
