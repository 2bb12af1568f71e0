/** Runs in a page: zooms a picture whose painting seems to take 20 ms each time, then lets it stand still. */
import { LanesPicture } from '../../media/worker/lanes-picture.ts';
import { Session } from '../../media/worker/session.ts';
import { View } from '../../media/worker/view.ts';
import { demoRecords } from '../support/demo-records.ts';

export interface Seen {
  /** Of each picture: whether it asked for another frame. */
  readonly zooming: readonly boolean[];
  readonly still: readonly boolean[];
  /** Pixels unlike those of a picture that was drawn exactly at once: when the zoom ends, and when it has stood still. */
  readonly unlikeAtFirst: number;
  readonly unlikeAtLast: number;
}

const palette = {
  background: 0xff000000,
  run: 0xffff0000,
  ready: 0xff00ffff,
  blocked: 0xff0000ff,
  idle: 0xff888888,
  mark: 0xff004400,
};

export function run(): Seen {
  const session = new Session(1, false);
  session.take(0, demoRecords(40));
  session.arrange(18, true);
  const view = new View();
  view.resize(400);
  view.fit(0, session.trace.endNs);
  let nowMs = 0;
  const slow = pictureOf(() => (nowMs += 20));
  const zooming: boolean[] = [];
  for (let i = 0; i < 5; i++) {
    view.zoom(137, 0.9, session.trace.endNs);
    zooming.push(slow.draw(session, view, 0, 1));
  }
  const exact = pictureOf(() => 0);
  exact.draw(session, view, 0, 1);
  const unlikeAtFirst = unlike(slow, exact);
  const still: boolean[] = [];
  for (let i = 0; i < 4; i++) still.push(slow.draw(session, view, 0, 1));
  return { zooming, still, unlikeAtFirst, unlikeAtLast: unlike(slow, exact) };
}

function pictureOf(now: () => number): LanesPicture {
  const picture = new LanesPicture(new OffscreenCanvas(400, 300), now);
  picture.palette = palette;
  picture.resize(400, 300);
  return picture;
}

function unlike(a: LanesPicture, b: LanesPicture): number {
  const pixels = ({ context, width, height }: LanesPicture) => context.getImageData(0, 0, width, height).data;
  const other = pixels(b);
  return pixels(a).reduce((sum, value, i) => sum + (value === other[i] ? 0 : 1), 0);
}
