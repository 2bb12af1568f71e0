/** Times for which a process stood still: hatched over its rows, and what they waited for shows. */
import { hatchProcess } from './hatch.ts';
import type { LayerScene } from './layer.ts';

const MAX_STOPS = 300;

export function drawStops(scene: LayerScene): void {
  const hatch = { color: scene.theme.muted, covers: false };
  let drawn = 0;
  for (const { index, stops } of scene.session.trace.processes) {
    for (const stop of stops.all) {
      if (drawn > MAX_STOPS) return;
      if (hatchProcess(scene, index, stop, hatch)) drawn++;
    }
  }
}
