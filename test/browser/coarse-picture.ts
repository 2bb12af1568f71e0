/** Runs in a page: zooms a picture whose painting seems to take 20 ms each time, then lets it stand still. */
import { LanesPicture } from '../../media/worker/lanes-picture.ts';
import { Session } from '../../media/worker/session.ts';
import { View } from '../../media/worker/view.ts';
import { demoRecords } from '../support/demo-records.ts';

export interface Seen {
  /** Of each picture: whether it asked for another frame. */
  readonly zooming: readonly boolean[];
  readonly still: readonly boolean[];
  /** The same for zooms of which every other one took long, and for one after the picture was exact in time. */
  readonly hiccups: readonly boolean[];
  readonly recovered: boolean;
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
  let tookMs = 20;
  const slow = pictureOf(() => (nowMs += tookMs));
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
  const unlikeAtLast = unlike(slow, exact);
  const zoom = (picture: LanesPicture, ms: number): boolean => {
    tookMs = ms;
    view.zoom(137, 0.9, session.trace.endNs);
    return picture.draw(session, view, 0, 1);
  };
  const hiccuping = pictureOf(() => (nowMs += tookMs));
  const hiccups = [20, 6, 20, 6, 20, 6].map((ms) => zoom(hiccuping, ms));
  zoom(slow, 20);
  tookMs = 6;
  for (let i = 0; i < 4; i++) slow.draw(session, view, 0, 1);
  const recovered = !zoom(slow, 6);
  return { zooming, still, unlikeAtFirst, unlikeAtLast, hiccups, recovered };
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
