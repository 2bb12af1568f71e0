/**
 * Loads the layout of graphs (media/graph/main.ts) when it is first needed. The content security
 * policy admits it by the nonce of the page's own script, beside which it stands.
 */
import { signal } from '@preact/signals';
import type { GraphLayout } from '../graph/main.ts';

const loadedLayout = (): GraphLayout | null =>
  (globalThis as { simulPlaceGraph?: GraphLayout }).simulPlaceGraph ?? null;

/** null: it is not loaded, or could not be. A page that stands alone has it from the start. */
export const placeGraph = signal<GraphLayout | null>(loadedLayout());

const own = document.currentScript as HTMLScriptElement | null;
let requested = false;

export function loadGraphLayout(): void {
  if (requested || own === null || placeGraph.value !== null) return;
  requested = true;
  const script = document.createElement('script');
  script.nonce = own.nonce;
  script.src = own.src.replace('panel.js', 'graph.js');
  script.addEventListener('load', () => {
    placeGraph.value = loadedLayout();
  });
  document.head.append(script);
}
