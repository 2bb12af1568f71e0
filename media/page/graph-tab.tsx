/**
 * The *Graph* tab: who waits for whom at a moment, from left to right. A cycle is a deadlock, and
 * red. Below it the same stands as a list, for those who cannot see the picture.
 */
import type { GraphEdge, GraphNode, GraphView } from '../messages.ts';
import type { PlacedGraph } from '../graph/main.ts';
import { loadGraphLayout, placeGraph } from './graph-layout.ts';
import { sendToWorker } from './panel-link.ts';
import { SentenceView } from './sentence-view.tsx';
import { graph } from './state.ts';

const NODE_HEIGHT_PX = 24;
const LETTER_PX = 7;
const MAX_LETTERS = 28;
const HEAD_PX = 6;
/** How far an edge that leads back hangs below the boxes. */
const BEND_PX = 30;

const cut = (label: string): string =>
  label.length <= MAX_LETTERS ? label : `${label.slice(0, MAX_LETTERS - 1)}…`;
const widthOf = ({ label }: GraphNode): number => cut(label).length * LETTER_PX + 20;
const show = (task: number) => () => sendToWorker({ type: 'followLink', target: { task } });

export function GraphTab() {
  loadGraphLayout();
  const view = graph.value;
  if (!view) return null;
  const placed = placeGraph.value?.(
    view.nodes.map((node) => ({ id: String(node.task), width: widthOf(node), height: NODE_HEIGHT_PX })),
    view.edges.map(({ from, to }) => ({ from: String(from), to: String(to) })),
  );
  return (
    <div class="prose">
      {view.words.map((sentence, i) => (
        <p key={i}>
          <SentenceView sentence={sentence} />
        </p>
      ))}
      {placed && view.nodes.length > 0 && <Picture view={view} placed={placed} />}
      <ul class="plain-list edges" aria-label="Who waits for whom">
        {view.edges.map((edge) => (
          <EdgeLine key={`${edge.from} ${edge.to} ${edge.label}`} edge={edge} nodes={view.nodes} />
        ))}
      </ul>
      {view.moreEdges > 0 && <p class="muted">and {view.moreEdges} more.</p>}
    </div>
  );
}

function EdgeLine({ edge, nodes }: { readonly edge: GraphEdge; readonly nodes: readonly GraphNode[] }) {
  const labelOf = (task: number): string => nodes.find((node) => node.task === task)?.label ?? '';
  return (
    <li class={edge.isCycle ? 'cycle' : ''}>
      <button type="button" class="link" onClick={show(edge.from)}>
        {labelOf(edge.from)}
      </button>
      {edge.label === '' ? ' waits for ' : ` waits for ${edge.label}, held by `}
      <button type="button" class="link" onClick={show(edge.to)}>
        {labelOf(edge.to)}
      </button>
    </li>
  );
}

function Picture({ view, placed }: { readonly view: GraphView; readonly placed: PlacedGraph }) {
  const at = (task: number) => placed.at.get(String(task)) ?? { x: 0, y: 0 };
  return (
    <svg class="graph" width={placed.width} height={placed.height + BEND_PX} aria-hidden="true">
      {view.edges.map((edge) => (
        <Edge key={`${edge.from} ${edge.to} ${edge.label}`} edge={edge} view={view} at={at} />
      ))}
      {view.nodes.map((node) => {
        const { x, y } = at(node.task);
        const width = widthOf(node);
        return (
          <g
            key={node.task}
            class={`node${node.isCycle ? ' cycle' : ''}${node.isWaiting ? '' : ' free'}`}
            onClick={show(node.task)}
          >
            <rect x={x - width / 2} y={y - NODE_HEIGHT_PX / 2} width={width} height={NODE_HEIGHT_PX} rx="3" />
            <text x={x} y={y + 4}>
              {cut(node.label)}
            </text>
            <title>{node.label}</title>
          </g>
        );
      })}
    </svg>
  );
}

interface EdgeProps {
  readonly edge: GraphEdge;
  readonly view: GraphView;
  readonly at: (task: number) => { readonly x: number; readonly y: number };
}

/** From the side of one box to the side of the other; the way back of a cycle bends away. */
function Edge({ edge, view, at }: EdgeProps) {
  const from = at(edge.from);
  const to = at(edge.to);
  const half = (task: number): number => widthOf(view.nodes.find((node) => node.task === task)!) / 2;
  const direction = to.x >= from.x ? 1 : -1;
  const x0 = from.x + direction * half(edge.from);
  const x1 = to.x - direction * half(edge.to);
  const bend = direction < 0 ? BEND_PX : 0;
  const y0 = from.y + (bend && 6);
  const y1 = to.y + (bend && 6);
  const middle = (x0 + x1) / 2;
  const tip = x1 - direction * HEAD_PX;
  return (
    <g class={edge.isCycle ? 'edge cycle' : 'edge'}>
      <path d={`M${x0},${y0} C${middle},${y0 + bend} ${middle},${y1 + bend} ${tip},${y1}`} fill="none" />
      <path class="head" d={`M${x1},${y1} L${tip},${y1 - 4} L${tip},${y1 + 4} Z`} />
      <text x={middle} y={(y0 + y1) / 2 + bend * 0.75 - 3}>
        {cut(edge.label)}
      </text>
    </g>
  );
}
