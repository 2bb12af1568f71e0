/**
 * Loads the layout of graphs (media/graph/main.ts) when it is first needed. The content security
 * policy admits it by the nonce of the page's own script, beside which it stands.
 */
import { signal } from '@preact/signals';
import type { GraphLayout } from '../graph/main.ts';

/** null: it is not loaded, or could not be. */
export const placeGraph = signal<GraphLayout | null>(null);

const own = document.currentScript as HTMLScriptElement | null;
let requested = false;

export function loadGraphLayout(): void {
  if (requested || own === null) return;
  requested = true;
  const script = document.createElement('script');
  script.nonce = own.nonce;
  script.src = own.src.replace('panel.js', 'graph.js');
  script.addEventListener('load', () => {
    placeGraph.value = (globalThis as { simulPlaceGraph?: GraphLayout }).simulPlaceGraph ?? null;
  });
  document.head.append(script);
}
