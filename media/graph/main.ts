/**
 * Where the nodes of a small graph go: a script of its own, which the page loads when the first
 * graph is to be shown. It leaves one function at the page's global object.
 */
import { Graph, layout } from '@dagrejs/dagre';

/** Lengths are CSS pixels; `x` and `y` are a centre. */
export interface GraphBox {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}
/** With the size of its label. Several lines may go from one box to another. */
export interface GraphLine {
  readonly from: string;
  readonly to: string;
  readonly width: number;
  readonly height: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface PlacedLine {
  /** From the edge of one box to the edge of the other. */
  readonly points: readonly Point[];
  /** Of the label, which covers no box and no other label. */
  readonly label: Point;
}
export interface PlacedGraph {
  readonly width: number;
  readonly height: number;
  readonly at: ReadonlyMap<string, Point>;
  /** In the order of the lines. */
  readonly lines: readonly PlacedLine[];
}
export type GraphLayout = (boxes: readonly GraphBox[], lines: readonly GraphLine[]) => PlacedGraph;

const placeGraph: GraphLayout = (boxes, lines) => {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 14, edgesep: 14, ranksep: 36, marginx: 8, marginy: 8 });
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  lines.forEach(({ from, to, width, height }, i) => {
    graph.setEdge(from, to, { width, height, labelpos: 'c' }, String(i));
  });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const at = new Map(
    boxes.map(({ id }) => {
      const { x = 0, y = 0 } = graph.node(id);
      return [id, { x, y }] as const;
    }),
  );
  const placed = lines.map(({ from, to }, i): PlacedLine => {
    const edge = graph.edge(from, to, String(i)) as Partial<PlacedLine & Point>;
    return { points: edge.points ?? [], label: { x: edge.x ?? 0, y: edge.y ?? 0 } };
  });
  return { width, height, at, lines: placed };
};

(globalThis as { simulPlaceGraph?: GraphLayout }).simulPlaceGraph = placeGraph;
