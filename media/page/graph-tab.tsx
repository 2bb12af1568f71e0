/**
 * The *Graph* tab: who waits for whom at a moment, from left to right. A cycle is a deadlock, and
 * red. Below it the same stands as a list, for those who cannot see the picture.
 */
import type { GraphEdge, GraphNode, GraphView } from '../messages.ts';
import type { PlacedGraph, PlacedLine, Point } from '../graph/main.ts';
import { loadGraphLayout, placeGraph } from './graph-layout.ts';
import { sendToWorker } from './panel-link.ts';
import { SentenceView } from './sentence-view.tsx';
import { graph } from './state.ts';

const NODE_HEIGHT_PX = 24;
const LETTER_PX = 7;
const MAX_LETTERS = 28;
const HEAD_PX = 6;
const LABEL_HEIGHT_PX = 16;

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
    view.edges.map(({ from, to, label }) => ({
      from: String(from),
      to: String(to),
      width: label === '' ? 0 : cut(label).length * LETTER_PX + 8,
      height: label === '' ? 0 : LABEL_HEIGHT_PX,
    })),
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
    <svg class="graph" width={placed.width} height={placed.height} aria-hidden="true">
      {view.edges.map((edge, i) => (
        <Edge key={`${edge.from} ${edge.to} ${edge.label}`} edge={edge} line={placed.lines[i]!} />
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
  readonly line: PlacedLine;
}

/** From the side of one box to the side of the other; the label has a place of its own. */
function Edge({ edge, line: { points, label } }: EdgeProps) {
  const last = points.at(-1);
  const before = points.at(-2);
  if (!last || !before) return null;
  const turn = (Math.atan2(last.y - before.y, last.x - before.x) * 180) / Math.PI;
  return (
    <g class={edge.isCycle ? 'edge cycle' : 'edge'}>
      <path d={curveThrough(points)} fill="none" />
      <path
        class="head"
        d={`M0,0 L${-HEAD_PX},-4 L${-HEAD_PX},4 Z`}
        transform={`translate(${last.x},${last.y}) rotate(${turn})`}
      />
      <text x={label.x} y={label.y + 4}>
        {cut(edge.label)}
      </text>
    </g>
  );
}

/** The points in between pull the line towards themselves. */
function curveThrough(points: readonly Point[]): string {
  const [first, ...rest] = points.map(({ x, y }) => [x, y] as const);
  let path = `M${first!.join()}`;
  rest.forEach(([x, y], i) => {
    const next = rest[i + 1];
    if (next === undefined) path += ` L${x},${y}`;
    else path += ` Q${x},${y} ${(x + next[0]) / 2},${(y + next[1]) / 2}`;
  });
  return path;
}
