/** Runs in a page: zooms a picture that seems to take 20 ms each time, then lets it stand still. */
import { LanesPicture } from '../../media/worker/picture/lanes-picture.ts';
import { Session } from '../../media/worker/session/session.ts';
import { View } from '../../media/worker/session/view.ts';
import { demoRecords } from '../support/demo-records.ts';

export interface CoarsenessReport {
  /** For each picture while the view was zoomed: whether it asked for another frame. */
  readonly zooming: readonly boolean[];
  /** The same for each picture after the view stood still. */
  readonly still: readonly boolean[];
  /** The same while every other picture took long. */
  readonly hiccups: readonly boolean[];
  /** A zoom is exact again after an exact picture was painted in time. */
  readonly recovered: boolean;
  /** Values unlike those of an exact picture: when the zoom ends, and when the view stood still. */
  readonly differencesAfterZoom: number;
  readonly differencesAtRest: number;
}

const palette = {
  background: 0xff000000,
  run: 0xffff0000,
  ready: 0xff00ffff,
  blocked: 0xff0000ff,
  idle: 0xff888888,
  mark: 0xff004400,
  dots: 0xff000000,
};

export function run(): CoarsenessReport {
  const session = new Session(1, false);
  session.feed(0, demoRecords(40));
  session.layOutRows(18, true);
  const view = new View();
  view.resize(400);
  view.fit(0, session.trace.endNs);
  const scene = { session, view, topPx: 0, ratio: 1 };
  let nowMs = 0;
  let tookMs = 20;
  const slow = newPicture(() => (nowMs += tookMs));
  const zooming: boolean[] = [];
  for (let i = 0; i < 5; i++) {
    view.zoom(137, 0.9, session.trace.endNs);
    zooming.push(slow.draw(scene));
  }
  const exact = newPicture(() => 0);
  exact.draw(scene);
  const differencesAfterZoom = countDifferences(slow, exact);
  const still: boolean[] = [];
  for (let i = 0; i < 4; i++) still.push(slow.draw(scene));
  const differencesAtRest = countDifferences(slow, exact);
  const zoomTaking = (ms: number, picture: LanesPicture): boolean => {
    tookMs = ms;
    view.zoom(137, 0.9, session.trace.endNs);
    return picture.draw(scene);
  };
  const hiccuping = newPicture(() => (nowMs += tookMs));
  const hiccups = [20, 6, 20, 6, 20, 6].map((ms) => zoomTaking(ms, hiccuping));
  zoomTaking(20, slow);
  tookMs = 6;
  for (let i = 0; i < 4; i++) slow.draw(scene);
  const recovered = !zoomTaking(6, slow);
  return { zooming, still, differencesAfterZoom, differencesAtRest, hiccups, recovered };
}

function newPicture(now: () => number): LanesPicture {
  const picture = new LanesPicture(new OffscreenCanvas(400, 300), now);
  picture.palette = palette;
  picture.resize(400, 300);
  return picture;
}

function countDifferences(a: LanesPicture, b: LanesPicture): number {
  const pixels = ({ context, width, height }: LanesPicture) => context.getImageData(0, 0, width, height).data;
  const other = pixels(b);
  return pixels(a).reduce((sum, value, i) => sum + (value === other[i] ? 0 : 1), 0);
}
