import assert from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import { Class, CLASS_OF_CODE } from '../../runtime/trace/columns/classes.ts';
import { Columns } from '../../runtime/trace/columns/columns.ts';
import { Fold } from '../../runtime/trace/fold/fold.ts';
import { encodeBlock } from '../../runtime/trace/format/compact.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import { demoRecords } from '../support/demo-records.ts';
import { closeBrowser, openPanel, type PanelPage, VISIONS } from './harness.ts';
import { type Pixels, pixelsOf } from './pixels.ts';

const records = demoRecords();
const trace = new Trace();
const columns = new Columns(trace);
new Fold([columns], trace).feed(0, records);

const ROW_PX = 18;
const BAR_PX = { from: 2, to: 16 };
/** So much of the end of a span is looked at, where it has more: labels stand at the begin. */
const WIDTH_PX = { min: 9, max: 12 };

/** What the eye sees of a state without its colour. */
interface Shape {
  /** Share of the bar that is not background. */
  readonly filled: number;
  /** How much lightness changes from point to point along a line that is filled. */
  readonly striped: number;
}

async function showDemo(panel: PanelPage): Promise<void> {
  await panel.received('ready');
  await panel.send({ type: 'open', opening: 1, name: 'shop.ts', mode: 'file', recording: 'r1' });
  await panel.send({ type: 'block', opening: 1, part: 0, bytes: encodeBlock(records).slice().buffer });
  await panel.send({ type: 'end', opening: 1, words: '', stopped: false });
  await panel.page.getByRole('treeitem', { name: /loadConfig/ }).waitFor();
  await panel.page.locator('.lanes[aria-busy=false]').waitFor();
}

/** The mean shape of the spans of each state. */
async function shapes(panel: PanelPage): Promise<ReadonlyMap<number, Shape>> {
  const pixels = await pixelsOf(panel);
  const box = (await panel.page.locator('.lanes').boundingBox())!;
  const pxAt = (ns: number): number =>
    box.x + ((ns + trace.endNs * 0.015) / (trace.endNs * 1.03)) * box.width;
  const found = new Map<number, Shape[]>();
  for (let task = 1; task < trace.tasks.count; task++) {
    const top = Math.round(box.y + (1 + task) * ROW_PX);
    for (let i = 0; i < columns.rows.count(task); i++) {
      const { startNs, endNs, code } = columns.rows.span(task, i);
      const to = Math.floor(pxAt(endNs ?? startNs)) - 2;
      const from = Math.max(Math.ceil(pxAt(startNs)) + 2, to - WIDTH_PX.max);
      if (to - from < WIDTH_PX.min) continue;
      const spanClass = CLASS_OF_CODE[code]!;
      const shape = shapeOf(pixels, { from, to, top });
      found.set(spanClass, [...(found.get(spanClass) ?? []), shape]);
    }
  }
  const mean = (of: readonly Shape[], key: keyof Shape): number =>
    of.reduce((sum, shape) => sum + shape[key], 0) / of.length;
  return new Map(
    [...found].map(([spanClass, of]) => [
      spanClass,
      { filled: mean(of, 'filled'), striped: mean(of, 'striped') },
    ]),
  );
}

function shapeOf(pixels: Pixels, { from, to, top }: { from: number; to: number; top: number }): Shape {
  const background = pixels.lightness(pixels.width - 3, pixels.height - 60);
  let filled = 0;
  let steps = 0;
  let change = 0;
  for (let y = top + BAR_PX.from; y < top + BAR_PX.to; y++)
    for (let x = from; x < to; x++) {
      const light = pixels.lightness(x, y);
      if (Math.abs(light - background) < 12) continue;
      filled++;
      steps++;
      change += Math.abs(pixels.lightness(x + 1, y) - light);
    }
  return {
    filled: filled / ((to - from) * (BAR_PX.to - BAR_PX.from)),
    striped: steps === 0 ? 0 : change / steps,
  };
}

describe('The states in the picture, for those who see colours differently', function () {
  this.timeout(120_000);
  after(closeBrowser);

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const)
    it(`are told apart by shape and lightness alone: ${theme}`, async () => {
      const panel = await openPanel({ theme, size: { width: 1600, height: 500 } });
      await showDemo(panel);
      for (const vision of VISIONS) {
        await panel.setVision(vision);
        const seen = await shapes(panel);
        const words = `${vision}: ${JSON.stringify([...seen])}`;
        const [run, ready, blocked, idle] = [Class.run, Class.ready, Class.blocked, Class.idle].map((of) =>
          seen.get(of),
        ) as [Shape, Shape, Shape, Shape];
        assert.ok(run.filled > 0.9 && run.striped < 4, `running is solid, ${words}`);
        assert.ok(ready.filled > 0.4 && ready.filled < 0.8, `ready is lower, ${words}`);
        assert.ok(blocked.filled > 0.75 && blocked.striped > 6, `waiting for others is hatched, ${words}`);
        assert.ok(idle.filled < 0.35, `waiting for the world is a line, ${words}`);
      }
      await panel.close();
    });
});
