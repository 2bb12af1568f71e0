/**
 * What each mark of the picture means. The short legend stands beside the minimap where there is
 * room; the whole one is a part of the help. No state is told by colour alone: each mark here has a
 * shape of its own, drawn as the canvas draws it.
 */
import type { JSX } from 'preact';
import { helpOpen } from './state.ts';

interface Mark {
  /** Names the style of the sample (panel.css). */
  readonly sample: string;
  readonly words: string;
}

/** In the order in which they are looked for: states, then what stands out, then the rest. */
export const MARKS: readonly Mark[] = [
  { sample: 'run', words: 'runs; lower where it ran only a part of the time' },
  { sample: 'ready', words: 'could run, but another has the thread; dotted on top' },
  { sample: 'blocked', words: 'waits for another task, a lock, a queue, or for what is not known' },
  { sample: 'idle', words: 'waits for the world: a timer, I/O, a signal' },
  { sample: 'culprit', words: 'what the answer above the picture is about' },
  { sample: 'deadlock', words: 'waits in a deadlock: nothing can end it' },
  { sample: 'open-wait', words: 'was still waiting when the program ended' },
  { sample: 'failed', words: 'ended with an error, or was cancelled' },
  { sample: 'ended', words: 'ended' },
  { sample: 'began', words: 'began' },
  { sample: 'frame', words: 'in a function that the task called and awaited' },
  { sample: 'density', words: 'finished tasks of a folded row: how many lived, and what they did' },
  { sample: 'level', words: 'how full a queue or pool is, how many permits are taken; dashes: its capacity' },
  {
    sample: 'jobs',
    words:
      'jobs of a queue: active below, on them those that wait, hatched those that are held back; failed above',
  },
  { sample: 'path', words: 'the critical path (C)' },
  { sample: 'wake', words: 'who woke the selected task' },
  { sample: 'selected', words: 'selected' },
  { sample: 'found', words: 'found by the search' },
  { sample: 'mark', words: 'a time that you marked (M)' },
  { sample: 'lost', words: 'records are missing' },
  { sample: 'stopped', words: 'the process stood still' },
  { sample: 'doubt', words: 'of another machine: it began, or ended, somewhere in here' },
];

const SHORT: readonly (readonly [string, string])[] = [
  ['run', 'runs'],
  ['ready', 'ready'],
  ['blocked', 'waits for others'],
  ['idle', 'I/O, timers'],
];

export function ShortLegend() {
  return (
    <button type="button" class="legend" title="What the marks mean (?)" tabIndex={-1} onClick={openHelp}>
      {SHORT.map(([sample, words]) => (
        <span key={sample}>
          <i class={`swatch ${sample}`} /> <span class="legend-word">{words}</span>
        </span>
      ))}
    </button>
  );
}

const openHelp = (): void => void (helpOpen.value = true);

export function Legend(): JSX.Element {
  return (
    <ul class="marks" aria-label="Marks">
      {MARKS.map(({ sample, words }) => (
        <li key={sample}>
          <span class={`sample ${sample}`} aria-hidden="true">
            <i />
          </span>
          {words}
        </li>
      ))}
    </ul>
  );
}
