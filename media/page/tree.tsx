/**
 * The tree beside the picture. Only the visible rows are elements; each stands where the worker
 * drew its lane.
 */
import type { TreeRow, TreeRowState } from '../messages.ts';
import { Icon } from './icon.tsx';
import { sendToWorker } from './panel-link.ts';
import { tree, treeWidthPx } from './state.ts';

/** A lower row has no text. */
const MIN_TEXT_PX = 12;
const INDENT_PX = 8;
/** A narrower tree has no bars. */
const MIN_BAR_TREE_PX = 180;
/** A state is never shown by colour alone: glyph and word of each. */
const GLYPHS: Readonly<Record<TreeRowState, readonly [string, string]>> = {
  run: ['▶', 'running'],
  ready: ['◔', 'ready'],
  wait: ['◦', 'waiting'],
  ok: ['✓', 'finished'],
  error: ['✕', 'failed'],
  cancelled: ['⊘', 'cancelled'],
  'not-started': ['', ''],
  none: ['', ''],
};

/** States that go on until the end of the trace. */
const LIVING: ReadonlySet<TreeRowState> = new Set(['run', 'ready', 'wait']);

export function Tree() {
  const { rows, topPx } = tree.value;
  return (
    <div class="tree" role="tree" aria-label="Tasks" style={{ width: `${treeWidthPx.value}px` }}>
      {rows.map((row) => (
        <TreeLine key={row.key} row={row} topPx={topPx} />
      ))}
    </div>
  );
}

interface TreeLineProps {
  readonly row: TreeRow;
  readonly topPx: number;
}

function TreeLine({ row, topPx }: TreeLineProps) {
  const [glyph, stateWord] = GLYPHS[row.state];
  const wasLiving = row.isOver && LIVING.has(row.state);
  const words = wasLiving ? `was ${stateWord} at the end` : stateWord;
  const toggle = () => sendToWorker({ type: 'toggleRow', key: row.key });
  const select = () => sendToWorker({ type: 'selectRow', key: row.key });
  const isNarrow = treeWidthPx.value < MIN_BAR_TREE_PX;
  const hasBar = (row.kind === 'task' || row.kind === 'lane') && !isNarrow;
  return (
    <div
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={row.isCurrent}
      {...(row.expanded === null ? {} : { 'aria-expanded': row.expanded })}
      class={`tree-row ${row.kind}${row.isCurrent ? ' current' : ''}${row.height < MIN_TEXT_PX ? ' bare' : ''}`}
      style={{
        top: `${row.y - topPx}px`,
        height: `${row.height}px`,
        paddingLeft: `${4 + row.depth * INDENT_PX}px`,
      }}
      title={[row.fullName, row.hint, words].filter((part) => part !== '').join(' · ')}
      onClick={row.kind === 'ended' ? toggle : select}
    >
      {row.height >= MIN_TEXT_PX && (
        <>
          {/* Of a narrow tree the name needs the room where there is nothing to open. */}
          <span
            class={isNarrow && row.expanded === null ? 'twistie none' : 'twistie'}
            onClick={(event) => {
              if (row.expanded === null) return;
              event.stopPropagation();
              toggle();
            }}
          >
            {row.expanded !== null && <Icon name={row.expanded ? 'chevronDown' : 'chevronRight'} />}
          </span>
          <span class={`glyph ${row.state}`} aria-label={words}>
            {glyph}
          </span>
          <span class="names">
            <Label name={row.name} />
            <span class="hint">{row.hint}</span>
          </span>
        </>
      )}
      {hasBar && <Bar row={row} />}
    </div>
  );
}

/** The number that tells a task or a thread from others of its name is never cut off. */
function Label({ name }: { readonly name: string }) {
  const numberAt = name.search(/(?<=.)[#\-_. ]?\d{1,4}$/);
  const stem = numberAt < 0 ? name : name.slice(0, numberAt);
  return (
    <span class="label">
      <span class="stem">{stem}</span>
      {name.slice(stem.length)}
    </span>
  );
}

/** How the visible range of time divides into states. */
function Bar({ row }: { readonly row: TreeRow }) {
  const percent = (share: number) => `${Math.round(share * 1000) / 10}%`;
  const waits = percent(row.blocked + row.idle);
  const words = `runs ${percent(row.run)}, ready ${percent(row.ready)}, waits ${waits} of what is in view`;
  return (
    <span class="bar" title={words} aria-label={words}>
      <i class="run" style={{ width: percent(row.run) }} />
      <i class="ready" style={{ width: percent(row.ready) }} />
      <i class="blocked" style={{ width: percent(row.blocked) }} />
      <i class="idle" style={{ width: percent(row.idle) }} />
    </span>
  );
}
