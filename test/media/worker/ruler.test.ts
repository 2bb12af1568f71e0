import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { View } from '../../../media/worker/session/view.ts';
import { drawRuler, roundStep, tickCount } from '../../../media/worker/picture/ruler.ts';

describe('the ticks of the ruler', () => {
  it('are as many as fit', () => {
    assert.equal(tickCount({ startNs: 0, endNs: 1000 }, 100), 10);
    assert.equal(tickCount({ startNs: 5, endNs: 5 }, 100), 0);
  });

  it('have a bound, wherever the view is', () => {
    const far = 2 ** 63;
    for (const endNs of [far + 4096, Number.POSITIVE_INFINITY, Number.NaN, -far])
      assert.ok(tickCount({ startNs: far, endNs }, roundStep(0.05)) <= 2000);
  });

  it('tell no time before anything is recorded', () => {
    assert.deepEqual(drawn({ zeroNs: null, nsPerPixel: 1000 }), []);
    assert.ok(drawn({ zeroNs: 0, nsPerPixel: 1000 }).length > 2);
  });

  it('are labelled in the unit of their step, also before the zero', () => {
    assert.deepEqual(drawn({ zeroNs: 1e6, nsPerPixel: 4000 }).slice(0, 3), ['−1,000 µs', '−500 µs', '0']);
    assert.deepEqual(drawn({ zeroNs: 0, nsPerPixel: 5e6 }).slice(0, 3), ['0', '500 ms', '1,000 ms']);
    assert.deepEqual(drawn({ zeroNs: 0, nsPerPixel: 2e10 }).slice(0, 2), ['0', '2,000 s']);
  });
});

/** The texts on a ruler of 500 pixels that begins at the time 0. */
function drawn({ zeroNs, nsPerPixel }: { zeroNs: number | null; nsPerPixel: number }): string[] {
  const texts: string[] = [];
  const ignore = (): void => undefined;
  const context = {
    canvas: { width: 500, height: 22 },
    fillText: (text: string) => void texts.push(text),
    ...{ fillRect: ignore, beginPath: ignore, moveTo: ignore, lineTo: ignore, stroke: ignore },
    measureText: () => ({ width: 10 }),
  };
  const view = new View();
  view.nsPerPixel = nsPerPixel;
  view.width = 500;
  const theme = { fontPx: 13, fontFamily: 'x', background: '', guide: '', muted: '' };
  const scene = { view, zeroNs, theme, ratio: 1, cursorPx: null, marks: [] };
  drawRuler(
    context as unknown as OffscreenCanvasRenderingContext2D,
    scene as unknown as Parameters<typeof drawRuler>[1],
  );
  return texts;
}
