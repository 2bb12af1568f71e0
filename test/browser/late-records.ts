/** Runs in a page: records that change what was painted before, and a minimap that lags. */
import { LanesPicture } from '../../media/worker/picture/lanes-picture.ts';
import { Minimap } from '../../media/worker/picture/minimap.ts';
import { Session } from '../../media/worker/session/session.ts';
import { View } from '../../media/worker/session/view.ts';
import type { Theme } from '../../media/messages.ts';
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';
import { fromText } from '../../runtime/trace/format/text.ts';

export interface LateRecordsReport {
  /** Values of pixels that changed when the wake was drawn. */
  readonly changed: number;
  /** Values unlike those of a picture that is painted afresh after the wake. */
  readonly stale: number;
  /**
   * What three calls of the minimap's `draw` returned: the first one, one too soon after more
   * records came, and one at the time that the second call asked for.
   */
  readonly minimapDelaysMs: readonly number[];
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
const theme = { background: '#000', run: '#00f', ready: '#ff0', blocked: '#f00', guide: '#444' } as Theme;

const RECORDS = fromText(`
  0 0 laneBegin osThread=1 kind=main
  0 0 activationBegin id=1 name="f" kind=async-function
  10 0 resourceBegin id=3 name="TCP" kind=io
  100 0 wait id=1 reason=future
  900 0 clock wall=1
  910 0 wake woken=1 resource=3
  920 0 run id=1
`);
/** The last two records are the wake and the run. */
const WAKE_AT = RECORDS.length - 2 * RECORD_BYTES;

export function run(): LateRecordsReport {
  const session = new Session(1, true);
  const view = new View();
  view.resize(400);
  view.fit(0, 1000);
  const scene = { session, view, topPx: 0, ratio: 1 };
  const pixelsOf = (picture: LanesPicture): Uint8ClampedArray => {
    picture.draw(scene);
    return picture.context.getImageData(0, 0, 400, 60).data;
  };
  session.feed(0, RECORDS.slice(0, WAKE_AT));
  session.layOutRows(18, true);
  const picture = newPicture();
  const minimap = new Minimap(new OffscreenCanvas(400, 40));
  const first = minimap.draw(session, view, theme, 1, 1000);
  const before = pixelsOf(picture);
  // As when records come: the tree stays the same, so that only what is new is painted.
  session.feed(0, RECORDS.slice(WAKE_AT));
  const tooSoon = minimap.draw(session, view, theme, 1, 1001);
  const inTime = minimap.draw(session, view, theme, 1, 1001 + tooSoon);
  const after = pixelsOf(picture);
  return {
    changed: countDifferences(before, after),
    stale: countDifferences(after, pixelsOf(newPicture())),
    minimapDelaysMs: [first, tooSoon, inTime],
  };
}

function newPicture(): LanesPicture {
  const picture = new LanesPicture(new OffscreenCanvas(400, 60), () => 0);
  picture.palette = palette;
  picture.resize(400, 60);
  return picture;
}

const countDifferences = (a: Uint8ClampedArray, b: Uint8ClampedArray): number =>
  a.reduce((sum, value, i) => sum + (value === b[i] ? 0 : 1), 0);
