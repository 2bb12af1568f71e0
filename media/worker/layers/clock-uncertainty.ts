/**
 * How far the times of another machine may be off, hatched where its processes begin and end: what
 * is shown within so much of something on the first machine may have come before or after it.
 */
import { hatchProcess } from './hatch.ts';
import type { LayerScene } from './layer.ts';

export function drawClockUncertainty(scene: LayerScene): void {
  const { processes, machines, endNs } = scene.session.trace;
  if (machines.count < 2) return;
  const style = { color: scene.theme.muted, covers: false };
  for (const process of processes) {
    const offNs = machines.get(process.machine)?.uncertaintyNs ?? 0;
    // Where nothing bounds it, the row's hint says so.
    if (offNs === 0 || offNs === Infinity) continue;
    for (const at of [process.startNs, process.endNs])
      if (at !== null)
        hatchProcess(
          scene,
          process.index,
          { fromNs: Math.max(0, at - offNs), toNs: Math.min(endNs, at + offNs) },
          style,
        );
  }
}
