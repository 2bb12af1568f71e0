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
    const drawn = (zeroNs: number | null): number => {
      let texts = 0;
      const ignore = (): void => undefined;
      const context = {
        canvas: { width: 500, height: 22 },
        fillText: () => void texts++,
        ...{ fillRect: ignore, beginPath: ignore, moveTo: ignore, lineTo: ignore, stroke: ignore },
        measureText: () => ({ width: 10 }),
      };
      const view = new View();
      view.resize(500);
      const theme = { fontPx: 13, fontFamily: 'x', background: '', guide: '', muted: '' };
      const scene = { view, zeroNs, theme, ratio: 1, cursorPx: null, marks: [] };
      drawRuler(
        context as unknown as OffscreenCanvasRenderingContext2D,
        scene as unknown as Parameters<typeof drawRuler>[1],
      );
      return texts;
    };
    assert.equal(drawn(null), 0);
    assert.ok(drawn(0) > 2);
  });
});
