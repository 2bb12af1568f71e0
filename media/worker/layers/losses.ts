/** Lost records: a gap is drawn as a gap, hatched over every row of the process that lost them. */
import { hatchProcess } from './hatch.ts';
import type { LayerScene } from './layer.ts';

const MAX_LOSSES = 300;

export function drawLosses(scene: LayerScene): void {
  const hatch = { color: scene.theme.error, covers: true };
  let drawn = 0;
  for (const { process, sinceNs, untilNs } of scene.session.columns.losses) {
    if (drawn > MAX_LOSSES) return;
    if (hatchProcess(scene, process, { fromNs: sinceNs, toNs: untilNs }, hatch)) drawn++;
  }
}
