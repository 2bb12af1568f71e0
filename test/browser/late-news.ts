/** Runs in a page: records that change what was painted before, and a minimap that keeps its own pace. */
import { LanesPicture } from '../../media/worker/lanes-picture.ts';
import { Minimap } from '../../media/worker/minimap.ts';
import { Session } from '../../media/worker/session.ts';
import { View } from '../../media/worker/view.ts';
import type { Theme } from '../../media/messages.ts';
import { fromText } from '../../runtime/trace/format/text.ts';

export interface Seen {
  /** Pixels unlike those of a picture drawn anew, before and after the wake was drawn. */
  readonly changed: number;
  readonly unlike: number;
  /** What the minimap answered: drawn first, drawn again too soon after more came, and as late as it wished. */
  readonly minimap: readonly number[];
}

const palette = {
  background: 0xff000000,
  run: 0xffff0000,
  ready: 0xff00ffff,
  blocked: 0xff0000ff,
  idle: 0xff888888,
  mark: 0xff004400,
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
const BEFORE = RECORDS.length - 2 * 32;

export function run(): Seen {
  const session = new Session(1, true);
  const view = new View();
  view.resize(400);
  view.fit(0, 1000);
  const take = (from: number, to: number): void => {
    session.take(0, RECORDS.slice(from, to));
    session.arrange(18, true);
  };
  const drawn = (picture: LanesPicture): Uint8ClampedArray => {
    picture.draw(session, view, 0, 1);
    return picture.context.getImageData(0, 0, 400, 60).data;
  };
  take(0, BEFORE);
  const live = pictureOf();
  const minimap = new Minimap(new OffscreenCanvas(400, 40));
  const answers = [minimap.draw(session, view, theme, 1, 1000)];
  const before = drawn(live);
  // As records come: the tree stays the same, so only what is new is painted.
  session.take(0, RECORDS.slice(BEFORE));
  answers.push(minimap.draw(session, view, theme, 1, 1001));
  answers.push(minimap.draw(session, view, theme, 1, 1001 + answers[1]!));
  const after = drawn(live);
  const anew = drawn(pictureOf());
  return { changed: unlike(before, after), unlike: unlike(after, anew), minimap: answers };
}

function pictureOf(): LanesPicture {
  const picture = new LanesPicture(new OffscreenCanvas(400, 60), () => 0);
  picture.palette = palette;
  picture.resize(400, 60);
  return picture;
}

const unlike = (a: Uint8ClampedArray, b: Uint8ClampedArray): number =>
  a.reduce((sum, value, i) => sum + (value === b[i] ? 0 : 1), 0);
