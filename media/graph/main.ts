/**
 * Where the nodes of a small graph go: a script of its own, which the page loads when the first
 * graph is to be shown. It leaves one function at the page's global object.
 */
import { Graph, layout } from '@dagrejs/dagre';

/** Lengths are CSS pixels; `x` and `y` are a node's centre. */
export interface GraphBox {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}
export interface GraphLine {
  readonly from: string;
  readonly to: string;
}
export interface PlacedGraph {
  readonly width: number;
  readonly height: number;
  readonly at: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
}
export type GraphLayout = (boxes: readonly GraphBox[], lines: readonly GraphLine[]) => PlacedGraph;

const placeGraph: GraphLayout = (boxes, lines) => {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 70, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  for (const { from, to } of lines) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const at = new Map(
    boxes.map(({ id }) => {
      const { x = 0, y = 0 } = graph.node(id);
      return [id, { x, y }] as const;
    }),
  );
  return { width, height, at };
};

(globalThis as { simulPlaceGraph?: GraphLayout }).simulPlaceGraph = placeGraph;
